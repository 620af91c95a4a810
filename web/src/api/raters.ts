import type { GoldRater } from './gold';
import { json, seg, send } from './http';
import { Problem } from './problem';
import type { Estimate, Project, QualitySettings, Routing } from './projects';

export interface RaterLine {
  personId: string;
  name: string;
  pseudonym: string;
  roles: string[];
  active: boolean;
  simulated: boolean;
  credential?: { degree: string; years: number; subdomains: string[]; languages: string[] };
  judged: number;
  lastAt?: string;
  kappa: Estimate;
  bias: Estimate;
  pace: Estimate;
  straightLining: Estimate;
  drift: string;
  chart: { value: number; lower: number; upper: number }[];
  gold: GoldRater['gold'];
}

export interface RaterDesk {
  judgements: number;
  since?: string;
  whole: boolean;
  raters: RaterLine[];
}

export interface RaterJudgement {
  taskId: string;
  annotationId: string;
  submittedAt: string;
  activeSeconds: number;
  mean?: number;
  harm?: string;
  errors: number;
  critical: boolean;
  flags: string[];
}

export interface VoidResult {
  actId?: string;
  judgements: number;
  done: number;
  refused: { taskId: string; refusal?: string }[];
  first?: string;
  last?: string;
  continuation?: string;
}

/** How far somebody is with a step to production. */
export interface PathStep {
  step: string;
  asked: boolean;
  state: 'none' | 'open' | 'passed' | 'failed' | 'waived';
  tries: number;
  total: number;
  right: number;
  of: number;
  alpha?: number;
  criticalsFound?: number;
  criticalsPlanted?: number;
  at?: string;
}

/** Where somebody stands in a project. */
export interface Standing {
  personId: string;
  state: string;
  name: string;
  simulated: boolean;
  capPerDay?: number;
  path: PathStep[];
  allowances: { step: string; kind: string; by: string; at: string; why: string }[];
  pauses: { code: string; words: string; by: string; at: string; endedAt?: string; endedWhy?: string }[];
}

export interface Notice {
  scope: string;
  noticeId: string;
  kind: 'notice' | 'danger' | 'question' | 'failed_batch' | 'held' | 'case';
  code: string;
  at: string;
  words: string;
  taskId?: string;
  batchId?: string;
  personId?: string;
  figure?: { measure: string; value: number; low?: number; high?: number; n: number; limit: number };
  paused: boolean;
  state: 'open' | 'snoozed' | 'done';
  assignedTo?: string;
  snoozedUntil?: string;
  doneBy?: string;
  doneAt?: string;
  outcome?: string;
}

const rater = (project: string, person: string) => `oversight/${seg(project)}/raters/${seg(person)}`;
const standing = (project: string) => `quality/${seg(project)}/standing`;

function none(error: unknown): null {
  if (error instanceof Problem && error.status === 404) return null;
  throw error;
}

/** The people of a project, what is known of them, and what is decided about them. */
export const raters = {
  list: (project: string) => json<RaterDesk>(`oversight/${seg(project)}/raters`),
  judgements: (project: string, person: string, continuation = '') =>
    json<{ judgements: RaterJudgement[]; total: number; setAside: number; continuation?: string }>(`${rater(project, person)}/judgements?continuation=${seg(continuation)}`),
  setAside: (project: string, person: string, form: { from: string; why?: string; actId?: string; continuation?: string; preview?: boolean }) =>
    json<VoidResult>(`${rater(project, person)}/void`, { method: 'POST', json: form }),
  /** Null where the server keeps none. */
  standing: (project: string) => json<{ raters: Standing[] }>(standing(project)).then(answer => answer.raters).catch(none),
  pause: (project: string, person: string, why: string) => send(`${standing(project)}/${seg(person)}/pause`, { method: 'POST', json: { why } }),
  resume: (project: string, person: string, why: string) => send(`${standing(project)}/${seg(person)}/resume`, { method: 'POST', json: { why } }),
  cap: (project: string, person: string, perDay: number | null, why: string) => send(`${standing(project)}/${seg(person)}/cap`, { method: 'POST', json: { perDay, why } }),
  allow: (project: string, person: string, step: string, decision: string, why: string) =>
    send(`${standing(project)}/${seg(person)}/steps/${seg(step)}`, { method: 'POST', json: { decision, why } }),
  /** Of the project's settings those about its raters. */
  saveStandards: (project: string, change: { goldShare: number; quality: QualitySettings; routing: Routing }, etag: string) =>
    json<Project>(`projects/${seg(project)}`, { method: 'PATCH', json: change, ifMatch: etag }),
  notices: (project: string) => json<{ notices: Notice[] }>(`quality/${seg(project)}/notices`).then(answer => answer.notices).catch(none).then(all => all ?? []),
};
