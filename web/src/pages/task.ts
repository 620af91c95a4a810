import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import type { Me } from '../api/people';
import { sayError } from '../api/problem';
import { codePoints } from '../logic/code-points';
import type { Span } from '../logic/judgement';
import { isTyping } from '../logic/keys';
import { taskCommand, type TaskCommand } from '../logic/task-keys';
import { setAddress } from '../router';
import { Desk } from '../task/desk';
import { myKeys } from '../task/my-keys';
import { chooseProject, chosenProject } from '../task/my-project';
import type { PendingMark, TaskSession } from '../task/session';
import type { FormContext } from '../ui/form/context';
import { Light } from '../ui/light';
import type { Picked } from '../ui/reading/response-view';
import type { Passage } from '../ui/task/ask';
import { dialogs, type DialogName } from '../ui/task/dialogs';
import '../ui/task/guideline-drawer';
import { judgePane } from '../ui/task/judge-pane';
import { Listening } from '../ui/task/listening';
import { toTop } from '../ui/task/locate';
import { Marking } from '../ui/task/marking';
import { noTask } from '../ui/task/no-task';
import { readingPane } from '../ui/task/reading-pane';
import '../ui/task/span-editor';
import { trouble } from '../ui/task/status';
import { Submission } from '../ui/task/submission';
import { submitBar, submitPanel } from '../ui/task/submit-panel';
import { taskBar } from '../ui/task/task-bar';
import { Whereabouts, type Spot } from '../ui/task/whereabouts';
import { toast } from '../ui/toast';
import '../styles/task.css';
import '../styles/reading.css';
import '../styles/form.css';

const kept = { columns: 'healtheval:columns', together: 'healtheval:together', doses: 'healtheval:doses' };

/** The page where the work is done: read on one side, judge on the other. */
@customElement('he-task')
export class TaskPage extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) wanted: { taskId?: string } = {};
  @state() private session: TaskSession | null | undefined;
  @state() private error = '';
  @state() private columns = localStorage.getItem(kept.columns) === 'yes';
  @state() private together = localStorage.getItem(kept.together) === 'yes';
  @state() private doses = localStorage.getItem(kept.doses) === 'yes';
  @state() private reveal = false;
  @state() private drawer = false;
  @state() private box: DialogName = null;
  @state() private reason: string | null = null;
  @state() private note = '';
  private readonly submission = new Submission(this);
  private readonly marking = new Marking(this, () => this.session);
  private readonly place = new Whereabouts(this, () => this.session!);
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
    this.desk = new Desk(this.me.personId, chosenProject(this.me.personId) ?? undefined);
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
    this.place.reset(session?.keys[0] ?? 'A');
    this.box = this.reason = null;
    this.note = '';
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
    const boxed = this.box !== null && this.querySelector('dialog[open]') !== null; // a box is gone before it says so
    if (event.defaultPrevented || boxed || !this.session) return;
    const command = taskCommand(event, isTyping(event.target), myKeys());
    if (command === null || (this.marking.edit && command !== 'undo' && command !== 'redo')) return;
    event.preventDefault();
    this.run(command);
  }

  private run(command: TaskCommand): void {
    const session = this.session!;
    if (typeof command === 'object') return this.place.answerFirstOpen(command.digit);
    switch (command) {
      case 'help': return void (this.box = 'help');
      case 'undo': return toast(session.undo());
      case 'redo': return toast(session.redo());
      case 'submit': return void this.submit();
      case 'guideline': return void (this.drawer = !this.drawer);
      case 'reveal': return void (this.reveal = !this.reveal);
      case 'doses': return this.keep('doses', !this.doses);
      case 'ask': return void (this.box = 'ask');
      case 'text': return this.place.toText();
      case 'judge': return this.place.toFirstOpen();
      case 'claims': return this.place.claimPass(this.place.active);
      case 'checklist': return this.place.toChecklist();
      case 'earlier': return void this.toEarlier();
      case 'previous': return this.place.turn(-1);
      case 'next': return this.place.turn(1);
    }
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

  private picked(picked: Picked): void {
    this.place.open(picked.response);
    this.marking.pick(picked);
  }

  private markClicked(event: CustomEvent<string>): void {
    const [list, index] = event.detail.split('-');
    const near = this.querySelector(`[data-mark=${event.detail}]`)?.getBoundingClientRect() ?? null;
    if (list === 'spans') this.marking.existing(this.session!, Number(index), near);
    else this.place.toField(`judgement.claims[${index}]`);
  }

  /** A link that leads out of the page opens a source. */
  private clicked(event: Event): void {
    if ((event.target as HTMLElement).closest('a[target=_blank]')) this.session!.openedSource();
  }

  private async submit(): Promise<void> {
    if (this.marking.unfinished) {
      toast('A mark is not added yet. Add it or close its panel, then hand in.');
      return this.querySelector<HTMLElement>('.span-editor .primary')?.focus();
    }
    const outcome = await this.submission.run(this.session!);
    if (outcome === 'open') return this.place.toPanel();
    performance.mark('handed-in');
    await this.next();
    const done = outcome === 'waiting' ? 'Kept on this device; it is handed in as soon as the server can be reached.' : 'Handed in.';
    toast(this.session ? `${done} Here is the next task.` : done);
  }

  private async giveBack(): Promise<void> {
    const reason = this.reason;
    this.box = null;
    if (!reason) return;
    try {
      await this.session!.release(reason, this.note.trim());
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

  /** A way of looking at the text, remembered on this device. */
  private keep(name: keyof typeof kept, yes: boolean): void {
    localStorage.setItem(kept[name], yes ? 'yes' : 'no');
    this[name] = yes;
  }

  /** What a question would be pinned to: the selected text, or the unit of the claim pass. */
  private passage(): Passage | null {
    const at = this.marking.edit?.span ?? this.place.unit;
    if (!at || at.start === null || at.end === null) return null;
    const text = this.session!.task.item.responses.find(response => response.key === at.response)?.text ?? '';
    return { response: at.response, start: at.start, end: at.end, quote: codePoints(text).slice(at.start, at.end) };
  }

  private context(session: TaskSession): FormContext {
    return {
      task: session.task, guideline: session.guideline, judgement: session.judgement,
      notices: this.submission.gates(session), errors: this.submission.errors(session),
      pass: this.place.pass, sources: session.sources, earlier: session.earlier,
      update: (label, change, typingIn) => session.update(label, change, typingIn),
    };
  }

  private reading(session: TaskSession): TemplateResult {
    return html`<section class="pane read" aria-label="Conversation and responses" tabindex="-1">
      ${readingPane(session, {
        active: this.place.active, columns: this.columns, together: this.together, reveal: this.reveal, doses: this.doses, spot: this.spot(), show: key => this.place.open(key),
        setColumns: columns => this.keep('columns', columns), setTogether: together => this.keep('together', together), differences: () => (this.box = 'differences'),
      })}
    </section>`;
  }

  private spot(): Spot | null {
    const { pending } = this.marking;
    return pending && pending.start !== null && pending.end !== null ? { response: pending.response, start: pending.start, end: pending.end, kind: 'pending' } : this.place.unit;
  }

  private judging(session: TaskSession): TemplateResult {
    const { submission } = this;
    const box = (event: Event) => (event.target as HTMLElement).getBoundingClientRect();
    return html`<section class="pane judge" aria-label="Your judgement" tabindex="-1"
      @add-omission=${(event: CustomEvent<string>) => this.marking.omission(event.detail, box(event))}
      @edit-span=${(event: CustomEvent<number>) => this.marking.existing(session, event.detail, box(event))}
      @jump=${(event: CustomEvent<string>) => this.place.jump(event.detail)}
      @claim-pass=${(event: CustomEvent<string | null>) => this.place.claimPass(event.detail)} @unit=${(event: CustomEvent<Spot | null>) => this.place.setUnit(event.detail)}
      @focusin=${(event: Event) => this.place.look((event.target as HTMLElement).closest<HTMLElement>('.grid-cell')?.dataset['response'])}
      @rated-by-key=${(event: Event) => this.place.answered(event.target as HTMLElement)}>
      ${judgePane(session, this.context(session), this.place.part, part => this.place.open(part))}
      ${submission.asked ? submitPanel({
        missing: submission.missing(session), faults: submission.faults(), gates: submission.gates(session), acknowledged: submission.acknowledged, error: submission.error,
        toField: field => this.place.toField(field), acknowledge: (gate, yes) => submission.acknowledge(gate, yes),
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
      @remove=${() => marking.remove(session, marking.edit?.index ?? null)} @claim=${(event: CustomEvent<PendingMark>) => this.place.toField(marking.claim(session, event.detail.span))} @ask=${() => (this.box = 'ask')}
      @cancel=${() => marking.close()} @drop=${() => marking.drop()} @go-on=${() => marking.goOn()}></he-span-editor>`;
  }

  private without(): TemplateResult {
    const only = chosenProject(this.me.personId) !== null;
    const all = () => {
      chooseProject(this.me.personId, null);
      this.desk = new Desk(this.me.personId);
      void this.load();
    };
    return noTask(this.session === undefined, this.error, () => void this.load(), only ? all : null);
  }

  protected override render(): TemplateResult {
    const { session } = this;
    if (!session) return this.without();
    const side = (name: 'read' | 'judge', label: string) => html`<button type="button" aria-pressed=${this.place.sides.side === name} @click=${() => this.place.sides.show(name)}>${label}</button>`;
    return html`<div class="task" data-side=${this.place.sides.side} @click=${(event: Event) => this.clicked(event)} @picked=${(event: CustomEvent<Picked>) => this.picked(event.detail)} @mark-clicked=${(event: CustomEvent<string>) => this.markClicked(event)}>
      ${taskBar(session, { reveal: this.reveal, drawer: this.drawer, doses: this.doses }, {
        undo: () => this.run('undo'), redo: () => this.run('redo'), reveal: () => (this.reveal = !this.reveal),
        guideline: () => (this.drawer = !this.drawer), help: () => (this.box = 'help'), release: () => (this.box = 'release'),
        doses: () => this.run('doses'), ask: () => this.run('ask'),
      })}
      ${trouble(session, { compare: () => (this.box = 'compare'), reclaim: () => void this.reclaim(), next: () => void this.next(), retry: () => void session.queue.flush() })}
      <div class="segmented side-switch" role="group" aria-label="Show">${side('read', 'Read')}${side('judge', 'Judge')}</div>
      <div class="panes">
        ${this.reading(session)}
        ${this.judging(session)}
        ${this.drawer ? html`<he-guideline .guideline=${session.guideline} .projectId=${session.task.projectId} @close=${() => (this.drawer = false)}></he-guideline>` : nothing}
      </div>
      ${this.editor(session)}
      ${dialogs(session, { open: this.box, reason: this.reason, close: () => (this.box = null), setReason: reason => (this.reason = reason), note: this.note, setNote: note => (this.note = note), release: () => void this.giveBack(), redraw: () => this.requestUpdate(),
        passage: this.passage(), active: this.place.active })}
    </div>`;
  }
}
