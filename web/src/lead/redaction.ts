import type { Place } from '../api/held';
import { codePoints } from '../logic/code-points';

/** A place that a lead may have replaced, or may let stand. */
export interface Marked extends Place {
  on: boolean;
}

export interface Segment {
  start: number;
  text: string;
  place: Marked | null;
}

/** What is offered for words that a person marked: what the screen looks for and, first, what it cannot find. */
export const markClasses = ['name', 'address', 'date', 'phone', 'email', 'record_number', 'account', 'other'];

/** The word that stands in for a place. */
export function token(kind: string): string {
  return kind === 'other' || kind === 'address' ? '[REMOVED]' : `[${kind.toUpperCase().replaceAll('_', ' ')}]`;
}

/** With one place more; those it overlaps become part of it. */
export function withPlace(places: Marked[], place: Place): Marked[] {
  const touched = places.filter(other => other.path === place.path && other.start < place.end && place.start < other.end);
  const start = Math.min(place.start, ...touched.map(other => other.start));
  const end = Math.max(place.end, ...touched.map(other => other.end));
  return [...places.filter(other => !touched.includes(other)), { ...place, start, end, on: true }];
}

/** Every place where the words stand, letters without regard to case. */
export function occurrences(texts: { path: string; text: string }[], words: string, kind: string): Place[] {
  const wanted = words.trim();
  if (!wanted) return [];
  const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu');
  return texts.flatMap(({ path, text }) => {
    const points = codePoints(text);
    return [...text.matchAll(pattern)].map(match => ({ path, start: points.fromUtf16(match.index), end: points.fromUtf16(match.index + match[0].length), class: kind }));
  });
}

/** A text cut at its places, in order; the screen's own may overlap, and then the first one wins. */
export function segments(path: string, text: string, places: Marked[]): Segment[] {
  const points = codePoints(text);
  const cut: Segment[] = [];
  let from = 0;
  for (const place of places.filter(one => one.path === path).toSorted((one, other) => one.start - other.start)) {
    if (place.start < from) continue;
    if (place.start > from) cut.push({ start: from, text: points.slice(from, place.start), place: null });
    cut.push({ start: place.start, text: points.slice(place.start, place.end), place });
    from = place.end;
  }
  if (from < points.length) cut.push({ start: from, text: points.slice(from, points.length), place: null });
  return cut;
}

/** In the order of the texts, so that the record of the decision reads like them. */
export function sent(places: Marked[]): Place[] {
  const inOrder = places.filter(place => place.on).toSorted((one, other) => (one.path === other.path ? one.start - other.start : one.path.localeCompare(other.path)));
  return inOrder.map(({ path, start, end, class: kind }) => ({ path, start, end, class: kind === 'address' ? 'other' : kind }));
}
