import { codePoints } from './code-points';

export interface Stretch {
  start: number;
  end: number;
}

/**
 * The stretch of stored text behind a selection. Every shown run is an element that carries its place (`data-s`, and
 * `data-e` when only the whole run can be taken), so that tags between runs and labels on them do not matter.
 */
export function stretchOf(root: Element, range: Range): Stretch | null {
  let start: number | null = null;
  let end: number | null = null;
  for (const run of root.querySelectorAll<HTMLElement>('[data-s]')) {
    if (!range.intersectsNode(run)) continue;
    const part = partOf(run, range);
    if (!part) continue;
    start ??= part.start;
    end = part.end;
  }
  return start === null || end === null || end <= start ? null : { start, end };
}

function partOf(run: HTMLElement, range: Range): Stretch | null {
  const node = [...run.childNodes].find((child): child is Text => child.nodeType === Node.TEXT_NODE && child.nodeValue !== '');
  if (!node) return null;
  const text = node.data;
  const from = range.startContainer === node ? range.startOffset : range.comparePoint(node, 0) < 0 ? text.length : 0;
  const to = range.endContainer === node ? range.endOffset : range.comparePoint(node, text.length) > 0 ? 0 : text.length;
  if (from >= to) return null;
  const s = Number(run.dataset['s']);
  if (run.dataset['e'] !== undefined) return { start: s, end: Number(run.dataset['e']) };
  const points = codePoints(text);
  return { start: s + points.fromUtf16(from), end: s + points.fromUtf16(to) };
}

/** Without the blanks that a double click or a hasty drag takes along. */
export function trimmed(text: string, stretch: Stretch): Stretch | null {
  const points = codePoints(text);
  const quote = points.slice(stretch.start, stretch.end);
  const head = [...(/^\s*/.exec(quote)?.[0] ?? '')].length;
  const tail = [...(/\s*$/.exec(quote)?.[0] ?? '')].length;
  const cut = { start: stretch.start + head, end: stretch.end - tail };
  return cut.end > cut.start ? cut : null;
}
