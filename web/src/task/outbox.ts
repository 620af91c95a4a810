import { isTransient, Problem, sayError } from '../api/problem';
import type { Judgement } from '../logic/judgement';
import { copyKey, prefixOf } from './local-copy';

/** A judgement that its writer has handed in and that the server has not acknowledged yet. */
export interface Waiting {
  projectId: string;
  projectName: string;
  taskId: string;
  guideline: { id: string; version: number | string };
  annotationId: string;
  leaseId: string;
  judgement: Judgement;
  acknowledged: string[];
  /** Absent in what an earlier version of the form has left here. */
  reasons?: Record<string, string>;
  queuedAt: string;
  /** Why the server will not take it as it is; absent while it only has to be reached. */
  refused?: string;
  /** Always: so that signing out asks first. */
  unsaved: true;
}

export interface OutboxPorts {
  send: (waiting: Waiting) => Promise<unknown>;
  renew: (waiting: Waiting) => Promise<unknown>;
  later: (milliseconds: number, run: () => void) => () => void;
  /** Runs the work unless another tab is at it. */
  alone: (work: () => Promise<void>) => Promise<void>;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;
type Outcome = 'sent' | 'later' | { refused: string };

const suffix = ':hand-in';
const slowest = 60_000;

/**
 * What waits on this device to be handed in. It is there after a reload, and is sent when the server can be reached, by one tab,
 * under the id that makes it one record however often it is sent. Fires `change`, and `sent` for each one on record.
 */
export class Outbox extends EventTarget {
  private callOff = () => {};
  private failures = 0;

  constructor(private readonly personId: string, private readonly store: Store, private readonly ports: OutboxPorts) {
    super();
  }

  get waiting(): Waiting[] {
    const mine = prefixOf(this.personId);
    const keys = Array.from({ length: this.store.length }, (_, index) => this.store.key(index)).filter(key => key?.startsWith(mine) && key.endsWith(suffix));
    return keys.flatMap(key => this.read(key!)).sort((a, b) => a.queuedAt.localeCompare(b.queuedAt));
  }

  get taskIds(): string[] {
    return this.waiting.map(entry => entry.taskId);
  }

  /** False when the device refuses to keep it: then it must stay where it is. */
  put(entry: Omit<Waiting, 'unsaved' | 'refused'>): boolean {
    if (!this.write({ ...entry, unsaved: true })) return false;
    this.changed();
    this.after(5000);
    return true;
  }

  discard(entry: Waiting): void {
    this.store.removeItem(this.keyOf(entry));
    this.changed();
  }

  /** Sends whatever is waiting; also what was refused, when the person asks for it by name. */
  async flush(again?: Waiting): Promise<void> {
    this.callOff();
    if (again) this.write({ ...again, refused: undefined } as unknown as Waiting);
    if (this.waiting.every(entry => entry.refused)) return;
    await this.ports.alone(async () => {
      for (const entry of this.waiting.filter(known => !known.refused)) {
        if (!(await this.deliver(entry))) return;
      }
      this.failures = 0;
    });
    if (this.waiting.some(entry => !entry.refused)) this.after(Math.min(5000 * 2 ** this.failures, slowest));
  }

  stop(): void {
    this.callOff();
  }

  /** False when there is no point in trying the next one. */
  private async deliver(entry: Waiting): Promise<boolean> {
    const outcome = await this.attempt(entry);
    if (outcome === 'later') {
      this.failures++;
      return false;
    }
    if (outcome === 'sent') {
      this.discard(entry);
      this.dispatchEvent(new CustomEvent<Waiting>('sent', { detail: entry }));
    } else {
      this.write({ ...entry, refused: outcome.refused });
      this.changed();
    }
    return true;
  }

  private async attempt(entry: Waiting): Promise<Outcome> {
    try {
      return await this.once(entry);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'lease_gone') return outcomeOf(error);
    }
    // The reservation ended while nobody could renew it: where the place is still free, it is had back.
    try {
      await this.ports.renew(entry);
      return await this.once(entry);
    } catch (error) {
      return outcomeOf(error);
    }
  }

  private async once(entry: Waiting): Promise<Outcome> {
    try {
      await this.ports.send(entry);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'already_submitted') throw error;
    }
    return 'sent';
  }

  private read(key: string): Waiting[] {
    try {
      return [JSON.parse(this.store.getItem(key) ?? '') as Waiting];
    } catch {
      return [];
    }
  }

  private write(entry: Waiting): boolean {
    try {
      this.store.setItem(this.keyOf(entry), JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  }

  private keyOf(entry: Pick<Waiting, 'projectId' | 'taskId'>): string {
    return copyKey(this.personId, entry.projectId, entry.taskId) + suffix;
  }

  private after(milliseconds: number): void {
    this.callOff();
    this.callOff = this.ports.later(milliseconds, () => void this.flush());
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** Signed out is like out of reach: it is sent after the next sign-in. */
function outcomeOf(error: unknown): Outcome {
  return isTransient(error) || (error instanceof Problem && error.status === 401) ? 'later' : { refused: sayError(error) };
}
