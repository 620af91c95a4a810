/** True when every word of the query is somewhere in the texts; letters without regard to case or accents. */
export function found(query: string, ...texts: (string | null | undefined)[]): boolean {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const text = plain(texts.filter(Boolean).join(' '));
  return words.every(word => text.includes(word));
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
