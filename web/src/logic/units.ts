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
  for (const piece of pieces(text, step, language)) {
    const trimmed = piece.segment.trim();
    if (trimmed === '' || (step === 'word' && !piece.isWordLike)) continue;
    const from = piece.index + piece.segment.indexOf(trimmed);
    units.push({ start: place(from, 'start'), end: place(from + trimmed.length, 'end') });
  }
  return units.length > 0 ? units : [whole(block)];
}

const goesOn = /(?:^|[\s(])(?:Dr|Mrs?|Ms|Prof|vs|approx|ca|cf|e\.g|i\.e)\.\s*$/;
const numbered = /(?:^|[\s(])(?:Figs?|Nos?|Refs?|Tab|Vol|Ch|pp?)\.\s*$/;
const numberAlone = /^\s*\(?\d{1,2}[.)]\s*$/;

interface Piece {
  segment: string;
  index: number;
  isWordLike?: boolean;
}

/** As the language cuts them; but no sentence ends with a title, an abbreviation or the number of an item. */
function pieces(text: string, step: 'word' | 'sentence', language?: string): Piece[] {
  const cut: Piece[] = [];
  for (const { segment, index, isWordLike } of segmenter(step, language).segment(text)) {
    const last = step === 'sentence' ? cut.at(-1) : undefined;
    if (last && (goesOn.test(last.segment) || numberAlone.test(last.segment) || (numbered.test(last.segment) && /^\d/.test(segment)))) last.segment += segment;
    else cut.push({ segment, index, isWordLike: isWordLike ?? false });
  }
  return cut;
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** Two words say nothing that could be checked, unless there is a figure among them. Where words are not set apart, signs are counted. */
export function saysSomething(text: string): boolean {
  return text.trim().split(/\s+/).length > 2 || /\d/.test(text) || (text.match(unspaced)?.length ?? 0) > 3;
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
