/**
 * A text addressed by Unicode code points, as every stored offset is. JavaScript counts UTF-16 units, which differ
 * as soon as one emoji appears; text without such characters needs no table.
 */
export interface CodePoints {
  readonly text: string;
  readonly length: number;
  toUtf16(codePoint: number): number;
  fromUtf16(unit: number): number;
  slice(start: number, end: number): string;
}

export function codePoints(text: string): CodePoints {
  return /[\uD800-\uDFFF]/.test(text) ? indexed(text) : plain(text);
}

export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function plain(text: string): CodePoints {
  const clamp = (offset: number) => Math.max(0, Math.min(offset, text.length));
  return { text, length: text.length, toUtf16: clamp, fromUtf16: clamp, slice: (start, end) => text.slice(clamp(start), clamp(end)) };
}

function indexed(text: string): CodePoints {
  const starts: number[] = [];
  let unit = 0;
  for (const character of text) {
    starts.push(unit);
    unit += character.length;
  }
  const length = starts.length;
  starts.push(unit);
  const toUtf16 = (codePoint: number) => starts[Math.max(0, Math.min(codePoint, length))] ?? unit;
  return { text, length, toUtf16, fromUtf16: at => lastAtOrBefore(starts, at), slice: (start, end) => text.slice(toUtf16(start), toUtf16(end)) };
}

/** A unit in the middle of a pair belongs to the code point that it is a half of. */
function lastAtOrBefore(starts: number[], unit: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
}
