import { api } from '../api';
import type { CaseAssignment, Point } from '../api/adjudications';
import { isTransient, Problem, sayError } from '../api/problem';
import { annotationId } from '../logic/annotation-id';
import type { Guideline } from '../logic/guideline';
import { Heartbeat } from '../logic/heartbeat';
import { decided, type Rulings } from '../logic/rulings';
import { copyKey } from './local-copy';

const later = (milliseconds: number, run: () => void) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

const pause = 800;

/** One case in an adjudicator's hands. What is ruled is kept on this device at once and on the server a moment later. */
export class CaseSession extends EventTarget {
  readonly heartbeat: Heartbeat;
  rulings: Rulings;
  /** What is true about the draft, in words. */
  saved = '';
  private revision: number;
  private callOff = () => {};
  private sending: Promise<void> = Promise.resolve();
  private readonly key: string;

  constructor(readonly held: CaseAssignment, readonly guideline: Guideline, personId: string) {
    super();
    const { case: open, lease, draft } = held;
    this.key = copyKey(personId, open.projectId, `case ${open.taskId}`);
    this.revision = draft?.revision ?? 0;
    const here = this.kept();
    this.rulings = here && here.revision >= this.revision ? here.rulings : (draft?.judgement ?? {});
    this.heartbeat = new Heartbeat({ renew: () => api.renewCase(open.projectId, open.taskId, lease.leaseId), later, changed: () => this.tell() }, lease);
    if (here?.unsaved && here.revision >= this.revision) this.save();
  }

  get open() {
    return this.held.case;
  }

  get done(): number {
    return decided(this.open, this.rulings).length;
  }

  rule(point: Point, change: Rulings[string]): void {
    this.rulings = { ...this.rulings, [point.key]: { ...this.rulings[point.key], ...change } };
    const kept = this.keep(true);
    this.saved = kept ? 'Not saved yet' : 'Not saved yet, and this device refuses to keep a copy: stay on this page until it is saved.';
    this.callOff();
    this.callOff = later(pause, () => this.save());
    this.tell();
  }

  async settle(): Promise<void> {
    const { lease, case: open } = this.held;
    this.callOff();
    await this.sending;
    await api.settle(open.projectId, open.taskId, await annotationId(lease.leaseId), lease.leaseId, decided(open, this.rulings));
    localStorage.removeItem(this.key);
    this.stop();
  }

  async giveBack(reason: string): Promise<void> {
    const { lease, case: open } = this.held;
    await api.releaseCase(open.projectId, open.taskId, lease.leaseId, reason);
    localStorage.removeItem(this.key);
    this.stop();
  }

  stop(): void {
    this.callOff();
    this.heartbeat.stop();
  }

  /** One after the other: each save names the revision before it. */
  private save(): void {
    this.sending = this.sending.then(() => this.send());
  }

  private async send(): Promise<void> {
    const { lease, case: open } = this.held;
    const { rulings } = this;
    try {
      const answer = await api.saveCaseDraft(open.projectId, open.taskId, lease.leaseId, this.revision, rulings);
      this.revision = answer.revision;
      if (rulings === this.rulings) {
        this.keep(false);
        this.saved = 'Saved on the server';
      }
    } catch (error) {
      if (isTransient(error)) {
        this.saved = 'Offline: kept on this device';
        this.callOff();
        this.callOff = later(10_000, () => this.save());
      } else this.saved = error instanceof Problem && error.code === 'draft_older' ? 'Changed in another window: load the page again to see it' : `Not saved: ${sayError(error)}`;
    }
    this.tell();
  }

  private kept(): { rulings: Rulings; revision: number; unsaved: boolean } | null {
    try {
      const here = JSON.parse(localStorage.getItem(this.key) ?? 'null') as { rulings?: Rulings; revision?: number; unsaved?: boolean } | null;
      return here?.rulings ? { rulings: here.rulings, revision: here.revision ?? 0, unsaved: here.unsaved ?? true } : null;
    } catch {
      return null;
    }
  }

  private keep(unsaved: boolean): boolean {
    try {
      localStorage.setItem(this.key, JSON.stringify({ unsaved, revision: this.revision, rulings: this.rulings }));
      return true;
    } catch {
      return false;
    }
  }

  private tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}
