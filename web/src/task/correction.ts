import { api } from '../api';
import type { GivenClaim, MyJudgement } from '../api/tasks';
import { completed } from '../logic/form';
import type { Guideline } from '../logic/guideline';
import { begin, record, undo, type History } from '../logic/history';
import type { Judgement } from '../logic/judgement';
import { withWholeRanking } from '../logic/ranking';
import { withAddresses, withOffListFlag } from '../logic/sources';

/** A judgement that was handed in, being corrected by its writer. Nothing is sent before the correction is handed in. */
export class Correction extends EventTarget {
  readonly keys: string[];
  reason = '';
  private history: History<Judgement>;

  constructor(readonly mine: MyJudgement, readonly guideline: Guideline) {
    super();
    this.keys = mine.task.item.responses.map(response => response.key);
    this.history = begin(completed(mine.judgement, this.keys));
  }

  get judgement(): Judgement {
    return this.history.present;
  }

  get given(): GivenClaim[] {
    return this.mine.task.item.claims ?? [];
  }

  get changed(): boolean {
    return this.history.past.length > 0 || this.reason !== '';
  }

  update(label: string, change: (judgement: Judgement) => Judgement, typingIn = ''): void {
    this.history = record(this.history, withOffListFlag(this.judgement, change(this.judgement), this.guideline), label, typingIn, Date.now());
    this.dispatchEvent(new Event('change'));
  }

  undo(): string {
    const label = this.history.past.at(-1)?.label;
    this.history = undo(this.history);
    this.dispatchEvent(new Event('change'));
    return label ? `Undone: ${label}` : 'Nothing to undo';
  }

  async submit(acknowledged: string[], reasons: Record<string, string>): Promise<'on record'> {
    const { line, contentSha256 } = this.mine;
    await api.correct(line.projectId, line.taskId, line.annotationId, withAddresses(withWholeRanking(this.judgement)), contentSha256, this.reason, acknowledged, reasons);
    return 'on record';
  }

  keepMark(): void {}

  leaveElsewhere(): void {}
}
