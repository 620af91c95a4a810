import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { oversight, type DetailJudgement, type ItemDetail } from '../../api/oversight';
import type { Me, Person } from '../../api/people';
import { Problem, sayError } from '../../api/problem';
import type { Project } from '../../api/projects';
import { actKinds, actWords, states } from '../../lead/acts';
import { count, number } from '../../lead/words';
import { nameOf, type Guideline } from '../../logic/guideline';
import type { DimensionKey, Judgement } from '../../logic/judgement';
import { dayAndTime, duration } from '../../logic/time';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, note } from '../../ui/pieces';
import { conversation } from '../../ui/reading/conversation';
import { marksOf } from '../../ui/reading/marks';
import '../../ui/reading/response-view';
import { factList } from '../../ui/records';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import '../../styles/reading.css';
import '../../styles/case.css';
import type { Acted, Acting } from './item-acts';
import './item-acts';

interface Known {
  detail: ItemDetail;
  guideline: Guideline;
  people: Person[];
}

/** One item with everything that was said about it and done to it. */
@customElement('he-item')
export class ItemPage extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @property() taskId = '';
  @state() private acting: Acting | null = null;
  @state() private done = '';
  private readonly known = new Load<Known>(this, 'the item', async () => {
    const [detail, people] = await Promise.all([oversight.item(this.project.projectId, this.taskId), api.people()]);
    return { detail, people, guideline: await api.guideline(detail.guideline.id, detail.guideline.version) };
  });

  private async acted({ done, refused }: Acted): Promise<void> {
    this.acting = null;
    this.done = done ? 'Done.' : `Not done${refused ? ': it changed in the meantime' : ''}.`;
    await this.known.run();
  }

  /** What an adjudicator decided becomes a reference that raters are handed unseen. */
  private async promote(): Promise<void> {
    try {
      const { version, unchanged } = await oversight.goldOfCase(this.project.projectId, this.taskId);
      this.done = unchanged ? 'It was gold in just this way before.' : `It is gold now${version > 1 ? `, version ${version}` : ''}. See Quality.`;
    } catch (error) {
      this.done = '';
      toast(`Not made gold: ${error instanceof Problem ? [error.detail, ...Object.values(error.errors).flat()].join(' ') : sayError(error)}`);
    }
  }

  private goldAddress(from = ''): string {
    return `#/items/${this.project.projectId}/${this.taskId}/gold${from && `:${from}`}`;
  }

  private name({ people }: Known, id: string): string {
    return people.find(person => person.personId === id)?.name ?? id;
  }

  private possible({ line }: ItemDetail): string[] {
    if (line.state === 'stopped') return line.stopped === 'danger' ? [] : ['restore'];
    const open = line.judged < line.overlap;
    return [...(open ? ['prioritise', 'reassign'] : []), ...(line.held ? ['release'] : []), 'add', ...(line.state === 'judged' ? ['refer'] : []), ...(line.judged ? ['reopen'] : []), 'cancel'];
  }

  private facts(known: Known): TemplateResult {
    const { line } = known.detail;
    const state = states.find(one => one.key === line.state)!;
    return html`<div class="stack"><div class="row">${badge(line.stopped ? `${state.name}: ${line.stopped}` : state.name, state.tone)}
        ${line.findings?.harm && line.findings.harm !== 'none' ? badge(`Harm: ${line.findings.harm}`, 'bad') : nothing}${line.findings?.critical ? badge('Critical error', 'bad') : nothing}</div>
      ${factList([
        ['Judged', `${line.judged} of ${line.overlap}`],
        ['Batch', html`<a href="#/batches/${this.project.projectId}/${line.batchId}">line ${number(line.line)}</a>`],
        ['Prompt', html`<code>${line.promptId}</code>`],
        ...(line.itemId ? [['Customer’s id', html`<code>${line.itemId}</code>`] as [string, TemplateResult]] : []),
        ...(known.detail.leases.length ? [['At work', known.detail.leases.map(lease => `${this.name(known, lease.rater)}, ${lease.isOver ? 'time is over' : `until ${dayAndTime(lease.expiresAt)}`}`).join('; ')] as [string, string]] : []),
      ])}
      <div class="row">${this.possible(known.detail).map(key => {
        const kind = actKinds.find(one => one.key === key)!;
        return html`<button class="btn small ${kind.danger ? 'danger' : ''}" type="button" @click=${() => (this.acting = { kind: key, taskIds: [this.taskId] })}>${kind.verb} …</button>`;
      })}<a class="btn small" href=${this.goldAddress()}>Write gold …</a></div></div>`;
  }

  private marks(judgements: DetailJudgement[], response: string) {
    return judgements.flatMap((made, index) => marksOf(made.judgement, response).map(mark => ({ ...mark, id: `${index + 1}-${mark.id}`, label: `${index + 1}: ${mark.label}` })));
  }

  private claims(list: Judgement['claims'], guideline: Guideline): TemplateResult[] {
    return list.map(claim => html`<p>${claim.critical ? '‼ ' : ''}“${claim.quote}” <strong>${nameOf(guideline.verdicts, claim.verdict)}</strong>${claim.correction ? html`<br>${claim.correction}` : nothing}
      ${claim.evidence.map(source => html`<br><span class="quiet">${source.tier} ${source.url && /^https?:/i.test(source.url) ? html`<a href=${source.url} target="_blank" rel="noopener noreferrer">${source.title || source.url}</a>` : source.title}${source.excerpt ? html`: “${source.excerpt}”` : nothing}</span>`)}</p>`);
  }

  /** Every judgement in a column of its own. */
  private judged(known: Known, response: string): TemplateResult {
    const { guideline, detail: { judgements } } = known;
    const of = <T extends { response: string }>(list: T[]) => list.filter(entry => entry.response === response);
    const row = (name: string, cell: (judgement: Judgement) => TemplateResult | TemplateResult[] | string) =>
      html`<tr><th scope="row">${name}</th>${judgements.map(made => html`<td>${cell(made.judgement)}</td>`)}</tr>`;
    return html`<div class="verdict table-wrap" tabindex="0" role="region" aria-label="Judgements of response ${response}"><table>
      <thead><tr><th scope="col">Response ${response}</th>${judgements.map((made, index) => html`<th scope="col">${index + 1}: ${this.name(known, made.rater)}</th>`)}</tr></thead>
      <tbody>
        ${guideline.dimensions.map(({ key, name }) => row(name, judgement => String(of(judgement.ratings)[0]?.[key as DimensionKey] ?? '–')))}
        ${row('Rationale', judgement => of(judgement.ratings)[0]?.rationale ?? '–')}
        ${row('Harm', judgement => nameOf(guideline.harm.extent, of(judgement.harm)[0]?.extent ?? null) || '–')}
        ${row('Claims', judgement => this.claims(of(judgement.claims), guideline))}
        ${row('Marks', judgement => of(judgement.spans).map(span => html`<p>${span.code}${span.severity ? ` (${span.severity})` : ''} “${span.quote ?? span.missingText}” ${span.comment}</p>`))}
      </tbody></table></div>`;
  }

  private who(known: Known): TemplateResult {
    return dataTable<DetailJudgement>('Judgements', [
      { head: 'No.', num: true, cell: made => known.detail.judgements.indexOf(made) + 1 },
      { head: 'Rater', rowHead: true, cell: made => html`${this.name(known, made.rater)} <code>${made.pseudonym}</code> ${made.simulated ? badge('simulated', 'violet') : nothing}` },
      { head: 'Handed in', cell: made => dayAndTime(made.submittedAt) },
      { head: 'Active', cell: made => duration(made.judgement.activeSeconds) },
      { head: 'Guideline', cell: made => `${made.guideline.id} v${made.guideline.version}${made.corrections ? `, corrected ${count(made.corrections, 'time')}` : ''}` },
      { head: 'Flags', cell: made => made.judgement.flags.map(flag => nameOf(known.guideline.flags, flag)).join(', ') || '–' },
      { head: 'Do', cell: made => html`<a class="btn small" href=${this.goldAddress(made.annotationId)} aria-label="Make gold … of the judgement of ${this.name(known, made.rater)}">Make gold …</a> <button class="btn small danger" type="button" aria-label="Set aside … the judgement of ${this.name(known, made.rater)}" @click=${() => (this.acting = { kind: 'reopen', taskIds: [this.taskId], annotationIds: [made.annotationId] })}>Set aside …</button>` },
    ], known.detail.judgements, 'Nobody has judged it yet.');
  }

  private rulings(known: Known): TemplateResult | typeof nothing {
    const open = known.detail.case;
    if (!open) return nothing;
    return html`<section class="stack" aria-labelledby="case-head"><h2 id="case-head">Adjudication</h2>
      <p>${open.settled ? `Settled by ${this.name(known, open.by ?? '')}, ${dayAndTime(open.at ?? '')}.` : 'It waits for an adjudicator.'}${open.referral ? ` Sent by hand: ${open.referral}` : ''}</p>
      ${open.settled ? html`<div><button class="btn small" type="button" @click=${() => this.promote()}>Make gold of what was settled</button></div>` : nothing}
      ${open.rulings.length ? dataTable('Decisions', [
        { head: 'Point', rowHead: true, cell: one => `${one.point.response ? `Response ${one.point.response}: ` : ''}${one.point.dimension ?? one.point.kind}${one.point.quote ? `, “${one.point.quote}”` : ''}` },
        { head: 'Said', cell: one => one.point.values.map(value => value ?? '–').join(' · ') },
        { head: 'Stands', cell: one => html`${one.final} ${one.overturned ? badge('overturned', 'warn') : nothing}` },
        { head: 'Why', cell: one => one.rationale },
      ], open.rulings) : nothing}</section>`;
  }

  private aside(known: Known): TemplateResult | typeof nothing {
    return known.detail.setAside.length === 0 ? nothing : dataTable<DetailJudgement>('Set aside: in no figure and no file from the next report on', [
      { head: 'Rater', rowHead: true, cell: made => this.name(known, made.rater) },
      { head: 'Handed in', cell: made => dayAndTime(made.submittedAt) },
      { head: 'Set aside', cell: made => `${dayAndTime(made.setAsideAt ?? '')} by ${this.name(known, made.setAsideBy ?? '')}` },
      { head: 'Why', cell: made => made.why ?? '' },
    ], known.detail.setAside);
  }

  private history(known: Known): TemplateResult | typeof nothing {
    return known.detail.history.length === 0 ? nothing : dataTable('History', [
      { head: 'What', rowHead: true, cell: act => actWords[act.kind] ?? act.kind },
      { head: 'Who and when', cell: act => `${this.name(known, act.by)}, ${dayAndTime(act.at)}` },
      { head: 'To whom', cell: act => (act.about ? this.name(known, act.about) : '–') },
      { head: 'Why', cell: act => act.why },
    ], known.detail.history);
  }

  protected override render(): TemplateResult {
    return html`<p class="back"><a href="#/items/${this.project.projectId}">← Items</a></p>
      ${this.known.show(known => html`<div class="stack">
        ${this.done ? note(this.done, 'good', 'status') : nothing}
        ${this.facts(known)}${this.who(known)}
        <div class="stack one-item">${conversation({ item: known.detail.item }, false)}
          ${known.detail.item.responses.map((response, index) => html`<section class="response" aria-labelledby="response-${response.key}-title">
            <h2 id="response-${response.key}-title">Response ${response.key} ${known.detail.models[index] ? html`<span class="quiet">${known.detail.models[index]}</span>` : nothing}</h2>
            <he-response fixed .response=${response} .marks=${this.marks(known.detail.judgements, response.key)} .language=${known.detail.item.language ?? 'en'}></he-response>
            ${known.detail.judgements.length ? this.judged(known, response.key) : nothing}</section>`)}</div>
        ${this.rulings(known)}${this.aside(known)}${this.history(known)}
      </div>
      <he-item-acts .project=${this.project.projectId} .about=${this.acting} .people=${known.people}
        @acted=${(event: CustomEvent<Acted>) => this.acted(event.detail)} @closed=${() => (this.acting = null)}></he-item-acts>`)}`;
  }
}
