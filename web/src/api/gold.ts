import type { Acceptable } from '../logic/acceptable';
import type { Judgement } from '../logic/judgement';
import type { Estimate } from './projects';

export interface GoldItem {
  goldId: string;
  version: number;
  lane: string;
  clean: boolean;
  planted: string[];
  note: string | null;
  judged: number;
  addedAt: string;
  retiredAt: string | null;
  retiredWhy?: string;
}

export interface GoldRater {
  rater: string;
  simulated: boolean;
  gold: {
    items: number;
    accuracy: Estimate;
    exact: Estimate;
    kappa: Estimate;
    sensitivity: Estimate;
    falseAlarms: Estimate;
    verdicts: Estimate;
    bias: Estimate;
  };
}

export interface GoldImport {
  added: number;
  unchanged: number;
  errors: { line: number; reasons: Record<string, string[]> }[];
}

/** The newest reference of an item, in the letters of the item. */
export interface GoldReference {
  version: number;
  judgement: Partial<Judgement>;
  acceptable: Acceptable;
  note: string | null;
  retiredAt: string | null;
}
