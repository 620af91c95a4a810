import { setFlags } from './form';
import type { Guideline, Source } from './guideline';
import type { Judgement } from './judgement';
import { publisherOfDoi } from './publishers';
import { entryOf } from './registry';
import { addressOf, recordKind, titleOf, type RecordKind } from './source-address';

export interface SourceHint {
  source: Source | null;
  /** Only for people who pay: never the only source. */
  paywalled: boolean;
  offList: boolean;
  /** An index holds everything: the type of publication decides the tier. */
  index: string | null;
  publisher: string | null;
  tier: string | null;
  jurisdiction: string | null;
}

export const offListFlag = 'off_list_source';

const indexes: Partial<Record<RecordKind, string>> = { pubmed: 'PubMed', pmc: 'PubMed Central', doi: 'DOI' };

/** Types of publication, for records of an index, with the tier each stands for. */
export const publicationTypes = [
  { key: 'T2', name: 'Systematic review or meta-analysis' },
  { key: 'T3', name: 'Society guideline or consensus' },
  { key: 'T4', name: 'Trial or large cohort' },
  { key: 'T6', name: 'Case series, narrative or preprint' },
] as const;

/** What the registry and the form of an address tell about it. */
export function sourceOf(url: string, guideline: Pick<Guideline, 'sources' | 'sourceMatch' | 'paywalled'>): SourceHint | null {
  const host = hostOf(url);
  if (!host) return null;
  const kind = recordKind(url);
  const index = (kind && indexes[kind]) ?? null;
  if (index) {
    const publisher = publisherOfDoi(url);
    return { source: null, paywalled: false, offList: false, index, publisher: publisher?.name ?? (index === 'DOI' ? null : index), tier: publisher?.tier ?? null, jurisdiction: null };
  }
  const fits = (domain: string) => host === domain || host.endsWith(`.${domain}`);
  const source = entryOf(url, guideline);
  const paywalled = (guideline.paywalled ?? []).some(entry => fits(entry.domain));
  return {
    source, paywalled, offList: !source && !paywalled, index: null,
    publisher: source?.name ?? null, tier: source?.tier ?? null, jurisdiction: source?.jurisdiction ?? null,
  };
}

export function hostOf(url: string): string | null {
  try {
    const parsed = new URL(url.trim());
    return /^https?:$/.test(parsed.protocol) ? parsed.hostname.replace(/^www\./, '') : null;
  } catch {
    return null;
  }
}

export function countWords(text: string | null): number {
  return text?.trim() ? text.trim().split(/\s+/).length : 0;
}

/** Every source as a full address, however it was typed; a citation keeps its words as the title. */
export function withAddresses(judgement: Judgement): Judgement {
  const typed = judgement.claims.some(claim => claim.evidence.some(evidence => addressOf(evidence.url) !== evidence.url));
  if (!typed) return judgement;
  return {
    ...judgement,
    claims: judgement.claims.map(claim => ({ ...claim, evidence: claim.evidence.map(entry => ({ ...entry, url: addressOf(entry.url), title: entry.title ?? titleOf(entry.url) })) })),
  };
}

/** The flag that tells a lead of a source outside the registry comes with the first such source and goes with the last. */
export function withOffListFlag(before: Judgement, after: Judgement, guideline: Pick<Guideline, 'sources' | 'sourceMatch' | 'paywalled'>): Judgement {
  if (before.claims === after.claims) return after;
  const [was, is] = [anyOffList(before, guideline), anyOffList(after, guideline)];
  if (was === is) return after;
  const others = after.flags.filter(flag => flag !== offListFlag);
  return setFlags(after, is ? [...others, offListFlag] : others);
}

function anyOffList(judgement: Judgement, guideline: Pick<Guideline, 'sources' | 'sourceMatch' | 'paywalled'>): boolean {
  return judgement.claims.some(claim => claim.evidence.some(evidence => sourceOf(addressOf(evidence.url), guideline)?.offList));
}
