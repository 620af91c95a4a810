import { api } from '../api';
import type { Assignment } from '../api/tasks';
import type { Guideline } from '../logic/guideline';
import { TaskSession } from './session';

const guidelines = new Map<string, Promise<Guideline>>();

/** A guideline version never changes, so that one fetch a visit is enough. */
export function guidelineOf(assignment: Assignment): Promise<Guideline> {
  const { id, version, sha256 } = assignment.task.guideline;
  const found = guidelines.get(sha256) ?? api.guideline(id, version);
  guidelines.set(sha256, found);
  found.catch(() => guidelines.delete(sha256));
  return found;
}

/** The pile on the desk: the task in hand, and the one fetched ahead so that it is there at once. */
export class Desk {
  private ahead: Promise<TaskSession | null> | null = null;
  private fetched: TaskSession | null = null;

  constructor(private readonly personId: string) {}

  /** The task that the address names, if it is still ours, else the next one; null when there is none. */
  async take(wanted: string | null): Promise<TaskSession | null> {
    // Asking on and on for a task that is not ours would only pile others up.
    if (wanted && !(await api.desk()).held.some(task => task.taskId === wanted)) return this.take(null);
    const holding: string[] = [];
    let first: Assignment | null = null;
    for (let tries = 0; tries < 3; tries++) {
      const found = await api.next(holding);
      if (!found) break;
      if (!wanted || found.task.taskId === wanted) return this.open(found);
      first ??= found;
      holding.push(found.task.taskId);
    }
    return first ? this.open(first) : null;
  }

  /** Fetches the next one while this one is being worked on. */
  fetchAhead(current: TaskSession): void {
    this.ahead ??= api.next([current.task.taskId])
      .then(found => (found && found.task.taskId !== current.task.taskId ? this.open(found) : null))
      .then(session => (this.fetched = session))
      .catch(() => ((this.ahead = null), null));
  }

  /** The one fetched ahead, else a fresh question. */
  async next(): Promise<TaskSession | null> {
    const ready = this.fetched ?? (await this.ahead);
    this.ahead = this.fetched = null;
    return ready && (await ready.stillHeld()) ? ready : this.take(null);
  }

  /** Puts back what was fetched ahead and never shown. */
  async leave(): Promise<void> {
    const waiting = this.fetched ?? (await this.ahead);
    this.ahead = this.fetched = null;
    if (!waiting) return;
    const untouched = waiting.queue.status.kind === 'untouched';
    waiting.stop();
    if (untouched) await waiting.release('not_opened').catch(() => {});
  }

  private async open(assignment: Assignment): Promise<TaskSession> {
    return TaskSession.open(assignment, await guidelineOf(assignment), this.personId);
  }
}
