import { api } from '../api';
import { Unreachable } from '../api/problem';
import type { Assignment } from '../api/tasks';
import type { Guideline } from '../logic/guideline';
import { keepGuideline, keepHeld, keptGuideline, keptHeld } from './kept-tasks';
import { outboxOf } from './my-outbox';
import { TaskSession } from './session';

const guidelines = new Map<string, Promise<Guideline>>();
const furtherTasks = 2;

/** A guideline version never changes, so that one fetch a visit is enough, and a kept one will do without a network. */
export function guidelineOf(assignment: Assignment): Promise<Guideline> {
  const { id, version, sha256 } = assignment.task.guideline;
  const found = guidelines.get(sha256) ?? api.guideline(id, version).then(fetched => keepGuideline(sha256, fetched), error => keptGuideline(sha256) ?? Promise.reject(error));
  guidelines.set(sha256, found);
  found.catch(() => guidelines.delete(sha256));
  return found;
}

/** The pile on the desk: the task in hand, and two further ones, so that the next is there at once and a lost network stops nobody. */
export class Desk {
  private readonly ready: TaskSession[] = [];
  private filling: Promise<void> | null = null;

  /** `projectId`: only tasks of this project. */
  constructor(private readonly personId: string, private readonly projectId?: string) {}

  /** The task that the address names, if it is still ours, else the next one; null when there is none. */
  async take(wanted: string | null): Promise<TaskSession | null> {
    const waits = wanted !== null && outboxOf(this.personId).taskIds.includes(wanted);
    const found = (wanted && !waits && (await this.named(wanted))) || (await this.ask([]));
    return found && this.open(found);
  }

  /** Fetches further ones while this one is being worked on. */
  fetchAhead(current: TaskSession): void {
    this.filling ??= this.fill(current.task.taskId)
      .catch(() => {}) // the next task is asked for when it is wanted
      .finally(() => (this.filling = null));
  }

  /** The first one fetched ahead that is still ours, else a fresh question. */
  async next(): Promise<TaskSession | null> {
    if (this.ready.length === 0) await this.filling;
    for (let session = this.ready.shift(); session; session = this.ready.shift()) if (await session.stillHeld()) return session;
    return this.take(null);
  }

  /** Puts back what was fetched ahead and never shown. */
  async leave(): Promise<void> {
    await this.filling;
    for (const session of this.ready.splice(0)) {
      const untouched = session.queue.status.kind === 'untouched';
      session.stop();
      if (untouched) await session.release('not_opened').catch(() => {});
    }
  }

  private async fill(current: string): Promise<void> {
    while (this.ready.length < furtherTasks) {
      const holding = [current, ...this.ready.map(session => session.task.taskId)];
      const found = await this.ask(holding);
      if (!found || holding.includes(found.task.taskId)) return;
      this.ready.push(await this.open(found));
    }
  }

  /** With all the others kept out of the question, the answer can only be this one. */
  private async named(taskId: string): Promise<Assignment | null> {
    try {
      const { held } = await api.desk();
      const wanted = held.find(task => task.taskId === taskId);
      return wanted ? this.ask(held.filter(task => task !== wanted).map(task => task.taskId), wanted.projectId) : null;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return keptHeld(this.personId).find(kept => kept.task.taskId === taskId) ?? null;
    }
  }

  /** Whatever waits in the outbox is as good as handed in. Without a network: one of those that are kept on this device. */
  private async ask(holding: string[], projectId = this.projectId): Promise<Assignment | null> {
    const others = [...holding, ...outboxOf(this.personId).taskIds];
    try {
      return await api.next(others, projectId);
    } catch (error) {
      const kept = error instanceof Unreachable ? keptHeld(this.personId).find(({ task }) => !others.includes(task.taskId) && (!projectId || task.projectId === projectId)) : undefined;
      if (!kept) throw error;
      return kept;
    }
  }

  private async open(assignment: Assignment): Promise<TaskSession> {
    const session = await TaskSession.open(assignment, await guidelineOf(assignment), this.personId);
    keepHeld(this.personId, assignment);
    return session;
  }
}
