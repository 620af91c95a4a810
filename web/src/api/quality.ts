import type { Estimate } from './projects';

export interface StepResult {
  step: string;
  guidelineVersion: number;
  at: string;
  passed: boolean;
  right: number;
  of: number;
  item?: string;
  alpha?: number;
  criticalsFound?: number;
  criticalsPlanted?: number;
}

export interface MyScore {
  dimension: string;
  mine: number;
  reference: number;
  acceptable: boolean;
}

export interface MyQuality {
  projectId: string;
  projectName: string;
  state: string;
  paused?: { words: string; since: string };
  askWhom: string[];
  steps: { step: string; asked: boolean; there: boolean; waived: boolean; results: StepResult[] }[];
  criticalsFound: Estimate;
  gold: { taskId: string; submittedAt: string; scores: MyScore[]; planted: number; found: number; falseAlarm?: boolean; plantedWords: string[]; why?: string }[];
  cases: { taskId: string; settledAt: string; points: { kind: string; response?: string; dimension?: string; quote?: string; mine?: string; final: string; why: string }[] }[];
  peers: { weeks: { monday: string; near: Estimate }[]; bias: { dimension: string; bias: Estimate }[] };
  consistency: Estimate;
}

export interface LedgerLine {
  monday: string;
  kind: 'work' | 'case';
  mode: string;
  tasks: number;
  void: number;
  activeSeconds: number;
  checkingSeconds: number;
  rate?: number;
  pay?: number;
}

export interface OwnLedger {
  projects: { projectId: string; projectName: string; lines: LedgerLine[] }[];
}

export interface Quiz {
  guidelineVersion: number;
  passMark: number;
  triesLeft: number;
  passed?: boolean;
  right?: number;
  questions: { id: string; topic: string; question: string; choices: { key: string; name: string }[]; given?: string; correct?: boolean; answer?: string; why?: string }[];
}

export interface CalibrationTask {
  id: string;
  audience: string;
  jurisdiction: string;
  language: string;
  messages: { role: string; content: string }[];
  response: string;
}

export interface CalibrationFeedback {
  id: string;
  topic: string;
  response: string;
  mine: Record<string, number>;
  reference: Record<string, number>;
  ranges: Record<string, { low: number; high: number }>;
  inside: number;
  total: number;
  myHarm: string;
  harmExtents: string[];
  mustFind: { codes: string[]; severity: string; why: string; quote?: string }[];
  found: boolean[];
  claims: { quote: string; verdicts: string[]; why: string }[];
  reason: string;
}

export interface Calibration {
  done: number;
  total: number;
  feedback: CalibrationFeedback[];
  next?: CalibrationTask;
}

export interface CalibrationAnswer {
  ratings: Record<string, number>;
  harm: string;
  findings: { code: string; quote?: string }[];
}

export interface Interests {
  customers: string[];
  makers: string[];
}
