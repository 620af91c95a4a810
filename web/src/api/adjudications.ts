import type { Judgement } from '../logic/judgement';
import type { EvalTask, Lease } from './tasks';

export interface Point {
  key: string;
  kind: 'rating' | 'harm' | 'claim' | 'critical' | 'case';
  response?: string;
  dimension?: string;
  quote?: string;
  reason: string;
  values: (string | null)[];
}

export interface Case extends Omit<EvalTask, 'kind' | 'draft'> {
  points: Point[];
  judgements: { number: number; saw: string[]; judgement: Judgement }[];
}

export interface CaseAssignment {
  lease: Lease;
  case: Case;
  /** What was ruled so far; `judgement` holds the rulings by point. */
  draft?: { revision: number; judgement: Record<string, Partial<Decision>>; savedAt: string };
}

export interface CaseDesk {
  waiting: number;
  settled: number;
  today: number;
  openForMe: boolean;
  held?: { projectId: string; taskId: string; expiresAt: string };
}

/** One of `judgement` and `value`. */
export interface Decision {
  point: string;
  judgement?: number;
  value?: string;
  rationale: string;
}
