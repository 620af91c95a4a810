import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { raters, type Notice, type RaterDesk, type RaterLine, type Standing } from '../../api/raters';
import type { Estimate, Project } from '../../api/projects';
import { fixed, percent, sayEstimate } from '../../lead/estimate';
import { credentialWords } from '../../lead/person-draft';
import { count, number, spelled } from '../../lead/words';
import { found } from '../../logic/search';
import { dayAndTime, duration } from '../../logic/time';
import { selectField, textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { driftPlot } from './drift-plot';

interface Known {
  desk: RaterDesk;
  standing: Map<string, Standing>;
  notices: Notice[];
}

/** A figure with its interval and n, or why there is none. */
export function figure(estimate: Estimate, show: (value: number) => string = fixed): TemplateResult {
  return estimate.value === null ? html`<span class="quiet">${sayEstimate(estimate)}</span>` : html`<strong class="num">${show(estimate.value)}</strong> <span class="quiet">${sayEstimate(estimate, show).replace(/^[^,]*,? ?/, '')} n ${estimate.n}</span>`;
}

export function stateBadge(person: RaterLine, standing: Standing | undefined): TemplateResult {
  if (!person.active) return badge('Inactive', 'warn');
  const state = standing?.state ?? 'active';
  return state === 'paused' ? badge('Paused', 'bad') : state === 'active' ? badge('Active', 'good') : badge(`At: ${spelled(state).toLowerCase()}`, 'info');
}

/** Everybody who judges in a project, with what is known of how they judge. */
@customElement('he-raters')
export class Raters extends Light {
  @property({ attribute: false }) project!: Project;
  @state() private words = '';
  @state() private wanted = '';
  private readonly known = new Load<Known>(this, 'the raters', async () => {
    const id = this.project.projectId;
    const [desk, standing, notices] = await Promise.all([raters.list(id), raters.standing(id), raters.notices(id)]);
    return { desk, notices, standing: new Map((standing ?? []).map(one => [one.personId, one])) };
  });

  private entry(person: RaterLine, { standing, notices }: Known): Entry {
    const own = notices.filter(notice => notice.personId === person.personId && notice.state !== 'done' && notice.kind === 'notice');
    const stands = standing.get(person.personId);
    return {
      title: html`<a href="#/raters/${this.project.projectId}/${person.personId}">${person.name}</a>`,
      badges: html`${stateBadge(person, stands)}${person.simulated ? badge('Simulated', 'violet') : nothing}${own.length ? badge(count(own.length, 'notice'), 'warn') : nothing}${stands?.capPerDay ? badge(`At most ${stands.capPerDay} a day`) : nothing}`,
      text: html`<code>${person.pseudonym}</code>${person.credential ? html` · ${credentialWords(person.credential)}` : nothing}${person.lastAt ? html` · last judgement ${dayAndTime(person.lastAt)}` : nothing}`,
      facts: person.judged + person.gold.items === 0 ? [['Judgements', 'none yet']] : [
        ['Judgements', number(person.judged)],
        ['Agreement with others, κ', figure(person.kappa)],
        ['Bias, points (above 0 is lenient)', figure(person.bias)],
        ['Gold: scores acceptable', figure(person.gold.accuracy, percent)],
        ['Gold: criticals found', figure(person.gold.sensitivity, percent)],
        ['Active time for one', figure(person.pace, seconds => duration(seconds))],
        ['Same score everywhere', figure(person.straightLining, percent)],
      ],
      below: html`${person.judged ? driftPlot(person.chart, `Drift: ${person.drift}`) : nothing}${own.length ? html`<ul class="links">${own.slice(0, 3).map(notice => html`<li>${notice.words}</li>`)}</ul>` : nothing}`,
      actions: html`<a class="btn small" href="#/raters/${this.project.projectId}/${person.personId}" aria-label="Look at ${person.name}">Look</a>`,
    };
  }

  private list(known: Known): TemplateResult {
    const { desk } = known;
    const shown = desk.raters.filter(person => found(this.words, person.name, person.pseudonym, person.credential?.degree)
      && (!this.wanted || (this.wanted === 'noticed' ? known.notices.some(notice => notice.personId === person.personId && notice.state !== 'done') : known.standing.get(person.personId)?.state === 'paused')));
    return html`<p class="quiet">Figures are over ${desk.whole ? 'all' : 'the last'} ${count(desk.judgements, 'judgement')} of the project${desk.since ? `, since ${dayAndTime(desk.since)}` : ''}; each is compared with the others on the same responses.</p>
      <form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
        ${textField({ id: 'raters-words', label: 'Find', type: 'search', value: this.words, placeholder: 'Name, pseudonym, degree', onInput: words => (this.words = words) })}
        ${selectField({ id: 'raters-state', label: 'Who', value: this.wanted, choices: [{ key: 'noticed', name: 'With an open notice' }, { key: 'paused', name: 'Paused' }], none: 'Everybody', onInput: wanted => (this.wanted = wanted) })}
        <p class="quiet push" role="status">${count(shown.length, 'person', 'people')}</p>
      </form>
      ${shown.length ? records('Raters', shown.map(person => this.entry(person, known))) : emptyState('Nobody', desk.raters.length ? 'Nobody fits.' : 'Nobody judges in this project yet.', html`<a class="btn" href="#/people">People</a>`)}`;
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">${this.known.show(known => this.list(known))}</div>`;
  }
}
