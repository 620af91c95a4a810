import { oversight } from '../api/oversight';
import type { EvalTask } from '../api/tasks';
import { sentRanges, withRange, type Acceptable, type Range } from '../logic/acceptable';
import type { Guideline } from '../logic/guideline';
import type { Judgement } from '../logic/judgement';
import { withWholeRanking } from '../logic/ranking';
import { withAddresses } from '../logic/sources';
import { copyKey } from './local-copy';
import { Writing } from './writing';

interface Kept {
  judgement: Partial<Judgement>;
  acceptable: Acceptable;
  note: string;
}

/** A reference judgement that a lead writes; what is written is kept on this device until it is gold or given up. */
export class GoldDraft extends Writing {
  note: string;
  acceptable: Acceptable;
  /** It was begun before on this device. */
  readonly resumed: boolean;
  /** What came of it. */
  written: { version: number; unchanged: boolean } | null = null;
  private readonly key: string;

  constructor(task: EvalTask, guideline: Guideline, personId: string, start: Kept | null) {
    const key = copyKey(personId, task.projectId, `gold ${task.taskId}`);
    const here = kept(key);
    super(task, guideline, here?.judgement ?? start?.judgement ?? null);
    this.key = key;
    this.resumed = here !== null;
    this.note = here?.note ?? start?.note ?? '';
    this.acceptable = here?.acceptable ?? start?.acceptable ?? {};
  }

  allow(response: string, dimension: string, range: Range): void {
    this.acceptable = withRange(this.acceptable, response, dimension, range);
    this.tell();
  }

  say(note: string): void {
    this.note = note;
    this.tell();
  }

  /** What was kept on this device is forgotten. */
  forget(): void {
    localStorage.removeItem(this.key);
  }

  async submit(): Promise<'on record'> {
    const judgement = { ...withAddresses(withWholeRanking(this.judgement)), activeSeconds: 0 };
    this.written = await oversight.goldOf(this.task.projectId, this.task.taskId, judgement, sentRanges(this.acceptable, judgement), this.note.trim());
    this.forget();
    return 'on record';
  }

  protected override tell(): void {
    const { judgement, acceptable, note } = this;
    try {
      localStorage.setItem(this.key, JSON.stringify({ unsaved: true, judgement, acceptable, note }));
    } catch {
      // a device that keeps nothing: the page still asks before it is left
    }
    super.tell();
  }
}

function kept(key: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}
