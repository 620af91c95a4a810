import type { EvalTask, GivenClaim } from '../api/tasks';
import { completed } from '../logic/form';
import type { Guideline } from '../logic/guideline';
import { begin, record, undo, type History } from '../logic/history';
import type { Judgement } from '../logic/judgement';
import { withOffListFlag } from '../logic/sources';

/** A judgement that is written outside of a task: nobody's lease runs, and nothing is sent before it is handed in. */
export abstract class Writing extends EventTarget {
  readonly keys: string[];
  protected history: History<Judgement>;

  constructor(readonly task: EvalTask, readonly guideline: Guideline, start: Partial<Judgement> | null) {
    super();
    this.keys = task.item.responses.map(response => response.key);
    this.history = begin(completed(start, this.keys, task.mode));
  }

  abstract submit(acknowledged: string[], reasons: Record<string, string>): Promise<'on record'>;

  get judgement(): Judgement {
    return this.history.present;
  }

  get given(): GivenClaim[] {
    return this.task.item.claims ?? [];
  }

  update(label: string, change: (judgement: Judgement) => Judgement, typingIn = ''): void {
    this.history = record(this.history, withOffListFlag(this.judgement, change(this.judgement), this.guideline), label, typingIn, Date.now());
    this.tell();
  }

  undo(): string {
    const label = this.history.past.at(-1)?.label;
    this.history = undo(this.history);
    this.tell();
    return label ? `Undone: ${label}` : 'Nothing to undo';
  }

  keepMark(): void {}

  leaveElsewhere(): void {}

  protected tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}
