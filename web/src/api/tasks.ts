import type { ViewNode } from '../logic/nodes';
import type { Judgement } from '../logic/judgement';

export interface Desk {
  today: number;
  week: number;
  total: number;
  projects: DeskProject[];
  held: { projectId: string; taskId: string; expiresAt: string }[];
}

export interface DeskProject {
  projectId: string;
  name: string;
  demo: boolean;
  mine: number;
  judged: number;
  wanted: number;
  openForMe: boolean;
  /** About how many tasks wait for the person. */
  waiting: number;
  /** Of the person's own last judgements here; absent while there are too few. */
  medianSeconds?: number;
  /** Why there is nothing for this person, where that is about them: paused, cap, interest, or a step to take. */
  closed?: string;
}

export interface Lease {
  leaseId: string;
  expiresAt: string;
  renewEverySeconds: number;
}

export interface Turn {
  role: string;
  content: string;
  view: ViewNode[];
}

export interface TaskResponse {
  key: string;
  text: string;
  view: ViewNode[];
  /** What the model thought before it answered; only where the project asks to judge it. */
  reasoning?: string;
}

/** A claim that came with an answer: the same unit for everybody. */
export interface GivenClaim {
  claimId: string;
  response: string;
  text: string;
  start?: number;
  end?: number;
  importance?: string;
}

export interface SavedDraft {
  revision: number;
  judgement: Judgement;
  savedAt: string;
}

export interface EvalTask {
  projectId: string;
  projectName: string;
  taskId: string;
  kind: string;
  simulatedProject: boolean;
  item: {
    prompt: Turn[];
    responses: TaskResponse[];
    subdomain: string | null;
    audience: string | null;
    jurisdiction: string | null;
    language: string | null;
    riskTier: string | null;
    theme?: string | null;
    taskType?: string | null;
    claims?: GivenClaim[];
  };
  guideline: { id: string; version: number | string; sha256: string };
  /** How much is asked: full, quick or fact_check. */
  mode?: string;
  rubric: { id: string; criterion: string; importance?: string }[];
  rules: { id: string; level: string; text: string }[];
  draft: SavedDraft | null;
}

export interface Assignment {
  lease: Lease;
  task: EvalTask;
}

export interface Submitted {
  annotationId: string;
  submittedAt: string;
  contentSha256: string;
}

export interface GateNotice {
  gate: string;
  field: string;
  message: string;
  /** Confirmed only with a reason. */
  needsReason?: boolean;
}

/** One line of what a person has handed in. */
export interface MyWorkLine {
  projectId: string;
  projectName: string;
  taskId: string;
  annotationId: string;
  submittedAt: string;
  state: 'handed_in' | 'in_adjudication' | 'adjudicated';
  /** Absent when it can no longer be corrected. */
  correctableUntil?: string;
  corrections: number;
  asked: string;
}

export interface MyJudgement {
  line: MyWorkLine;
  task: EvalTask;
  judgement: Partial<Judgement>;
  contentSha256: string;
  acknowledged: string[];
  earlier: { judgement: Partial<Judgement>; replacedAt: string; reason: string }[];
}
