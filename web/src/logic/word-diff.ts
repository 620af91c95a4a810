export interface Piece {
  kind: 'same' | 'in' | 'out';
  text: string;
}

/** Above this many pairs of words the middle is shown as replaced: nobody reads a finer difference of such texts. */
const mostPairs = 1_000_000;

/** What has to go and what has to come, word by word, to get from one text to the other. The pieces that are not `out` make up `after`. */
export function wordDiff(before: string, after: string): Piece[] {
  const [a, b] = [words(before), words(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [oldMiddle, newMiddle] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const middle: Piece[] = oldMiddle.length * newMiddle.length > mostPairs
    ? [piece('out', oldMiddle), piece('in', newMiddle)]
    : aligned(oldMiddle, newMiddle);
  return joined([piece('same', a.slice(0, start)), ...middle, piece('same', a.slice(a.length - end))]);
}

/** Along a longest common subsequence. */
function aligned(a: string[], b: string[]): Piece[] {
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push({ kind: 'same', text: a[i++]! });
      j++;
    } else if (j === b.length || (i < a.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) pieces.push({ kind: 'out', text: a[i++]! });
    else pieces.push({ kind: 'in', text: b[j++]! });
  }
  return pieces;
}

function words(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
}

function piece(kind: Piece['kind'], text: string[]): Piece {
  return { kind, text: text.join('') };
}

/** Neighbours of one kind as one, nothing empty. */
function joined(pieces: Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const { kind, text } of pieces) {
    const last = all.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text) all.push({ kind, text });
  }
  return all;
}
