import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import type { Case, Point } from '../api/adjudications';
import type { Me } from '../api/people';
import { sayError } from '../api/problem';
import { nameOf } from '../logic/guideline';
import { isTyping } from '../logic/keys';
import { optionsOf, titleOf } from '../logic/rulings';
import { CaseSession } from '../task/case-session';
import { judgementsOf } from '../ui/case/judgements';
import { dialog } from '../ui/dialog';
import { choices } from '../ui/form/choices';
import { Light } from '../ui/light';
import { badge, emptyState, loading, meter, note, pageHead } from '../ui/pieces';
import { conversation } from '../ui/reading/conversation';
import { marksOf } from '../ui/reading/marks';
import '../ui/reading/response-view';
import '../ui/task/guideline-drawer';
import { toast } from '../ui/toast';
import '../styles/task.css';
import '../styles/reading.css';
import '../styles/form.css';
import '../styles/case.css';

/** One case: what is disputed, what each judgement says and rests on, and the decision. */
@customElement('he-case')
export class CasePage extends Light {
  @property({ attribute: false }) me!: Me;
  @state() private session: CaseSession | null | undefined;
  @state() private error = '';
  @state() private busy = false;
  @state() private drawer = false;
  @state() private asking = false;
  @state() private reason: string | null = null;

  private readonly changed = () => this.requestUpdate();
  private readonly onKey = (event: KeyboardEvent) => this.key(event);

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onKey);
    void this.next();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
    this.put(null);
  }

  private put(session: CaseSession | null): void {
    this.session?.removeEventListener('change', this.changed);
    this.session?.stop();
    this.session = session;
    session?.addEventListener('change', this.changed);
  }

  private async next(): Promise<void> {
    this.error = '';
    try {
      const held = await api.nextCase();
      this.put(held && new CaseSession(held, await api.guideline(held.case.guideline.id, held.case.guideline.version), this.me.personId));
      scrollTo(0, 0);
      await this.updateComplete;
      this.querySelector<HTMLElement>('h1')?.focus();
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || this.asking || !this.session) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'Enter') void this.handIn();
    else if (command || event.altKey || isTyping(event.target)) return;
    else if (event.key.toLowerCase() === 'j') this.toOpen();
    else if (event.key.toLowerCase() === 'g') this.drawer = !this.drawer;
    else return;
    event.preventDefault();
  }

  /** To the first point that is not decided: its question, or the reason that it lacks. */
  private toOpen(): void {
    const { open, rulings } = this.session!;
    const point = open.points.find(one => !rulings[one.key]?.rationale?.trim() || (rulings[one.key]?.value === undefined && rulings[one.key]?.judgement === undefined));
    const box = point && this.querySelector<HTMLElement>(`[data-point="${CSS.escape(point.key)}"]`);
    if (!box) return this.querySelector<HTMLElement>('#case-hand-in')?.focus();
    const answered = rulings[point.key]?.value !== undefined || rulings[point.key]?.judgement !== undefined;
    box.querySelector<HTMLElement>(answered ? 'textarea' : 'input')?.focus();
    box.scrollIntoView({ block: 'center' });
  }

  private async handIn(): Promise<void> {
    const session = this.session!;
    if (session.done < session.open.points.length) {
      toast(`${session.open.points.length - session.done} points are not decided yet, each with its reason.`);
      return this.toOpen();
    }
    this.busy = true;
    try {
      await session.settle();
      await this.next();
      toast(this.session ? 'Handed in. Here is the next case.' : 'Handed in.');
    } catch (error) {
      this.error = sayError(error);
    } finally {
      this.busy = false;
    }
  }

  private async giveBack(): Promise<void> {
    this.asking = false;
    try {
      await this.session!.giveBack(this.reason ?? 'other');
      location.hash = '/';
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private get guideline() {
    return this.session!.guideline;
  }

  private said(point: Point, value: string | null): string {
    return value === null ? 'says nothing' : point.kind === 'case' ? value.split(', ').map(flag => nameOf(this.guideline.flags, flag)).join(', ') : nameOf(optionsOf(point, this.guideline), value);
  }

  private point(point: Point, open: Case): TemplateResult {
    const session = this.session!;
    const ruling = session.rulings[point.key] ?? {};
    const title = titleOf(point, this.guideline, open.item.responses.length > 1);
    const confirms = point.values.flatMap((value, index) => (value === null || point.kind === 'case' ? [] : [{ key: `judgement ${index + 1}`, name: `Judgement ${index + 1}: ${this.said(point, value)}` }]));
    const value = ruling.judgement === undefined ? (ruling.value ?? null) : `judgement ${ruling.judgement}`;
    return html`<section class="card point" aria-label=${title} data-point=${point.key}>
      <div class="row"><h3>${title}</h3><span class="push">${badge(this.guideline.flags.reduce((words, flag) => words.replace(flag.key, flag.name), point.reason), 'warn')}</span></div>
      ${point.quote ? html`<blockquote>${point.quote}</blockquote>` : nothing}
      ${point.values.some(said => said !== null) ? html`<p class="quiet">${point.values.map((said, index) => `Judgement ${index + 1}: ${this.said(point, said)}`).join(' · ')}</p>` : nothing}
      ${choices({ id: `decide-${point.key}`, legend: 'What stands', options: [...confirms, ...optionsOf(point, this.guideline)], value,
        onPick: key => session.rule(point, key?.startsWith('judgement ') ? { judgement: Number(key.slice(10)), value: undefined } : { judgement: undefined, value: key ?? undefined }) })}
      <label class="field"><span>Why, in a sentence</span><textarea .value=${ruling.rationale ?? ''} @input=${(event: InputEvent) => session.rule(point, { rationale: (event.target as HTMLTextAreaElement).value })}></textarea></label>
    </section>`;
  }

  private marks(open: Case, response: string) {
    return open.judgements.flatMap(entry => marksOf(entry.judgement, response).map(mark => ({ ...mark, id: `${entry.number}-${mark.id}`, label: `${entry.number}: ${mark.label}` })));
  }

  private letters(open: Case): TemplateResult | typeof nothing {
    const differing = open.judgements.filter(entry => entry.saw.some((letter, index) => letter !== open.item.responses[index]?.key));
    return differing.length === 0 ? nothing : note(html`Raters saw the responses under other letters, which their own words may use. ${differing.map(entry =>
      html`<div>Judgement ${entry.number}: ${entry.saw.map((letter, index) => `your ${open.item.responses[index]?.key} was their ${letter}`).join(', ')}.</div>`)}`);
  }

  private giveBackBox(): TemplateResult {
    return dialog({
      heading: 'Give this case back',
      open: this.asking,
      onClose: () => (this.asking = false),
      body: html`<div class="stack"><p>Another adjudicator will get it. What you decided here is deleted.</p>
        ${choices({ id: 'case-reason', legend: 'Why', options: this.guideline.releaseReasons, value: this.reason, onPick: key => (this.reason = key) })}</div>`,
      foot: html`<button class="btn" type="button" @click=${() => (this.asking = false)}>Keep it</button>
        <button class="btn danger" type="button" ?disabled=${this.reason === null} @click=${() => void this.giveBack()}>Give it back</button>`,
    });
  }

  private decisions(session: CaseSession): TemplateResult {
    const { open, done } = session;
    return html`<div class="stack">
      <h2>To decide</h2>
      <p class="quiet"><kbd>J</kbd> next open point · digits answer the point in focus · <kbd>G</kbd> guideline · <kbd>Ctrl</kbd> <kbd>Enter</kbd> hands in</p>
      ${open.points.map(point => this.point(point, open))}
      ${meter('Points decided', done, open.points.length)}
      <button class="btn primary big" id="case-hand-in" type="button" ?disabled=${this.busy || done < open.points.length} @click=${() => void this.handIn()}>Hand in</button>
      <p class="quiet" role="status">${session.saved}</p>
      <p class="quiet">The judgements stay as they were given; your decision is kept beside them.</p>
    </div>`;
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const trouble = this.error ? note(html`<span>${this.error}</span>${session ? nothing : html`<div><button class="btn small" type="button" @click=${() => this.next()}>Try again</button></div>`}`, 'bad', 'alert') : nothing;
    if (session === undefined) return html`${pageHead('Disagreements')}${this.error ? trouble : loading('the next case')}`;
    if (session === null) return html`${pageHead('Disagreements')}${trouble}${emptyState('Nothing to settle for you now', 'Cases appear when the last judgement of a task comes in and the judgements disagree.', html`<a class="btn" href="#/">Go to Home</a>`)}`;
    const { open, heartbeat } = session;
    const lost = heartbeat.status.kind === 'lost' ? heartbeat.status.detail : '';
    return html`${pageHead('Disagreements', html`${open.projectName} ${open.simulatedProject ? badge('Demo · simulated', 'violet') : nothing}`,
        html`<button class="btn" type="button" aria-pressed=${this.drawer} @click=${() => (this.drawer = !this.drawer)}>Guideline</button>
          <button class="btn" type="button" @click=${() => (this.asking = true)}>Give back</button>`)}
      ${trouble}${lost ? note(lost, 'bad', 'alert') : nothing}
      <div class="case">
        <div class="stack">
          ${conversation(open, false)}
          ${this.letters(open)}
          ${open.item.responses.map(response => html`<section class="response" aria-labelledby="response-${response.key}-title"><h2 id="response-${response.key}-title">Response ${response.key}</h2>
            <he-response fixed .response=${response} .marks=${this.marks(open, response.key)} .language=${open.item.language ?? 'en'}></he-response>
            ${judgementsOf(open, this.guideline, response.key)}</section>`)}
        </div>
        ${this.decisions(session)}
      </div>
      ${this.drawer ? html`<div class="case-drawer"><he-guideline .guideline=${this.guideline} .projectId=${open.projectId} @close=${() => (this.drawer = false)}></he-guideline></div>` : nothing}
      ${this.giveBackBox()}`;
  }
}
