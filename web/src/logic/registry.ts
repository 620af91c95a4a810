import type { Guideline, Source } from './guideline';

type Registry = Pick<Guideline, 'sources' | 'sourceMatch'>;

/** The registry entry of an address: with its host and the longest path that covers it; under version 1, the longest domain that it ends in. */
export function entryOf(url: string, guideline: Registry): Source | null {
  const address = parse(url);
  if (!address) return null;
  const longest = (fits: (entry: Source) => boolean, length: (entry: Source) => number) => guideline.sources.filter(fits).sort((a, b) => length(b) - length(a))[0] ?? null;
  return guideline.sourceMatch === 'page'
    ? longest(entry => entry.domain === address.host && covers(entry.path, address.path), entry => entry.path?.length ?? 0)
    : longest(entry => address.host === entry.domain || address.host.endsWith(`.${entry.domain}`), entry => entry.domain.length);
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

/** Whole steps of a path: /news covers /news and /news/today, not /newsletter. */
function covers(prefix: string | undefined, path: string): boolean {
  return !prefix || path === prefix || (path.startsWith(prefix) && (prefix.endsWith('/') || path[prefix.length] === '/'));
}
