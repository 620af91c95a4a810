import type { SpanCode } from './guideline';

const shown = 8;

/** What the field is likely to mean for a kind: at most eight, those used before in this task first. */
export function suggested(codes: SpanCode[], kind: string, used: string[] = []): SpanCode[] {
  const fitting = codes.filter(code => code.kinds.includes(kind));
  const rank = (code: SpanCode) => (used.includes(code.code) ? 0 : 1) + code.kinds.length / 10;
  return [...fitting].sort((a, b) => rank(a) - rank(b)).slice(0, shown);
}

/** Every code whose letters, name or description hold all the words typed; names before descriptions. */
export function searchCodes(codes: SpanCode[], query: string): SpanCode[] {
  const words = query.toLowerCase().split(/\s+/).filter(word => word !== '');
  const score = (code: SpanCode) => {
    const name = `${code.code} ${code.name}`.toLowerCase();
    const all = `${name} ${code.description}`.toLowerCase();
    if (!words.every(word => all.includes(word))) return 9;
    if (code.code.toLowerCase() === words[0]) return 0;
    return words.every(word => name.includes(word)) ? 1 : 2;
  };
  return codes.map(code => ({ code, at: score(code) })).filter(entry => entry.at < 9).sort((a, b) => a.at - b.at).map(entry => entry.code);
}
