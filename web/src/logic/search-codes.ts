import type { SpanCode } from './guideline';

const shown = 8;
const omissionGroup = 'O';

/** What the field is likely to mean for a kind: at most eight, those used before in this task first. */
export function suggested(codes: SpanCode[], kind: string, used: string[] = []): SpanCode[] {
  const fitting = codes.filter(code => code.kinds.includes(kind));
  const rank = (code: SpanCode) => (used.includes(code.code) ? 0 : 1) + code.kinds.length / 10;
  return [...fitting].sort((a, b) => rank(a) - rank(b)).slice(0, shown);
}

/** What may be missing from an answer; nothing of these is a strength. */
export function omissionCodes(codes: SpanCode[]): SpanCode[] {
  return codes.filter(code => code.group === omissionGroup);
}

/** Every code whose letters, name or description hold all the words typed; names before descriptions, and none for no words. */
export function searchCodes(codes: SpanCode[], query: string): SpanCode[] {
  const words = query.toLowerCase().split(/\s+/).filter(word => word !== '');
  if (words.length === 0) return [];
  const score = (code: SpanCode) => {
    const name = `${code.code} ${code.name}`.toLowerCase();
    const all = `${name} ${code.description}`.toLowerCase();
    if (!words.every(word => all.includes(word))) return 9;
    if (code.code.toLowerCase() === words[0]) return 0;
    return words.every(word => name.includes(word)) ? 1 : 2;
  };
  return codes.map(code => ({ code, at: score(code) })).filter(entry => entry.at < 9).sort((a, b) => a.at - b.at).map(entry => entry.code);
}

/** What a search finds among the codes of a kind, and, apart from them, among the others. */
export function searchWithin(codes: SpanCode[], kind: string, query: string): { fitting: SpanCode[]; others: SpanCode[] } {
  const found = searchCodes(codes, query);
  return { fitting: found.filter(code => code.kinds.includes(kind)).slice(0, 12), others: found.filter(code => !code.kinds.includes(kind)).slice(0, 6) };
}
