const names: Record<number, string> = {
  0x09: '→', 0xa0: 'NBSP', 0xad: 'SHY', 0x200b: 'ZWSP', 0x200c: 'ZWNJ', 0x200d: 'ZWJ', 0x200e: 'LRM', 0x200f: 'RLM', 0x202a: 'LRE', 0x202b: 'RLE',
  0x202c: 'PDF', 0x202d: 'LRO', 0x202e: 'RLO', 0x202f: 'NNBSP', 0x2060: 'WJ', 0x2066: 'LRI', 0x2067: 'RLI', 0x2068: 'FSI', 0x2069: 'PDI', 0xfeff: 'BOM',
};

export interface Piece {
  text: string;
  /** The name to be shown instead, for a character that has no shape of its own. */
  name: string | null;
}

/** A text cut so that each character without a shape stands alone, with its name. */
export function revealHidden(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const character of text) {
    const name = nameOfHidden(character.codePointAt(0) ?? 0);
    const last = pieces.at(-1);
    if (name === null && last?.name === null) last.text += character;
    else pieces.push({ text: character, name });
  }
  return pieces;
}

export function hasHidden(text: string): boolean {
  return revealHidden(text).some(piece => piece.name !== null);
}

function nameOfHidden(code: number): string | null {
  const known = names[code];
  if (known) return known;
  const control = (code < 0x20 && code !== 0x0a && code !== 0x0d) || (code >= 0x7f && code < 0xa0);
  const tag = code >= 0xe0000 && code <= 0xe007f;
  return control || tag ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : null;
}
