import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import type { Case, CaseAssignment, Point } from '../api/adjudications';
import type { Me } from '../api/people';
import { sayError } from '../api/problem';
import { annotationId } from '../logic/annotation-id';
import { nameOf, type Guideline } from '../logic/guideline';
import { Heartbeat } from '../logic/heartbeat';
import { dimensionKeys } from '../logic/judgement';
import { decided, optionsOf, titleOf, type Rulings } from '../logic/rulings';
import { copyKey } from '../task/local-copy';
import { choices } from '../ui/form/choices';
import { Light } from '../ui/light';
import { badge, emptyState, loading, meter, note, pageHead } from '../ui/pieces';
import { conversation } from '../ui/reading/conversation';
import { marksOf } from '../ui/reading/marks';
import '../ui/reading/response-view';
import { toast } from '../ui/toast';
import '../styles/reading.css';
import '../styles/form.css';
import '../styles/case.css';

const later = (milliseconds: number, run: () => void) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** One case: what is disputed, what each judgement says, and the decision. */
@customElement('he-case')
export class CasePage extends Light {
  @property({ attribute: false }) me!: Me;
  @state() private held: CaseAssignment | null | undefined;
  @state() private rulings: Rulings = {};
  @state() private error = '';
  @state() private busy = false;
  private guideline!: Guideline;
  private heartbeat: Heartbeat | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.next();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.heartbeat?.stop();
  }

  private get key(): string {
    const { projectId, taskId } = this.held!.case;
    return copyKey(this.me.personId, projectId, `case ${taskId}`);
  }

  private async next(): Promise<void> {
    this.heartbeat?.stop();
    this.error = '';
    try {
      const held = await api.nextCase();
      if (held) this.guideline = await api.guideline(held.case.guideline.id, held.case.guideline.version);
      this.held = held;
      this.rulings = held ? this.kept() : {};
      if (held) this.heartbeat = new Heartbeat({ renew: () => api.renewCase(held.case.projectId, held.case.taskId, held.lease.leaseId), later, changed: () => this.requestUpdate() }, held.lease);
      scrollTo(0, 0);
    } catch (error) {
      this.error = sayError(error);
    }
  }

  /** What was decided before a reload; it stays on this device until the case is handed in. */
  private kept(): Rulings {
    try {
      return (JSON.parse(localStorage.getItem(this.key) ?? '{}') as { rulings?: Rulings }).rulings ?? {};
    } catch {
      return {};
    }
  }

  private rule(point: Point, change: Rulings[string]): void {
    this.rulings = { ...this.rulings, [point.key]: { ...this.rulings[point.key], ...change } };
    try {
      localStorage.setItem(this.key, JSON.stringify({ unsaved: true, rulings: this.rulings }));
    } catch {
      this.error = 'This device refuses to keep a copy of your draft. Hand the case in before you close this page.';
    }
  }

  private async handIn(): Promise<void> {
    const { lease, case: open } = this.held!;
    this.busy = true;
    try {
      await api.settle(open.projectId, open.taskId, await annotationId(lease.leaseId), lease.leaseId, decided(open, this.rulings));
      localStorage.removeItem(this.key);
      await this.next();
      toast(this.held ? 'Handed in. Here is the next case.' : 'Handed in.');
    } catch (error) {
      this.error = sayError(error);
    } finally {
      this.busy = false;
    }
  }

  private async giveBack(): Promise<void> {
    const { lease, case: open } = this.held!;
    try {
      await api.releaseCase(open.projectId, open.taskId, lease.leaseId, 'other');
      this.heartbeat?.stop();
      location.hash = '/';
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private said(point: Point, value: string | null): string {
    return value === null ? 'says nothing' : point.kind === 'case' ? value.split(', ').map(flag => nameOf(this.guideline.flags, flag)).join(', ') : nameOf(optionsOf(point, this.guideline), value);
  }

  private point(point: Point, open: Case): TemplateResult {
    const ruling = this.rulings[point.key] ?? {};
    const title = titleOf(point, this.guideline, open.item.responses.length > 1);
    const confirms = point.values.flatMap((value, index) => (value === null || point.kind === 'case' ? [] : [{ key: `judgement ${index + 1}`, name: `Judgement ${index + 1}: ${this.said(point, value)}` }]));
    const value = ruling.judgement === undefined ? (ruling.value ?? null) : `judgement ${ruling.judgement}`;
    return html`<section class="card point" aria-label=${title}>
      <div class="row"><h3>${title}</h3><span class="push">${badge(point.reason, 'warn')}</span></div>
      ${point.quote ? html`<blockquote>${point.quote}</blockquote>` : nothing}
      ${point.values.some(said => said !== null) ? html`<p class="quiet">${point.values.map((said, index) => `Judgement ${index + 1}: ${this.said(point, said)}`).join(' · ')}</p>` : nothing}
      ${choices({ id: `decide-${point.key}`, legend: 'What stands', options: [...confirms, ...optionsOf(point, this.guideline)], value,
        onPick: key => this.rule(point, key?.startsWith('judgement ') ? { judgement: Number(key.slice(10)), value: undefined } : { judgement: undefined, value: key ?? undefined }) })}
      <label class="field"><span>Why, in a sentence</span><textarea .value=${ruling.rationale ?? ''} @input=${(event: InputEvent) => this.rule(point, { rationale: (event.target as HTMLTextAreaElement).value })}></textarea></label>
    </section>`;
  }

  /** Every judgement in a column of its own. */
  private judgements(open: Case, response: string): TemplateResult {
    const of = <T extends { response: string }>(list: T[]) => list.filter(entry => entry.response === response);
    const row = (name: string, cell: (judgement: Case['judgements'][number]['judgement']) => TemplateResult | string) =>
      html`<tr><th scope="row">${name}</th>${open.judgements.map(entry => html`<td>${cell(entry.judgement)}</td>`)}</tr>`;
    return html`<div class="verdict table-wrap" tabindex="0" role="region" aria-label="Judgements of response ${response}"><table>
      <thead><tr><th scope="col">Response ${response}</th>${open.judgements.map(entry => html`<th scope="col">Judgement ${entry.number}</th>`)}</tr></thead>
      <tbody>
        ${dimensionKeys.map(key => row(nameOf(this.guideline.dimensions, key), judgement => String(of(judgement.ratings)[0]?.[key] ?? '–')))}
        ${row('Rationale', judgement => of(judgement.ratings)[0]?.rationale ?? '–')}
        ${row('Harm', judgement => nameOf(this.guideline.harm.extent, of(judgement.harm)[0]?.extent ?? null) || '–')}
        ${row('Claims', judgement => html`${of(judgement.claims).map(claim => html`<p>“${claim.quote}” ${nameOf(this.guideline.verdicts, claim.verdict)}${claim.correction ? `: ${claim.correction}` : ''}</p>`)}`)}
        ${row('Marks', judgement => html`${of(judgement.spans).map(span => html`<p>${span.code} “${span.quote ?? span.missingText}” ${span.comment}</p>`)}`)}
      </tbody></table></div>`;
  }

  private marks(open: Case, response: string) {
    return open.judgements.flatMap(entry => marksOf(entry.judgement, response).map(mark => ({ ...mark, id: `${entry.number}-${mark.id}`, label: `${entry.number}: ${mark.label}` })));
  }

  private letters(open: Case): TemplateResult | typeof nothing {
    const differing = open.judgements.filter(entry => entry.saw.some((letter, index) => letter !== open.item.responses[index]?.key));
    return differing.length === 0 ? nothing : note(html`Raters saw the responses under other letters, which their own words may use. ${differing.map(entry =>
      html`<div>Judgement ${entry.number}: ${entry.saw.map((letter, index) => `your ${open.item.responses[index]?.key} was their ${letter}`).join(', ')}.</div>`)}`);
  }

  protected override render(): TemplateResult {
    const trouble = this.error ? note(html`<span>${this.error}</span>${this.held ? nothing : html`<div><button class="btn small" type="button" @click=${() => this.next()}>Try again</button></div>`}`, 'bad', 'alert') : nothing;
    if (this.held === undefined) return html`${pageHead('Disagreements')}${this.error ? trouble : loading('the next case')}`;
    if (this.held === null) return html`${pageHead('Disagreements')}${trouble}${emptyState('Nothing to settle for you now', 'Cases appear when the last judgement of a task comes in and the judgements disagree.', html`<a class="btn" href="#/">Go to Home</a>`)}`;
    const open = this.held.case;
    const done = decided(open, this.rulings).length;
    const lost = this.heartbeat?.status.kind === 'lost' ? this.heartbeat.status.detail : '';
    return html`${pageHead('Disagreements', html`${open.projectName} ${open.simulatedProject ? badge('Demo · simulated', 'violet') : nothing}`, html`<button class="btn" type="button" @click=${() => this.giveBack()}>Give back</button>`)}
      ${trouble}${lost ? note(lost, 'bad', 'alert') : nothing}
      <div class="case">
        <div class="stack">
          <h2>To decide</h2>
          ${open.points.map(point => this.point(point, open))}
          ${meter('Points decided', done, open.points.length)}
          <button class="btn primary big" type="button" ?disabled=${this.busy || done < open.points.length} @click=${() => this.handIn()}>Hand in</button>
          <p class="quiet">Your draft is kept on this device. The judgements stay as they were given; your decision is kept beside them.</p>
        </div>
        <div class="stack">
          ${conversation(open, false)}
          ${this.letters(open)}
          ${open.item.responses.map(response => html`<section class="response" aria-labelledby="response-${response.key}-title"><h2 id="response-${response.key}-title">Response ${response.key}</h2>
            <he-response fixed .response=${response} .marks=${this.marks(open, response.key)} .language=${open.item.language ?? 'en'}></he-response>
            ${this.judgements(open, response.key)}</section>`)}
        </div>
      </div>`;
  }
}
