import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import { sayError } from '../api/problem';
import type { MyJudgement, MyWorkLine } from '../api/tasks';
import { nothingEarlier } from '../logic/earlier';
import { isTyping } from '../logic/keys';
import { when } from '../logic/time';
import { go } from '../router';
import { Correction } from '../task/correction';
import { areaField } from '../ui/field';
import type { FormContext } from '../ui/form/context';
import { Light } from '../ui/light';
import { badge, emptyState, loading, note, pageHead } from '../ui/pieces';
import { focusPanel } from '../ui/task/locate';
import { Marking } from '../ui/task/marking';
import { Submission } from '../ui/task/submission';
import { openPoints, wholeForm } from '../ui/task/whole-form';
import { toast } from '../ui/toast';
import '../styles/task.css';
import '../styles/reading.css';
import '../styles/form.css';
import '../styles/case.css';

const states: Record<MyWorkLine['state'], [string, 'good' | 'warn' | 'info']> = {
  handed_in: ['Handed in', 'good'], in_adjudication: ['With an adjudicator', 'warn'], adjudicated: ['Adjudicated', 'info'],
};

const address = (line: MyWorkLine) => `/mine/${encodeURIComponent(line.projectId)}/${encodeURIComponent(line.taskId)}`;

/** What one has handed in: a list, and each judgement as it stands, to be read again and, for a day, corrected. */
@customElement('he-mine')
export class MinePage extends Light {
  @property({ attribute: false }) wanted: { projectId?: string; taskId?: string } = {};
  @state() private lines: MyWorkLine[] | null = null;
  @state() private more = false;
  @state() private error = '';
  @state() private shown: Correction | null = null;
  @state() private editing = false;
  private readonly submission = new Submission(this);
  private readonly marking = new Marking(this, () => this.shown);

  private readonly changed = () => this.requestUpdate();

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || this.marking.edit || event.key.toLowerCase() !== 'p') return;
    const older = this.neighbour(1);
    if (older) go(address(older));
  };

  private readonly onLeave = (event: Event) => {
    if (this.editing && this.shown?.changed) event.preventDefault();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onKey);
    addEventListener('beforeunload', this.onLeave);
    void this.list();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
    removeEventListener('beforeunload', this.onLeave);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('wanted')) void this.open();
  }

  private async list(before?: string): Promise<void> {
    try {
      const page = await api.myWork(before);
      this.lines = before ? [...(this.lines ?? []), ...page.judgements] : page.judgements;
      this.more = page.more;
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private async open(): Promise<void> {
    const { projectId, taskId } = this.wanted;
    this.editing = false;
    this.error = '';
    this.shown = null;
    this.submission.reset();
    if (!projectId || !taskId) return;
    try {
      const mine: MyJudgement = await api.myJudgement(projectId, taskId);
      this.shown = new Correction(mine, await api.guideline(mine.task.guideline.id, mine.task.guideline.version));
      this.shown.addEventListener('change', this.changed);
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private neighbour(by: number): MyWorkLine | undefined {
    const at = (this.lines ?? []).findIndex(line => line.projectId === this.wanted.projectId && line.taskId === this.wanted.taskId);
    return at + by < 0 ? undefined : this.lines?.[at + by];
  }

  private edit(): void {
    this.editing = true;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('#correction-reason')?.focus());
  }

  private async handIn(): Promise<void> {
    const shown = this.shown!;
    if (!shown.reason.trim()) {
      toast('Say why you correct it.');
      return this.querySelector<HTMLElement>('#correction-reason')?.focus();
    }
    if ((await this.submission.run(shown)) === 'open') {
      await this.updateComplete;
      return focusPanel(this);
    }
    await Promise.all([this.open(), this.list()]);
    await this.updateComplete;
    toast('Corrected. The earlier version is kept.');
    this.querySelector<HTMLElement>('h1')?.focus();
  }

  private context(shown: Correction): FormContext {
    return {
      task: shown.mine.task, guideline: shown.guideline, judgement: shown.judgement, notices: this.editing ? this.submission.gates(shown) : [], errors: this.submission.errors(shown), pass: null, sources: [], earlier: nothingEarlier,
      update: (label, change, typingIn) => this.editing && shown.update(label, change, typingIn),
    };
  }

  private row(line: MyWorkLine): TemplateResult {
    const [label, tone] = states[line.state];
    return html`<tr><td><a href="#${address(line)}">${line.asked || 'A judgement'}</a></td><td data-head="Project">${line.projectName}</td><td data-head="Handed in">${when(line.submittedAt)}</td>
      <td>${badge(label, tone)}${line.corrections ? html` <span class="quiet">corrected ${line.corrections === 1 ? 'once' : `${line.corrections} times`}</span>` : nothing}</td>
      <td data-head="To correct until">${line.correctableUntil ? when(line.correctableUntil) : '–'}</td></tr>`;
  }

  private table(lines: MyWorkLine[]): TemplateResult {
    if (lines.length === 0) return emptyState('Nothing handed in yet', 'What you hand in is listed here, to be read again, and corrected for a day.', html`<a class="btn" href="#/">Go to Home</a>`);
    return html`<div class="table-wrap stacks" tabindex="0" role="region" aria-label="What you handed in"><table>
      <thead><tr><th scope="col">Asked</th><th scope="col">Project</th><th scope="col">Handed in</th><th scope="col">State</th><th scope="col">To correct until</th></tr></thead>
      <tbody>${lines.map(line => this.row(line))}</tbody></table></div>
      ${this.more ? html`<button class="btn" type="button" @click=${() => this.list(lines.at(-1)?.submittedAt)}>Older ones</button>` : nothing}`;
  }

  private one(shown: Correction): TemplateResult {
    const { line, earlier } = shown.mine;
    const context = this.context(shown);
    const [older, newer] = [this.neighbour(1), this.neighbour(-1)];
    return html`${pageHead('My judgement', html`${line.projectName}, handed in ${when(line.submittedAt)}. ${badge(...states[line.state])}`, html`
        ${older ? html`<a class="btn" href="#${address(older)}">Previous <kbd aria-hidden="true">P</kbd></a>` : nothing}${newer ? html`<a class="btn" href="#${address(newer)}">Next</a>` : nothing}
        <a class="btn" href="#/mine">All</a><a class="btn" href="#/task">Back to the tasks</a>`)}
      ${earlier.map(version => note(html`Corrected ${when(version.replacedAt)}: ${version.reason}`))}
      ${wholeForm({ writing: shown, context, marking: this.marking, editing: this.editing, head: this.correcting(shown) })}`;
  }

  private correcting(shown: Correction): TemplateResult | typeof nothing {
    const { line } = shown.mine;
    const { submission } = this;
    if (!line.correctableUntil) return nothing;
    if (!this.editing) return html`<div class="card row"><span>You can correct this until ${when(line.correctableUntil)}. The earlier version is kept.</span><button class="btn primary push" type="button" @click=${() => this.edit()}>Correct it</button></div>`;
    return html`<section class="card stack" aria-label="Correction">
      ${areaField({ id: 'correction-reason', label: 'Why you correct it', rows: 1, value: shown.reason, onInput: text => ((shown.reason = text), this.requestUpdate()) })}
      ${openPoints(this, shown, submission)}
      <div class="row"><button class="btn primary" type="button" ?disabled=${submission.busy} @click=${() => this.handIn()}>Hand in the correction</button>
        <button class="btn" type="button" @click=${() => toast(shown.undo())}>Undo</button><button class="btn" type="button" @click=${() => this.open()}>Leave it as it was</button></div>
    </section>`;
  }

  protected override render(): TemplateResult {
    const trouble = this.error ? note(this.error, 'bad', 'alert') : nothing;
    if (this.wanted.taskId) return html`${this.shown ? nothing : pageHead('My judgement')}${trouble}${this.shown ? this.one(this.shown) : this.error ? nothing : loading('the judgement')}`;
    return html`${pageHead('My work')}${trouble}${this.lines ? this.table(this.lines) : loading('what you handed in')}`;
  }
}
