import { isTransient, Problem, sayError } from '../api/problem';
import type { SavedDraft } from '../api/tasks';
import type { Judgement } from './judgement';

/** What is true about the draft right now, and nothing nicer than that. */
export type DraftStatus =
  | { kind: 'untouched' }
  | { kind: 'waiting' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: string }
  | { kind: 'offline'; kept: boolean }
  | { kind: 'newer_elsewhere'; current: SavedDraft }
  | { kind: 'lease_gone'; detail: string }
  | { kind: 'refused'; detail: string };

export interface DraftPorts {
  send: (revision: number, judgement: Judgement) => Promise<{ revision: number; savedAt: string }>;
  /** Keeps a copy on the device; false when the device refuses. */
  keep: (revision: number, judgement: Judgement, unsaved: boolean) => boolean;
  /** Runs later; returns how to call it off. */
  later: (milliseconds: number, run: () => void) => () => void;
  /** Milliseconds on a clock that only runs forward. */
  now: () => number;
  /** Whether two drafts say the same, however they are written down. */
  same: (one: Judgement, other: Judgement) => boolean;
  changed: (status: DraftStatus) => void;
}

/** A save costs the server more than a look at the next task, so it waits for a pause; whoever writes on and on is saved all the same. */
const pause = 5000;
/** Where the device refuses to keep a copy, nothing but the server has what was written. */
const uncopied = 700;
const longest = 30_000;
const slowest = 15_000;

/**
 * Sends what a person writes, one request at a time, each naming the revision it was written on top of. The copy on
 * the device comes first; the server's answer is the only thing that is ever called saved.
 */
export class DraftQueue {
  status: DraftStatus = { kind: 'untouched' };
  private pending: Judgement | null = null;
  /** When the oldest of what is not saved was written. */
  private since = 0;
  private sending: Promise<void> | null = null;
  private callOff = () => {};
  private failures = 0;
  private kept = true;
  private stopped = false;

  constructor(private readonly ports: DraftPorts, public revision: number, savedAt: string | null = null) {
    if (savedAt) this.status = { kind: 'saved', at: savedAt };
  }

  change(judgement: Judgement): void {
    if (!this.pending) this.since = this.ports.now();
    this.pending = judgement;
    this.kept = this.ports.keep(this.revision, judgement, true);
    if (this.blocked()) return;
    if (this.status.kind !== 'saving' && this.status.kind !== 'offline') this.say({ kind: 'waiting' });
    if (!this.sending && this.failures === 0) this.after(Math.max(0, Math.min(this.kept ? pause : uncopied, this.since + longest - this.ports.now())));
  }

  /** Tries at once: the network came back, the page is being left, or the person asked. */
  async flush(): Promise<void> {
    this.callOff();
    if (this.sending) await this.sending;
    if (this.pending && !this.blocked()) await this.push();
  }

  /** Another tab or device was ahead and its draft is to be the one: nothing of ours is waiting any more. */
  take(current: SavedDraft): void {
    this.pending = null;
    this.revision = current.revision;
    this.ports.keep(this.revision, current.judgement, false);
    this.say({ kind: 'saved', at: current.savedAt });
  }

  /** Ours is to be the one: it goes on top of the newer revision. */
  async keepMine(current: SavedDraft, mine: Judgement): Promise<void> {
    this.revision = current.revision;
    this.pending = mine;
    this.say({ kind: 'waiting' });
    await this.flush();
  }

  /** After the lease was renewed, sending may go on. */
  async resume(): Promise<void> {
    if (this.status.kind === 'lease_gone') this.say({ kind: 'waiting' });
    await this.flush();
  }

  stop(): void {
    this.stopped = true;
    this.callOff();
  }

  private blocked(): boolean {
    return this.stopped || this.status.kind === 'newer_elsewhere' || this.status.kind === 'lease_gone';
  }

  private after(milliseconds: number): void {
    this.callOff();
    this.callOff = this.ports.later(milliseconds, () => void this.flush());
  }

  private push(): Promise<void> {
    this.sending = this.sendPending().finally(() => (this.sending = null));
    return this.sending;
  }

  private async sendPending(): Promise<void> {
    while (this.pending && !this.blocked()) {
      const judgement = this.pending;
      this.say({ kind: 'saving' });
      try {
        const answer = await this.ports.send(this.revision, judgement);
        this.acknowledged(judgement, answer);
      } catch (error) {
        this.failed(error);
        return;
      }
    }
  }

  private acknowledged(judgement: Judgement, answer: { revision: number; savedAt: string }): void {
    this.revision = answer.revision;
    this.failures = 0;
    if (this.pending === judgement) this.pending = null;
    this.kept = this.ports.keep(this.revision, this.pending ?? judgement, this.pending !== null);
    if (!this.stopped) this.say({ kind: 'saved', at: answer.savedAt });
  }

  private failed(error: unknown): void {
    if (this.stopped) return;
    const code = error instanceof Problem ? error.code : '';
    const current = error instanceof Problem ? (error.extra['current'] as SavedDraft | undefined) : undefined;
    if (code === 'draft_older' && current) this.overtaken(current);
    else if (code === 'lease_gone') this.say({ kind: 'lease_gone', detail: sayError(error) });
    else if (isTransient(error)) this.tryAgain(error);
    else this.say({ kind: 'refused', detail: sayError(error) });
  }

  /** The newer draft may be our own, sent when the page closed before the answer came: then it is saved. */
  private overtaken(current: SavedDraft): void {
    if (this.pending && this.ports.same(this.pending, current.judgement)) this.acknowledged(this.pending, current);
    else this.say({ kind: 'newer_elsewhere', current });
  }

  private tryAgain(error: unknown): void {
    this.failures++;
    this.say({ kind: 'offline', kept: this.kept });
    const asked = error instanceof Problem && error.retryAfterSeconds ? error.retryAfterSeconds * 1000 : 0;
    this.after(Math.max(asked, Math.min(1000 * 2 ** (this.failures - 1), slowest)));
  }

  private say(status: DraftStatus): void {
    this.status = status;
    this.ports.changed(status);
  }
}
