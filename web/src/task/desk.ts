import { api } from '../api';
import type { Assignment } from '../api/tasks';
import type { Guideline } from '../logic/guideline';
import { outboxOf } from './my-outbox';
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

  /** `projectId`: only tasks of this project. */
  constructor(private readonly personId: string, private readonly projectId?: string) {}

  /** The task that the address names, if it is still ours, else the next one; null when there is none. */
  async take(wanted: string | null): Promise<TaskSession | null> {
    const waits = wanted !== null && outboxOf(this.personId).taskIds.includes(wanted);
    const found = (wanted && !waits && (await this.named(wanted))) || (await this.ask([]));
    return found && this.open(found);
  }

  /** Fetches the next one while this one is being worked on. */
  fetchAhead(current: TaskSession): void {
    this.ahead ??= this.ask([current.task.taskId])
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

  /** With all the others kept out of the question, the answer can only be this one. */
  private async named(taskId: string): Promise<Assignment | null> {
    const { held } = await api.desk();
    const wanted = held.find(task => task.taskId === taskId);
    return wanted ? this.ask(held.filter(task => task !== wanted).map(task => task.taskId), wanted.projectId) : null;
  }

  /** Whatever waits in the outbox is as good as handed in. */
  private ask(holding: string[], projectId?: string): Promise<Assignment | null> {
    return api.next([...holding, ...outboxOf(this.personId).taskIds], projectId ?? this.projectId);
  }

  private async open(assignment: Assignment): Promise<TaskSession> {
    return TaskSession.open(assignment, await guidelineOf(assignment), this.personId);
  }
}
