import { codePoints } from './code-points';
import type { Leaf } from './leaves';

export type Step = 'word' | 'sentence' | 'block';

/** A stretch of the stored text that the keyboard stops at. */
export interface Unit {
  start: number;
  end: number;
}

/** Words, sentences or blocks of the shown text, in reading order. */
export function unitsOf(leaves: Leaf[], step: Step, language?: string): Unit[] {
  return blocks(leaves).flatMap(block => (step === 'block' ? [whole(block)] : cut(block, step, language)));
}

function blocks(leaves: Leaf[]): Leaf[][] {
  const groups = new Map<number, Leaf[]>();
  for (const leaf of leaves) groups.set(leaf.block, [...(groups.get(leaf.block) ?? []), leaf]);
  return [...groups.values()].filter(group => group.some(leaf => leaf.text.trim() !== ''));
}

function whole(block: Leaf[]): Unit {
  return { start: block[0]?.s ?? 0, end: block.at(-1)?.e ?? 0 };
}

function cut(block: Leaf[], step: 'word' | 'sentence', language?: string): Unit[] {
  const text = block.map(leaf => leaf.text).join('');
  const place = placer(block);
  const units: Unit[] = [];
  for (const piece of segmenter(step, language).segment(text)) {
    const trimmed = piece.segment.trim();
    if (trimmed === '' || (step === 'word' && !piece.isWordLike)) continue;
    const from = piece.index + piece.segment.indexOf(trimmed);
    units.push({ start: place(from, 'start'), end: place(from + trimmed.length, 'end') });
  }
  return units.length > 0 ? units : [whole(block)];
}

/** From a UTF-16 index in a block's shown text to the code point in the stored text. */
function placer(block: Leaf[]): (index: number, side: 'start' | 'end') => number {
  const rows: { from: number; leaf: Leaf; points: ReturnType<typeof codePoints> }[] = [];
  let from = 0;
  for (const leaf of block) {
    rows.push({ from, leaf, points: codePoints(leaf.text) });
    from += leaf.text.length;
  }
  return (index, side) => {
    const row = rows.findLast(candidate => (side === 'start' ? candidate.from <= index : candidate.from < index)) ?? rows[0];
    if (!row) return 0;
    if (row.leaf.snap) return side === 'start' ? row.leaf.s : row.leaf.e;
    return row.leaf.s + row.points.fromUtf16(index - row.from);
  };
}

function segmenter(granularity: 'word' | 'sentence', language?: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language || 'en', { granularity });
  } catch {
    return new Intl.Segmenter('en', { granularity });
  }
}
