import type { Acceptable } from '../logic/acceptable';
import type { Judgement } from '../logic/judgement';
import type { Point } from './adjudications';
import type { GoldReference } from './gold';
import type { EvalTask } from './tasks';
import { json, seg } from './http';

export type ItemState = 'waiting' | 'begun' | 'judged' | 'in_adjudication' | 'settled' | 'stopped';

export interface Found {
  harm?: string;
  critical: boolean;
  flags: string[];
  spread: number;
}

export interface ItemLine {
  taskId: string;
  state: ItemState;
  batchId: string;
  line: number;
  promptId: string;
  itemId?: string;
  subdomain: string;
  language: string;
  risk: string;
  models: string[];
  asked: string;
  overlap: number;
  judged: number;
  held: number;
  stopped?: string;
  findings?: Found;
}

export interface ItemPage {
  items: ItemLine[];
  looked: number;
  continuation?: string;
  total?: number;
}

export interface DetailJudgement {
  annotationId: string;
  rater: string;
  pseudonym: string;
  simulated: boolean;
  leasedAt: string;
  submittedAt: string;
  guideline: { id: string; version: number };
  corrections: number;
  judgement: Judgement;
  setAsideAt?: string;
  setAsideBy?: string;
  why?: string;
}

export interface Act {
  actId: string;
  taskId: string;
  kind: string;
  by: string;
  at: string;
  why: string;
  about?: string;
  undoes?: string;
}

export interface ItemDetail {
  line: ItemLine;
  item: EvalTask['item'];
  models: string[];
  guideline: { id: string; version: number; sha256: string };
  judgements: DetailJudgement[];
  setAside: DetailJudgement[];
  leases: { rater: string; leasedAt: string; expiresAt: string; isOver: boolean }[];
  declined: string[];
  case?: { settled: boolean; referral?: string; by?: string; at?: string; rulings: { point: Point; final: string; overturned: boolean; rationale: string }[] };
  history: Act[];
  rubric: EvalTask['rubric'];
  rules: EvalTask['rules'];
  mode: string;
}

export interface ActForm {
  kind: string;
  why?: string;
  taskIds: string[];
  personId?: string;
  annotationIds?: string[];
  preview?: boolean;
}

export interface ActResult {
  actId?: string;
  preview: boolean;
  done: number;
  refused: number;
  canBeUndone: boolean;
  continuation?: string;
  outcomes: { taskId: string; refusal?: string }[];
}

const desk = (project: string) => `oversight/${seg(project)}`;

/** The lead's desk: items and what is done to them. */
export const oversight = {
  items: (project: string, filter: Record<string, string>) => json<ItemPage>(`${desk(project)}/items?${new URLSearchParams(filter)}`),
  item: (project: string, task: string) => json<ItemDetail>(`${desk(project)}/items/${seg(task)}`),
  /** Where an adjudicator has settled the case: their decisions are the reference. */
  goldOfCase: (project: string, task: string) => json<{ version: number; unchanged: boolean }>(`quality/${seg(project)}/gold/cases/${seg(task)}`, { method: 'POST' }),
  gold: (project: string, task: string) => json<GoldReference>(`quality/${seg(project)}/gold/items/${seg(task)}`),
  /** One judgement as the reference, in the letters of the item. */
  goldOf: (project: string, task: string, judgement: Judgement, acceptable: Acceptable, note: string) =>
    json<{ version: number; unchanged: boolean }>(`quality/${seg(project)}/gold/items/${seg(task)}`, { method: 'POST', json: { judgement, acceptable, note } }),
  act: (project: string, form: ActForm) => json<ActResult>(`${desk(project)}/items/acts`, { method: 'POST', json: form }),
  undo: (project: string, act: string, why: string, continuation?: string) => json<ActResult>(`${desk(project)}/acts/${seg(act)}/undo`, { method: 'POST', json: { why, ...(continuation ? { continuation } : {}) } }),
};
