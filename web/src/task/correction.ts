import { api } from '../api';
import type { MyJudgement } from '../api/tasks';
import type { Guideline } from '../logic/guideline';
import { withWholeRanking } from '../logic/ranking';
import { withAddresses } from '../logic/sources';
import { Writing } from './writing';

/** A judgement that was handed in, being corrected by its writer. */
export class Correction extends Writing {
  reason = '';

  constructor(readonly mine: MyJudgement, guideline: Guideline) {
    super(mine.task, guideline, mine.judgement);
  }

  get changed(): boolean {
    return this.history.past.length > 0 || this.reason !== '';
  }

  async submit(acknowledged: string[], reasons: Record<string, string>): Promise<'on record'> {
    const { line, contentSha256 } = this.mine;
    await api.correct(line.projectId, line.taskId, line.annotationId, withAddresses(withWholeRanking(this.judgement)), contentSha256, this.reason, acknowledged, reasons);
    return 'on record';
  }
}
