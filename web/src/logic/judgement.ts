export type Score = 1 | 2 | 3 | 4 | 5;
export const dimensionKeys = ['accuracy', 'reasoning', 'completeness', 'clarity', 'tone', 'appropriateness'] as const;
export type DimensionKey = (typeof dimensionKeys)[number];

/** Accuracy may be 'NOT_CHECKED' under guidelines that say so. */
export type Answer = Score | 'NA' | 'NOT_CHECKED';

export type Rating = { response: string; rationale: string | null; overall?: number | null; confidence?: number | null } & Record<DimensionKey, Answer | null>;

export interface Harm {
  response: string;
  extent: string | null;
  likelihood: string | null;
  mechanism: string | null;
  kinds?: string[];
  mediation?: string | null;
}

export interface Equity {
  response: string;
  answer: string;
  groups: string[];
  comment: string | null;
}

export interface Evidence {
  url: string;
  title: string | null;
  publisher: string | null;
  tier: string | null;
  publishedOn: string | null;
  accessedOn: string | null;
  jurisdiction: string | null;
  stance: string | null;
  excerpt: string | null;
}

export interface Claim {
  response: string;
  start: number | null;
  end: number | null;
  quote: string | null;
  type: string | null;
  checkworthiness: string | null;
  verdict: string | null;
  critical: boolean;
  correction: string | null;
  evidence: Evidence[];
  /** The id of the claim that came with the answer, when this is a verdict on it. */
  given?: string | null;
}

export interface Span {
  response: string;
  start: number | null;
  end: number | null;
  quote: string | null;
  kind: string;
  code: string;
  severity: string | null;
  comment: string | null;
  suggestion: string | null;
  missingText: string | null;
}

export interface Preference {
  winner: string | null;
  strength: number | null;
  perDimension: Partial<Record<DimensionKey, string>>;
  rationale: string | null;
  /** Of more than two responses: groups from best to worst, equally good ones together. */
  ranking?: string[][] | null;
  /** None of more than two responses will do. */
  bothBad?: boolean | null;
}

/** Everything one person says about one task, exactly as it is stored. Never changed in place. */
export interface Judgement {
  /** How much was asked; absent is full. */
  mode?: string;
  equity?: Equity[];
  ratings: Rating[];
  harm: Harm[];
  claims: Claim[];
  spans: Span[];
  behaviour: { response: string; check: string; answer: string; comment: string | null }[];
  rules: { response: string; rule: string; answer: string; comment: string | null }[];
  rubric: { response: string; criterion: string; met: boolean | null; comment: string | null; notApplicable?: boolean }[];
  preference: Preference | null;
  refinedPrompt: string | null;
  idealResponse: string | null;
  flags: string[];
  /** What a lead should know about a flag, by flag. */
  flagNotes?: Record<string, string>;
  confidence: number | null;
  overall: number | null;
  activeSeconds: number;
  /** With a source open in a tab of its own; absent in records made before it was counted. */
  checkingSeconds?: number;
}
