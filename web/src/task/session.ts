import { api } from '../api';
import { isTransient, Problem } from '../api/problem';
import type { Assignment, EvalTask, GivenClaim, Lease } from '../api/tasks';
import { openSource, sign, startActive, tick, type ActiveTime } from '../logic/active-time';
import { annotationId } from '../logic/annotation-id';
import { sameJudgement } from '../logic/diff';
import { DraftQueue } from '../logic/draft-queue';
import { gathered, nothingEarlier, sourcesOf, type Earlier } from '../logic/earlier';
import { completed } from '../logic/form';
import { nameOf, type Guideline } from '../logic/guideline';
import { Heartbeat } from '../logic/heartbeat';
import { begin, record, redo, undo, type History } from '../logic/history';
import type { Evidence, Judgement, Span } from '../logic/judgement';
import { withWholeRanking } from '../logic/ranking';
import { withAddresses, withOffListFlag } from '../logic/sources';
import { forgetHeld } from './kept-tasks';
import { copyKey, readCopy, writeCopy } from './local-copy';
import { outboxOf } from './my-outbox';
import { librarySources, rememberSources, usedBefore } from './my-sources';
import { startingPoint } from './starting-point';

const later = (milliseconds: number, run: () => void) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** A mark in the making; `index` is its place in the list when it is there already. */
export interface PendingMark {
  span: Span;
  index: number | null;
}

/** One task in one person's hands, from the moment it is shown until it is handed in or given back. */
export class TaskSession extends EventTarget {
  readonly task: EvalTask;
  readonly keys: string[];
  readonly queue: DraftQueue;
  readonly heartbeat: Heartbeat;
  history: History<Judgement>;
  doneElsewhere = false;
  /** A question to the lead that is not sent yet. */
  question = '';
  private finished = false;
  private lease: Lease;
  private active: ActiveTime;
  private readonly key: string;
  private ticker = 0;
  private found: Earlier = nothingEarlier;
  private library: Evidence[] = [];

  private constructor(assignment: Assignment, readonly guideline: Guideline, readonly annotationId: string, private readonly personId: string) {
    super();
    this.task = assignment.task;
    this.lease = assignment.lease;
    this.keys = this.task.item.responses.map(response => response.key);
    this.key = copyKey(personId, this.task.projectId, this.task.taskId);
    const start = startingPoint(readCopy(localStorage, this.key), this.task.draft);
    this.history = begin(completed(start.judgement, this.keys, this.task.mode));
    this.active = startActive(this.history.present.activeSeconds, Date.now(), this.history.present.checkingSeconds ?? 0);
    this.queue = new DraftQueue({ send: (revision, judgement) => this.send(revision, judgement), keep: this.keep.bind(this), later, now: () => performance.now(), same: (one, other) => sameJudgement(one, completed(other, this.keys)), changed: () => this.tell() }, start.revision, start.savedAt);
    this.heartbeat = new Heartbeat({ renew: () => api.renew(this.task.projectId, this.task.taskId, this.lease.leaseId), later, changed: () => this.tell() }, this.lease);
    if (start.unsaved) this.queue.change(this.now());
  }

  static async open(assignment: Assignment, guideline: Guideline, personId: string): Promise<TaskSession> {
    return new TaskSession(assignment, guideline, await annotationId(assignment.lease.leaseId), personId);
  }

  /** From here on it is on screen: time runs. */
  start(): void {
    this.active = startActive(this.active.seconds, Date.now(), this.active.checking);
    void this.lookUp();
    this.ticker = window.setInterval(() => (this.active = tick(this.active, Date.now(), document.hidden)), 1000);
  }

  /** Looked up beside the work: without it everything goes on, only nothing is offered. */
  private async lookUp(): Promise<void> {
    const { projectId, taskId } = this.task;
    const [earlier, shared] = await Promise.all([api.foundEarlier(projectId, taskId).catch(() => []), librarySources(projectId).catch(() => [])]);
    this.found = gathered(earlier);
    const known = new Map<string, Evidence>();
    for (const source of [...sourcesOf(this.found), ...usedBefore(this.personId, projectId), ...shared]) if (!known.has(source.url)) known.set(source.url, source);
    this.library = [...known.values()];
    this.tell();
  }

  stop(): void {
    clearInterval(this.ticker);
    this.queue.stop();
    this.heartbeat.stop();
  }

  get judgement(): Judgement {
    return this.history.present;
  }

  get activeSeconds(): number {
    return Math.min(Math.round(this.active.seconds), 24 * 3600);
  }

  /** Seconds with a source open in a tab of its own. */
  get checkingSeconds(): number {
    return Math.min(Math.round(this.active.checking), 24 * 3600);
  }

  /** A source is open in a tab of its own. */
  get checking(): boolean {
    return this.active.sourceOpened !== null;
  }

  /** Sources to attach again: from one's own judgements of the same prompt, used before on this device, used by anybody in the project. */
  get sources(): Evidence[] {
    return this.library;
  }

  /** What the person has found in other answers to this prompt. */
  get earlier(): Earlier {
    return this.found;
  }

  /** The claims that came with the answers. */
  get given(): GivenClaim[] {
    return this.task.item.claims ?? [];
  }

  /** Something is neither on the server nor on this device. */
  get wouldLose(): boolean {
    return this.queue.status.kind === 'offline' && !this.queue.status.kept;
  }

  touched(): void {
    const { checking } = this;
    this.active = sign(this.active, Date.now());
    if (checking) this.tell();
  }

  openedSource(): void {
    this.active = openSource(this.active, Date.now());
    this.tell();
  }

  /** The mark that is being written in its panel; kept on the device, since it is no part of the draft yet. */
  keepMark(mark: PendingMark | null): void {
    if (mark === null || this.finished) localStorage.removeItem(`${this.key}:mark`);
    else writeCopy(localStorage, `${this.key}:mark`, { ...mark, unsaved: true });
  }

  keptMark(): PendingMark | null {
    return readCopy(localStorage, `${this.key}:mark`) as PendingMark | null;
  }

  /** Every change of the form comes through here, so that every change can be taken back. */
  update(label: string, change: (judgement: Judgement) => Judgement, typingIn = ''): void {
    const next = withOffListFlag(this.judgement, change(this.judgement), this.guideline);
    this.moveTo(record(this.history, next, label, typingIn, Date.now()));
  }

  /** Answers what was done, in words. */
  undo(): string {
    const label = this.history.past.at(-1)?.label;
    this.moveTo(undo(this.history));
    return label ? `Undone: ${label}` : 'Nothing to undo';
  }

  redo(): string {
    const label = this.history.future[0]?.label;
    this.moveTo(redo(this.history));
    return label ? `Redone: ${label}` : 'Nothing to redo';
  }

  /** The draft of another tab or device becomes the form's state, as a step that can be undone. */
  takeNewer(): void {
    if (this.queue.status.kind !== 'newer_elsewhere') return;
    const current = this.queue.status.current;
    this.history = record(this.history, completed(current.judgement, this.keys), 'Take the newer draft', '', Date.now());
    this.queue.take(current);
    this.tell();
  }

  keepMine(): void {
    if (this.queue.status.kind === 'newer_elsewhere') void this.queue.keepMine(this.queue.status.current, this.now());
  }

  /** Whether the task is still reserved; asks only when the clock casts doubt on it, as after a sleep. */
  async stillHeld(): Promise<boolean> {
    const { status } = this.heartbeat;
    return (status.kind === 'held' && Date.parse(status.until) > Date.now()) || this.heartbeat.beat();
  }

  /** Asks for the task again after its lease was lost; true when it could be had. */
  async reclaim(): Promise<boolean> {
    const ours = await this.heartbeat.beat();
    if (ours) await this.queue.resume();
    return ours;
  }

  /** Hands the judgement in; while the server is away it waits in the outbox of this device. The id makes it one record in any case. */
  async submit(acknowledged: string[], reasons: Record<string, string>): Promise<'on record' | 'waiting'> {
    const judgement = withAddresses(withWholeRanking(this.now()));
    this.keep(this.queue.revision, judgement, true);
    try {
      await api.submit(this.task.projectId, this.task.taskId, this.annotationId, this.lease.leaseId, judgement, acknowledged, reasons);
    } catch (error) {
      if (isTransient(error) && this.intoOutbox(judgement, acknowledged, reasons)) {
        this.finish();
        return 'waiting';
      }
      if (!(error instanceof Problem) || error.code !== 'already_submitted') throw error;
    }
    this.finish();
    return 'on record';
  }

  /** `note`: what a lead should know; it stands among the questions of the project, where it can be answered. */
  async release(reason: string, note = ''): Promise<void> {
    const name = nameOf(this.guideline.releaseReasons, reason);
    await this.queue.flush(); // whoever takes it up again finds all of it
    if (note) await api.ask(this.task.projectId, this.annotationId, { taskId: this.task.taskId, text: `Given back (${name}): ${note}` });
    await api.release(this.task.projectId, this.task.taskId, this.lease.leaseId, reason);
    this.finish();
  }

  /** Called when another tab has removed the copy on this device: it has handed the task in or given it back. */
  noticeOtherTab(event: StorageEvent): void {
    if (event.key === this.key && event.newValue === null && !this.finished) this.leaveElsewhere();
  }

  /** The task is done, but not from here. */
  leaveElsewhere(): void {
    forgetHeld(this.personId, this.task.projectId, this.task.taskId);
    this.doneElsewhere = true;
    this.stop();
    this.tell();
  }

  private finish(): void {
    rememberSources(this.personId, this.task.projectId, this.judgement);
    this.finished = true;
    this.stop();
    localStorage.removeItem(this.key);
    forgetHeld(this.personId, this.task.projectId, this.task.taskId);
    this.keepMark(null);
  }

  private intoOutbox(judgement: Judgement, acknowledged: string[], reasons: Record<string, string>): boolean {
    const { projectId, projectName, taskId, guideline } = this.task;
    const { id, version } = guideline;
    return outboxOf(this.personId).put({
      projectId, projectName, taskId, guideline: { id, version }, annotationId: this.annotationId, leaseId: this.lease.leaseId, judgement, acknowledged, reasons, queuedAt: new Date().toISOString(),
    });
  }

  private now(): Judgement {
    return { ...this.judgement, activeSeconds: this.activeSeconds, checkingSeconds: this.checkingSeconds };
  }

  private moveTo(history: History<Judgement>): void {
    const changed = history.present !== this.history.present;
    this.history = history;
    if (changed) this.queue.change(this.now());
    this.tell();
  }

  private send(revision: number, judgement: Judgement) {
    return api.saveDraft(this.task.projectId, this.task.taskId, this.lease.leaseId, revision, { ...judgement, activeSeconds: this.activeSeconds, checkingSeconds: this.checkingSeconds });
  }

  private keep(revision: number, judgement: Judgement, unsaved: boolean): boolean {
    if (this.finished || this.doneElsewhere) return true;
    return writeCopy(localStorage, this.key, { leaseId: this.lease.leaseId, annotationId: this.annotationId, revision, judgement, unsaved, changedAt: new Date().toISOString() });
  }

  private tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}
