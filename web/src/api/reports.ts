/** A figure with its 95 % interval, or why there is none. */
export interface Shown {
  value?: number | null;
  low?: number | null;
  high?: number | null;
  undefined?: string | null;
}

export type Format = 'index' | 'rate' | 'score' | 'alpha';

export interface ShownHeadline {
  key: string;
  name: string;
  format: Format;
  higherIsBetter: boolean;
  figure: Shown;
  n: number;
  unit: string;
  numerator?: number | null;
  denominator?: number | null;
  lowN: boolean;
  target?: string | null;
  status: string;
  before?: number | null;
  change: string;
  cumulative?: Shown | null;
}

export interface ShownDifference {
  key: string;
  name: string;
  format: Format;
  higherIsBetter: boolean;
  candidate?: number | null;
  baseline?: number | null;
  difference: Shown;
  margin: number;
  p?: number | null;
  prompts: number;
  more?: number | null;
  verdict: 'better' | 'worse' | 'not worse' | 'undecided';
  words: string;
}

export interface ShownPair {
  candidate: string;
  baseline: string;
  prompts: number;
  figures: ShownDifference[];
  effects: { name: string; share: Shown; votes: number; prompts: number }[];
  /** The same inside risk tiers and sub-domains; absent in reports of earlier versions. */
  strata?: ShownStratum[];
}

export interface ShownStratum {
  kind: string;
  value: string;
  prompts: number;
  figures: (Pick<ShownDifference, 'key' | 'name' | 'format' | 'candidate' | 'baseline' | 'difference' | 'prompts'> & { reading: string })[];
}

export interface ShownCase {
  id: string;
  model: string;
  risk: string;
  taskId: string;
  responseId: string;
  findings: { what: string; passage?: string | null; by: string[]; ruling: string }[];
}

/** What a report's own data file says; the page computes nothing. */
export interface ReportFigures {
  projectId: string;
  name: string;
  customer: string;
  period: string;
  from: string;
  until: string;
  campaign: boolean;
  open: boolean;
  guideline: string;
  revision?: { number: number; replaces: string; reason: string } | null;
  counts: { prompts: number; responses: number; judgements: number; ratings: number; raters: number; simulated: number };
  cumulative?: string | null;
  headlines: ShownHeadline[];
  shows: string[];
  risks: string[];
  actions: string[];
  trend: { week: string; own: boolean; index?: number | null; harm?: number | null; precision?: number | null; critical?: number | null; responses: number; simulated: boolean }[];
  models: { name: string; responses: number; prompts: number; ratings: number; index: Shown; harm: Shown; critical: Shown; precision: Shown }[];
  comparisons: { note: string; pairs: ShownPair[] };
  safety: {
    extents: string[];
    likelihoods: string[];
    matrices: { model: string; counts: number[][] }[];
    codes: { model: string; code: string; name?: string | null; rate: Shown; marked: number; responses: number }[];
    cases: ShownCase[];
    casesInAll: number;
  };
  agreement: { name: string; alpha: Shown; ac?: number | null; identical?: number | null; units: number; raters: number; reading: string }[];
}
