import { api } from '../api';
import { isTransient, Problem } from '../api/problem';
import type { Assignment, EvalTask, Lease } from '../api/tasks';
import { sign, startActive, tick, type ActiveTime } from '../logic/active-time';
import { annotationId } from '../logic/annotation-id';
import { sameJudgement } from '../logic/diff';
import { DraftQueue } from '../logic/draft-queue';
import { completed } from '../logic/form';
import type { Guideline } from '../logic/guideline';
import { Heartbeat } from '../logic/heartbeat';
import { begin, record, redo, undo, type History } from '../logic/history';
import type { Judgement } from '../logic/judgement';
import { copyKey, readCopy, writeCopy } from './local-copy';
import { startingPoint } from './starting-point';

const later = (milliseconds: number, run: () => void) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** One task in one person's hands, from the moment it is shown until it is handed in or given back. */
export class TaskSession extends EventTarget {
  readonly task: EvalTask;
  readonly keys: string[];
  readonly queue: DraftQueue;
  readonly heartbeat: Heartbeat;
  history: History<Judgement>;
  /** What undo or redo just did, to be read out. */
  said = '';
  doneElsewhere = false;
  private finished = false;
  private lease: Lease;
  private active: ActiveTime;
  private readonly key: string;
  private ticker = 0;

  private constructor(assignment: Assignment, readonly guideline: Guideline, readonly annotationId: string, personId: string) {
    super();
    this.task = assignment.task;
    this.lease = assignment.lease;
    this.keys = this.task.item.responses.map(response => response.key);
    this.key = copyKey(personId, this.task.projectId, this.task.taskId);
    const start = startingPoint(readCopy(localStorage, this.key), this.task.draft);
    this.history = begin(completed(start.judgement, this.keys));
    this.active = startActive(this.history.present.activeSeconds, Date.now());
    this.queue = new DraftQueue({ send: (revision, judgement) => this.send(revision, judgement), keep: this.keep.bind(this), later, same: (one, other) => sameJudgement(one, completed(other, this.keys)), changed: () => this.tell() }, start.revision, start.savedAt);
    this.heartbeat = new Heartbeat({ renew: () => api.renew(this.task.projectId, this.task.taskId, this.lease.leaseId), later, changed: () => this.tell() }, this.lease);
    if (start.unsaved) this.queue.change(this.now());
  }

  static async open(assignment: Assignment, guideline: Guideline, personId: string): Promise<TaskSession> {
    return new TaskSession(assignment, guideline, await annotationId(assignment.lease.leaseId), personId);
  }

  /** From here on it is on screen: time runs. */
  start(): void {
    this.active = startActive(this.active.seconds, Date.now());
    this.ticker = window.setInterval(() => (this.active = tick(this.active, Date.now(), document.hidden)), 1000);
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

  /** Something is neither on the server nor on this device. */
  get wouldLose(): boolean {
    return this.queue.status.kind === 'offline' && !this.queue.status.kept;
  }

  touched(): void {
    this.active = sign(this.active, Date.now());
  }

  /** Every change of the form comes through here, so that every change can be taken back. */
  update(label: string, change: (judgement: Judgement) => Judgement, typingIn = ''): void {
    this.moveTo(record(this.history, change(this.judgement), label, typingIn, Date.now()));
  }

  undo(): void {
    this.said = this.history.past.at(-1) ? `Undone: ${this.history.past.at(-1)?.label}` : 'Nothing to undo';
    this.moveTo(undo(this.history));
  }

  redo(): void {
    this.said = this.history.future[0] ? `Redone: ${this.history.future[0].label}` : 'Nothing to redo';
    this.moveTo(redo(this.history));
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

  /** Hands the judgement in. Sent again while the server is away: the id makes that one record. */
  async submit(acknowledged: string[], onWaiting: () => void): Promise<void> {
    const judgement = this.now();
    this.keep(this.queue.revision, judgement, true);
    for (let attempt = 0; ; attempt++) {
      try {
        await api.submit(this.task.projectId, this.task.taskId, this.annotationId, this.lease.leaseId, judgement, acknowledged);
        return this.finish();
      } catch (error) {
        if (error instanceof Problem && error.code === 'already_submitted') return this.finish();
        if (!isTransient(error) || attempt >= 5) throw error;
        onWaiting();
        await new Promise(resolve => setTimeout(resolve, Math.min(1000 * 2 ** attempt, 8000)));
      }
    }
  }

  async release(reason: string): Promise<void> {
    await api.release(this.task.projectId, this.task.taskId, this.lease.leaseId, reason);
    this.finish();
  }

  /** Called when another tab has removed the copy on this device: it has handed the task in or given it back. */
  noticeOtherTab(event: StorageEvent): void {
    if (event.key === this.key && event.newValue === null && !this.finished) this.leaveElsewhere();
  }

  /** The task is done, but not from here. */
  leaveElsewhere(): void {
    this.doneElsewhere = true;
    this.stop();
    this.tell();
  }

  private finish(): void {
    this.finished = true;
    this.stop();
    localStorage.removeItem(this.key);
  }

  private now(): Judgement {
    return { ...this.judgement, activeSeconds: this.activeSeconds };
  }

  private moveTo(history: History<Judgement>): void {
    const changed = history.present !== this.history.present;
    this.history = history;
    if (changed) this.queue.change(this.now());
    this.tell();
  }

  private send(revision: number, judgement: Judgement) {
    return api.saveDraft(this.task.projectId, this.task.taskId, this.lease.leaseId, revision, { ...judgement, activeSeconds: this.activeSeconds });
  }

  private keep(revision: number, judgement: Judgement, unsaved: boolean): boolean {
    if (this.finished || this.doneElsewhere) return true;
    return writeCopy(localStorage, this.key, { leaseId: this.lease.leaseId, annotationId: this.annotationId, revision, judgement, unsaved, changedAt: new Date().toISOString() });
  }

  private tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}
