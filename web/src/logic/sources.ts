import type { Guideline, Source } from './guideline';

export interface SourceHint {
  source: Source | null;
  /** Only for people who pay: never the only source. */
  paywalled: boolean;
  offList: boolean;
}

/** What the registry knows about an address: the entry whose domain is the longest that fits. */
export function sourceOf(url: string, guideline: Pick<Guideline, 'sources' | 'paywalled'>): SourceHint | null {
  const host = hostOf(url);
  if (!host) return null;
  const fits = (domain: string) => host === domain || host.endsWith(`.${domain}`);
  const source = guideline.sources.filter(entry => fits(entry.domain)).sort((a, b) => b.domain.length - a.domain.length)[0] ?? null;
  const paywalled = (guideline.paywalled ?? []).some(entry => fits(entry.domain));
  return { source, paywalled, offList: !source && !paywalled };
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
