import type { Guideline, Source } from './guideline';

type Registry = Pick<Guideline, 'sources' | 'sourceMatch'>;

/** The registry entry of an address: with its host and the longest path that covers it; under version 1, the longest domain that it ends in. */
export function entryOf(url: string, guideline: Registry): Source | null {
  const address = parse(url);
  if (!address) return null;
  if (guideline.sourceMatch !== 'page') {
    return guideline.sources.filter(entry => address.host === entry.domain || address.host.endsWith(`.${entry.domain}`)).sort((a, b) => b.domain.length - a.domain.length)[0] ?? null;
  }
  const closeness = (entry: Source) => [entry.path?.length ?? 0, entry.domain === address.host ? 1 : 0, entry.domain.length];
  return guideline.sources.filter(entry => hosts(entry.domain, address.host) && covers(entry.path, address.path)).sort((a, b) => byNumbers(closeness(b), closeness(a)))[0] ?? null;
}

/** Who stands behind a source, for telling independent ones apart; the server tells them apart in the same way. */
export function publisherOf(url: string, publisher: string | null, guideline: Registry): string {
  const entry = entryOf(url, guideline);
  const written = publisher?.trim() ? publisher.trim().toLowerCase() : null;
  if (entry && entry.kind !== 'index') return (entry.owner ?? entry.name).toLowerCase();
  return written ?? (entry ? url : (parse(url)?.host ?? url));
}

function parse(url: string): { host: string; path: string } | null {
  try {
    const parsed = new URL(url.trim());
    return /^https?:$/.test(parsed.protocol) ? { host: parsed.hostname.replace(/^www\./, ''), path: parsed.pathname } : null;
  } catch {
    return null;
  }
}

/** *.example.org is every host below example.org: only where one owner has them all. */
function hosts(domain: string, host: string): boolean {
  return domain === host || (domain.startsWith('*.') && host.endsWith(domain.slice(1)));
}

function byNumbers(a: number[], b: number[]): number {
  return a.map((value, i) => value - b[i]!).find(difference => difference !== 0) ?? 0;
}

/** Whole steps of a path: /news covers /news and /news/today, not /newsletter. */
function covers(prefix: string | undefined, path: string): boolean {
  return !prefix || path === prefix || (path.startsWith(prefix) && (prefix.endsWith('/') || path[prefix.length] === '/'));
}
