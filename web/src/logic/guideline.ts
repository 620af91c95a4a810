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
  tier: string;
  jurisdiction: string;
  kind: string;
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
  harm: { extent: Named[]; likelihood: Named[]; mechanism: Named[] };
  confidence: Level[];
  overall: Level[];
  claimTypes: Named[];
  checkworthiness: Named[];
  verdicts: { key: string; name: string; meaning: string; threeWay: string }[];
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
}

export function codeName(guideline: Guideline, code: string | null): string {
  return guideline.codes.find(known => known.code === code)?.name ?? '';
}

export function nameOf(list: { key: string; name: string }[], key: string | null): string {
  return list.find(entry => entry.key === key)?.name ?? key ?? '';
}
