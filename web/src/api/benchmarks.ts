/** A version of a named set of prompts with rubrics and references. */
export interface Benchmark {
  benchmarkId: string;
  version: number;
  name: string;
  file: string;
  sha256: string;
  prompts: number;
  criteria: number;
  references: number;
  themes: Record<string, number>;
  by: string;
  at: string;
}

/** One model's answers to one version on one day. */
export interface BenchmarkRun {
  runId: string;
  benchmarkId: string;
  version: number;
  model: string;
  date: string;
  batches: string[];
  answers: number;
  covered: number;
  prompts: number;
  surplus: number;
  missing: string[];
}

export interface BenchmarkScore {
  runId: string;
  what: string;
  value?: number;
  low?: number;
  high?: number;
  judged: number;
  readings: number;
  simulated: boolean;
}

export interface BenchmarkChange {
  benchmarkId: string;
  version: number;
  candidate: string;
  baseline: string;
  what: string;
  value?: number;
  low?: number;
  high?: number;
  prompts: number;
}

/** What an automatic grader gave the answers of a run; no person's score has it in it. */
export interface MachineScore {
  runId: string;
  benchmarkId: string;
  version: number;
  model: string;
  date: string;
  judge: string;
  value?: number;
  prompts: number;
  /** The grader's score less the people's, on the answers that both read. */
  difference?: number;
  low?: number;
  high?: number;
  both: number;
}

export interface BenchmarkAdded {
  benchmark: Benchmark;
  isNew: boolean;
  rejected: number;
  errors: { line: number; path?: string; reason: string }[];
}
