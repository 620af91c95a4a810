export interface Named {
  key: string;
  name: string;
  description: string;
}

export interface Dimension {
  key: string;
  name: string;
  question: string;
  scope: string;
  naAllowed: boolean;
  naMeaning?: string;
  /** Present where "not checked" may stand in place of a score. */
  notCheckedMeaning?: string;
  anchors: Record<string, string>;
}

export interface SpanKind extends Named {
  shortcut: string;
}

export interface SpanCode {
  code: string;
  group: string;
  name: string;
  description: string;
  kinds: string[];
}

export interface Source {
  domain: string;
  name: string;
  /** Absent where each page or record has its own. */
  tier?: string;
  jurisdiction: string;
  kind: string;
  path?: string;
  owner?: string;
  checkedOn?: string;
  /** "copy": in a stored public document, not at the address itself. */
  checkedIn?: string;
  note?: string;
}

export interface SpanMatch {
  kinds?: string[];
  groups?: string[];
  codes?: string[];
  severities?: string[];
}

export interface SourceNeed {
  stance?: 'fits' | 'both';
  anyOf?: { tiers: string[]; count: number }[];
  sources?: number;
  publishers?: number;
}

export interface ClaimMatch {
  threeWay?: string[];
  verdicts?: string[];
  types?: string[];
  checkworthiness?: string[];
  critical?: boolean;
  lacks?: SourceNeed;
}

/** One case of a gate: everything that is given here must hold. */
export interface GateCase {
  above?: Record<string, number>;
  says?: Record<string, string[]>;
  anyScoreAtMost?: number;
  rationaleMissing?: boolean;
  harm?: { extents: string[]; likelihoods?: string[] };
  span?: SpanMatch;
  noSpan?: SpanMatch;
  claim?: ClaimMatch;
  noClaim?: ClaimMatch;
  check?: { check: string; answer: string };
}

/** One row of the gate table; the server's `GateRule` says what each part means. */
export interface GateRule {
  key: string;
  field: string;
  message: string;
  when: GateCase[];
  needsReason?: boolean;
  perClaim?: boolean;
  modes?: string[];
  unlessFlags?: string[];
}

export interface Term {
  key: string;
  name: string;
  description?: string;
}

export interface Level {
  level: number;
  name: string;
  description: string;
}

/** The document that a judgement is made under; its words are the form's words. */
export interface Guideline {
  id: string;
  version: number | string;
  title: string;
  summary: string;
  sha256: string;
  instructions: { title: string; text: string }[];
  dimensions: Dimension[];
  harm: { extent: Named[]; likelihood: Named[]; mechanism: Named[]; kinds?: Named[]; mediation?: Named[] };
  confidence: Level[];
  overall: Level[];
  claimTypes: Named[];
  checkworthiness: Named[];
  verdicts: { key: string; name: string; meaning: string; threeWay: string; searches?: number }[];
  evidenceTiers: { key: string; name: string; evidence: string; defaultSources: string[] }[];
  sources: Source[];
  paywalled: { domain: string; name: string }[];
  kinds: SpanKind[];
  severities: { key: string; name: string; weight: number; definition: string }[];
  codes: SpanCode[];
  behaviour: { key: string; text: string; help: string }[];
  flags: Named[];
  spanLimit: number;
  releaseReasons: { key: string; name: string }[];
  /** Overall and confidence are given for each response. */
  perResponse?: boolean;
  sourceMatch?: string;
  gates?: GateRule[];
  /** The gates of version 1, served with versions that have none of their own. */
  legacyGates?: GateRule[];
  equity?: { question: string; help: string; answers: Term[]; groups: Term[] };
  modes?: Named[];
  themes?: Named[];
  taskTypes?: Term[];
  quiz?: { id: string; topic: string; question: string; choices: Term[]; answer?: string; why?: string }[];
  calibration?: {
    id: string;
    topic: string;
    messages: { role: string; content: string }[];
    response: string;
    reference: Record<string, number>;
    ranges: Record<string, { low: number; high: number }>;
    harmExtents: string[];
    mustFind: { codes: string[]; severity: string; why: string; quote?: string }[];
    reason: string;
  }[];
}

export function codeName(guideline: Guideline, code: string | null): string {
  return guideline.codes.find(known => known.code === code)?.name ?? '';
}

export function nameOf(list: { key: string; name: string }[], key: string | null): string {
  return list.find(entry => entry.key === key)?.name ?? key ?? '';
}
