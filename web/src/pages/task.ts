import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import type { Me } from '../api/people';
import { sayError } from '../api/problem';
import { missing } from '../logic/completeness';
import { responseOfField } from '../logic/field-id';
import type { Span } from '../logic/judgement';
import { isTyping } from '../logic/keys';
import { taskCommand, type TaskCommand } from '../logic/task-keys';
import type { Mark } from '../logic/paint';
import { setAddress } from '../router';
import { Desk } from '../task/desk';
import { myKeys } from '../task/my-keys';
import type { TaskSession } from '../task/session';
import type { FormContext } from '../ui/form/context';
import { Light } from '../ui/light';
import type { Picked } from '../ui/reading/response-view';
import { dialogs, type DialogName } from '../ui/task/dialogs';
import '../ui/task/guideline-drawer';
import { closing, judgePane } from '../ui/task/judge-pane';
import { Listening } from '../ui/task/listening';
import { flashMark, focusField, focusList, focusNextQuestion, focusPanel, questionInFocus, toTop } from '../ui/task/locate';
import { Marking } from '../ui/task/marking';
import { noTask } from '../ui/task/no-task';
import { readingPane } from '../ui/task/reading-pane';
import '../ui/task/span-editor';
import type { PendingMark } from '../task/session';
import { Sides } from '../ui/task/sides';
import { trouble } from '../ui/task/status';
import { Submission } from '../ui/task/submission';
import { submitBar, submitPanel } from '../ui/task/submit-panel';
import { taskBar } from '../ui/task/task-bar';
import { toast } from '../ui/toast';
import '../styles/task.css';
import '../styles/reading.css';
import '../styles/form.css';

const columnsKey = 'healtheval:columns';

/** The page where the work is done: read on one side, judge on the other. */
@customElement('he-task')
export class TaskPage extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) wanted: { taskId?: string } = {};
  @state() private session: TaskSession | null | undefined;
  @state() private error = '';
  @state() private formPart = 'A';
  @state() private active = 'A';
  @state() private columns = localStorage.getItem(columnsKey) === 'yes';
  @state() private reveal = false;
  @state() private drawer = false;
  @state() private pass: string | null = null;
  @state() private unit: (Pick<Mark, 'start' | 'end' | 'kind'> & { response: string }) | null = null;
  @state() private box: DialogName = null;
  @state() private reason: string | null = null;
  private readonly submission = new Submission(this);
  private readonly marking = new Marking(this, () => this.session);
  private readonly sides = new Sides(this);
  private desk!: Desk;

  private readonly changed = () => this.requestUpdate();

  constructor() {
    super();
    new Listening(this, {
      key: event => this.key(event),
      sign: () => this.session?.touched(),
      online: () => void this.session?.queue.flush(),
      hidden: () => void this.session?.queue.flush(),
      shown: () => void this.session?.heartbeat.beat(),
      otherTab: event => this.session?.noticeOtherTab(event),
      leaving: () => this.session?.wouldLose ?? false,
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.desk = new Desk(this.me.personId);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.put(null);
    void this.desk.leave();
  }

  private async load(): Promise<void> {
    this.error = '';
    this.session = undefined;
    try {
      const wanted = this.wanted.taskId ?? null;
      const session = await this.desk.take(wanted);
      this.show(session);
      if (wanted && session && session.task.taskId !== wanted) toast('The task in the address is no longer yours. This is the next one.');
    } catch (error) {
      this.error = sayError(error);
    }
  }

  /** Takes the old task off the page and out of the timers, and puts the new one there. */
  private put(session: TaskSession | null): void {
    this.session?.removeEventListener('change', this.changed);
    void this.session?.queue.flush();
    this.session?.stop();
    this.session = session;
    session?.addEventListener('change', this.changed);
    session?.start();
  }

  private show(session: TaskSession | null): void {
    this.put(session);
    this.formPart = this.active = session?.keys[0] ?? 'A';
    this.sides.reset();
    this.pass = this.unit = null;
    this.box = this.reason = null;
    this.marking.edit = null;
    this.marking.restore(session?.keptMark() ?? null);
    this.submission.reset();
    void this.updateComplete.then(() => toTop(this));
    if (!session) return setAddress('/task');
    setAddress(`/task/${encodeURIComponent(session.task.projectId)}/${encodeURIComponent(session.task.taskId)}`);
    this.desk.fetchAhead(session);
  }

  private async next(): Promise<void> {
    try {
      this.show(await this.desk.next());
    } catch (error) {
      this.put(null);
      this.error = sayError(error);
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || this.box !== null || !this.session) return;
    const command = taskCommand(event, isTyping(event.target), myKeys());
    if (command === null || (this.marking.edit && command !== 'undo' && command !== 'redo')) return;
    event.preventDefault();
    this.run(command);
  }

  private run(command: TaskCommand): void {
    const session = this.session!;
    if (typeof command === 'object') return this.answerFirstOpen(command.digit);
    switch (command) {
      case 'help': return void (this.box = 'help');
      case 'undo': return toast(session.undo());
      case 'redo': return toast(session.redo());
      case 'submit': return void this.submit();
      case 'guideline': return void (this.drawer = !this.drawer);
      case 'reveal': return void (this.reveal = !this.reveal);
      case 'text': return this.toText();
      case 'judge': return this.toFirstOpen();
      case 'claims': return this.claimPass(this.active);
      case 'checklist': return this.toChecklist();
      case 'earlier': return void this.toEarlier();
      case 'previous': return this.turn(-1);
      case 'next': return this.turn(1);
    }
  }

  private turn(by: number): void {
    const { keys } = this.session!;
    const parts = keys.length > 1 ? [...keys, closing] : keys;
    this.open(parts[parts.indexOf(this.formPart) + by] ?? this.formPart);
  }

  /** Form and text go together: judging a response shows it. */
  private open(part: string): void {
    this.formPart = part;
    if (part !== closing) this.active = part;
  }

  private toText(): void {
    this.sides.show('read');
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#answer-${this.active}`)?.focus());
  }

  private toFirstOpen(): void {
    const open = missing(this.session!.judgement, this.session!.guideline);
    this.toField((open.find(entry => entry.response === this.active) ?? open[0])?.field ?? 'judgement.confidence');
  }

  /** A digit without a question in focus goes to the next open one of the part in view, and is that question's own from there. */
  private answerFirstOpen(digit: number): void {
    if (questionInFocus()) return;
    const asked = missing(this.session!.judgement, this.session!.guideline).filter(entry => /\.(ratings|harm|preference|confidence)\b/.test(entry.field));
    const inView = (response: string | null) => (this.formPart === closing ? response === null : response === this.active || (response === null && this.session!.keys.length === 1));
    const open = asked.find(entry => inView(entry.response));
    if (open) this.toField(open.field, control => control.dispatchEvent(new KeyboardEvent('keydown', { key: String(digit), bubbles: true, cancelable: true })));
  }

  /** After the last question of a part: the first open one of the next. */
  private answered(from: HTMLElement): void {
    void this.updateComplete.then(() => {
      if (focusNextQuestion(this, from) || this.session!.keys.length === 1 || this.formPart === closing) return;
      this.turn(1);
      void this.updateComplete.then(() => this.toFirstOpen());
    });
  }

  /** The judgement handed in last; the task in hand stays reserved and its draft kept. */
  private async toEarlier(): Promise<void> {
    try {
      const [last] = (await api.myWork()).judgements;
      location.hash = last ? `/mine/${encodeURIComponent(last.projectId)}/${encodeURIComponent(last.taskId)}` : '/mine';
    } catch (error) {
      toast(sayError(error));
    }
  }

  private toChecklist(): void {
    this.open(this.active);
    this.sides.show('judge');
    void this.updateComplete.then(() => focusList(this, `#behaviour-${this.active}`));
  }

  private claimPass(response: string | null): void {
    const before = this.pass;
    if (response) this.open(response);
    this.pass = response;
    this.unit = null;
    this.sides.show('judge');
    if (!response && before) void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#claim-pass-${before}`)?.focus());
  }

  /** Brings a field on screen wherever it is (part, side, closed section) and puts the focus into it. */
  private toField(path: string, then?: (control: HTMLElement) => void): void {
    const session = this.session!;
    const response = responseOfField(path, session.judgement as unknown as Record<string, { response: string }[]>);
    const onceOnly = /^judgement\.(preference|confidence|overall|flags|refinedPrompt|idealResponse)/.test(path);
    this.open(response ?? (onceOnly && session.keys.length > 1 ? closing : this.formPart));
    this.sides.show('judge');
    void this.updateComplete.then(() => focusField(this, path, then));
  }

  private picked(picked: Picked): void {
    this.open(picked.response);
    this.marking.pick(picked);
  }

  private markClicked(event: CustomEvent<string>): void {
    const [list, index] = event.detail.split('-');
    const near = this.querySelector(`[data-mark=${event.detail}]`)?.getBoundingClientRect() ?? null;
    if (list === 'spans') this.marking.existing(this.session!, Number(index), near);
    else this.toField(`judgement.claims[${index}]`);
  }

  /** A link that leads out of the page opens a source. */
  private clicked(event: Event): void {
    if ((event.target as HTMLElement).closest('a[target=_blank]')) this.session!.openedSource();
  }

  private jump(id: string): void {
    this.sides.show('read');
    void this.updateComplete.then(() => flashMark(this, id));
  }

  private async submit(): Promise<void> {
    if (this.marking.unfinished) {
      toast('A mark is not added yet. Add it or close its panel, then hand in.');
      return this.querySelector<HTMLElement>('.span-editor .primary')?.focus();
    }
    const outcome = await this.submission.run(this.session!);
    if (outcome === 'open') return this.toPanel();
    performance.mark('handed-in');
    await this.next();
    const done = outcome === 'waiting' ? 'Kept on this device; it is handed in as soon as the server can be reached.' : 'Handed in.';
    toast(this.session ? `${done} Here is the next task.` : done);
  }

  private toPanel(): void {
    this.sides.show('judge');
    void this.updateComplete.then(() => focusPanel(this));
  }

  private async giveBack(): Promise<void> {
    const reason = this.reason;
    this.box = null;
    if (!reason) return;
    try {
      await this.session!.release(reason);
      await this.next();
      toast('Given back.');
    } catch (error) {
      toast(`Not given back: ${sayError(error)}`);
    }
  }

  private async reclaim(): Promise<void> {
    if (await this.session!.reclaim()) return toast('The task is yours again.');
    const { status } = this.session!.heartbeat;
    toast(status.kind === 'lost' ? `Not got back: ${status.detail}` : 'Not got back: the server cannot be reached. Try again when it can.');
  }

  private context(session: TaskSession): FormContext {
    return {
      task: session.task, guideline: session.guideline, judgement: session.judgement,
      notices: this.submission.gates(session), errors: this.submission.errors(session),
      pass: this.pass, sources: session.sources,
      update: (label, change, typingIn) => session.update(label, change, typingIn),
    };
  }

  private reading(session: TaskSession): TemplateResult {
    const setColumns = (columns: boolean) => {
      localStorage.setItem(columnsKey, columns ? 'yes' : 'no');
      this.columns = columns;
    };
    return html`<section class="pane read" aria-label="Conversation and responses" tabindex="-1">
      ${readingPane(session, { active: this.active, columns: this.columns, reveal: this.reveal, spot: this.spot(), show: key => this.open(key), setColumns })}
    </section>`;
  }

  private spot(): { response: string; start: number; end: number; kind: string } | null {
    const { pending } = this.marking;
    return pending && pending.start !== null && pending.end !== null ? { response: pending.response, start: pending.start, end: pending.end, kind: 'pending' } : this.unit;
  }

  private judging(session: TaskSession): TemplateResult {
    const { submission } = this;
    const box = (event: Event) => (event.target as HTMLElement).getBoundingClientRect();
    return html`<section class="pane judge" aria-label="Your judgement" tabindex="-1"
      @add-omission=${(event: CustomEvent<string>) => this.marking.omission(event.detail, box(event))}
      @edit-span=${(event: CustomEvent<number>) => this.marking.existing(session, event.detail, box(event))}
      @jump=${(event: CustomEvent<string>) => this.jump(event.detail)}
      @claim-pass=${(event: CustomEvent<string | null>) => this.claimPass(event.detail)} @unit=${(event: CustomEvent<TaskPage['unit']>) => (this.unit = event.detail)}
      @rated-by-key=${(event: Event) => this.answered(event.target as HTMLElement)}>
      ${judgePane(session, this.context(session), this.formPart, part => this.open(part))}
      ${submission.asked ? submitPanel({
        missing: submission.missing(session), faults: submission.faults(), gates: submission.gates(session), acknowledged: submission.acknowledged, error: submission.error,
        toField: field => this.toField(field), acknowledge: (gate, yes) => submission.acknowledge(gate, yes),
        reasons: submission.reasons, explain: (gate, reason) => submission.explain(gate, reason),
      }) : nothing}
      ${submitBar(submission.missing(session).length, submission.busy, () => void this.submit())}
    </section>`;
  }

  private editor(session: TaskSession): TemplateResult | typeof nothing {
    const { marking } = this;
    if (!marking.edit) return nothing;
    return html`<he-span-editor .guideline=${session.guideline} .edit=${marking.edit} .used=${session.judgement.spans.map(span => span.code)}
      @typed=${(event: CustomEvent<Span>) => marking.typed(event.detail)} @save=${(event: CustomEvent<PendingMark>) => marking.save(session, event.detail)}
      @remove=${() => marking.remove(session, marking.edit?.index ?? null)} @claim=${(event: CustomEvent<PendingMark>) => this.toField(marking.claim(session, event.detail.span))}
      @cancel=${() => marking.close()} @drop=${() => marking.drop()} @go-on=${() => marking.goOn()}></he-span-editor>`;
  }

  protected override render(): TemplateResult {
    const { session } = this;
    if (!session) return noTask(session === undefined, this.error, () => void this.load());
    const side = (name: 'read' | 'judge', label: string) => html`<button type="button" aria-pressed=${this.sides.side === name} @click=${() => this.sides.show(name)}>${label}</button>`;
    return html`<div class="task" data-side=${this.sides.side} @click=${(event: Event) => this.clicked(event)} @picked=${(event: CustomEvent<Picked>) => this.picked(event.detail)} @mark-clicked=${(event: CustomEvent<string>) => this.markClicked(event)}>
      ${taskBar(session, this.reveal, this.drawer, {
        undo: () => this.run('undo'), redo: () => this.run('redo'), reveal: () => (this.reveal = !this.reveal),
        guideline: () => (this.drawer = !this.drawer), help: () => (this.box = 'help'), release: () => (this.box = 'release'),
      })}
      ${trouble(session, { compare: () => (this.box = 'compare'), reclaim: () => void this.reclaim(), next: () => void this.next(), retry: () => void session.queue.flush() })}
      <div class="segmented side-switch" role="group" aria-label="Show">${side('read', 'Read')}${side('judge', 'Judge')}</div>
      <div class="panes">
        ${this.reading(session)}
        ${this.judging(session)}
        ${this.drawer ? html`<he-guideline .guideline=${session.guideline} @close=${() => (this.drawer = false)}></he-guideline>` : nothing}
      </div>
      ${this.editor(session)}
      ${dialogs(session, { open: this.box, reason: this.reason, close: () => (this.box = null), setReason: reason => (this.reason = reason), release: () => void this.giveBack(), redraw: () => this.requestUpdate() })}
    </div>`;
  }
}
