import { html, nothing, svg, type TemplateResult } from 'lit';
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

/** From where to where a figure may lie, and the value that it is compared with. */
type Span = [from: number, to: number, mark?: number];
const shareSpan: Span = [0, 1];
const kappaSpan: Span = [-0.2, 1, 0];
const biasSpan: Span = [-2, 2, 0];

/** The interval and the value on a line so small that it fits beside them; the words say the same. */
function small({ value, low, high }: Estimate, [from, to, mark]: Span): TemplateResult {
  const at = (number: number) => (2 + ((Math.min(Math.max(number, from), to) - from) / (to - from)) * 60).toFixed(1);
  return html`<svg class="small-plot" viewBox="0 0 64 12" aria-hidden="true">${svg`<line class="axis" x1="2" x2="62" y1="6" y2="6"></line>
    ${mark === undefined ? nothing : svg`<line class="axis" x1=${at(mark)} x2=${at(mark)} y1="1" y2="11"></line>`}
    ${low === null || high === null ? nothing : svg`<line class="ci" x1=${at(low)} x2=${at(high)} y1="6" y2="6"></line>`}
    ${value === null ? nothing : svg`<circle cx=${at(value)} cy="6" r="3"></circle>`}`}</svg>`;
}

/** A figure with its interval and n, on a small line where it has a scale, or why there is none. */
export function figure(estimate: Estimate, show: (value: number) => string = fixed, span?: Span): TemplateResult {
  if (span && estimate.value !== null) return html`${small(estimate, span)} ${figure(estimate, show)}`;
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
        ['Agreement with others, κ', figure(person.kappa, fixed, kappaSpan)],
        ['Bias, points (above 0 is lenient)', figure(person.bias, fixed, biasSpan)],
        ['Gold: scores acceptable', figure(person.gold.accuracy, percent, shareSpan)],
        ['Gold: criticals found', figure(person.gold.sensitivity, percent, shareSpan)],
        ['Active time for one', figure(person.pace, seconds => duration(seconds))],
        ['Same score everywhere', figure(person.straightLining, percent, shareSpan)],
      ],
      below: html`${person.judged ? driftPlot(person.chart, `Drift: ${person.drift}`) : nothing}${own.length ? html`<ul class="links">${own.slice(0, 3).map(notice => html`<li>${notice.words}</li>`)}</ul>` : nothing}`,
      actions: html`<a class="btn small" href="#/raters/${this.project.projectId}/${person.personId}" aria-label="Look at ${person.name}">Look</a>`,
    };
  }

  private list(known: Known): TemplateResult {
    const { desk } = known;
    const shown = desk.raters.filter(person => found(this.words, person.name, person.pseudonym, person.credential?.degree)
      && (!this.wanted || (this.wanted === 'noticed' ? known.notices.some(notice => notice.personId === person.personId && notice.state !== 'done') : known.standing.get(person.personId)?.state === 'paused')));
    return html`<p class="quiet">Figures are over ${desk.whole ? 'all' : 'the last'} ${count(desk.judgements, 'judgement')} of the project${desk.since ? `, since ${dayAndTime(desk.since)}` : ''}; each is compared with the others on the same responses.
        <a href="#/raters/${this.project.projectId}/_standards">Path to production and checks</a></p>
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
