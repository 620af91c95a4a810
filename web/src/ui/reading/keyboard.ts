import { firstCursor, moveCursor, nudge, toEdge, type Cursor } from '../../logic/cursor';
import type { Leaf } from '../../logic/leaves';
import { unitsOf, type Step } from '../../logic/units';

export interface Walk {
  leaves: Leaf[];
  language: string;
  length: number;
}

const steps: Record<string, { step: Step; forward: boolean }> = {
  ArrowRight: { step: 'word', forward: true },
  ArrowLeft: { step: 'word', forward: false },
  ArrowDown: { step: 'sentence', forward: true },
  ArrowUp: { step: 'sentence', forward: false },
  PageDown: { step: 'block', forward: true },
  PageUp: { step: 'block', forward: false },
};

export function enter(walk: Walk): Cursor | null {
  return firstCursor(unitsOf(walk.leaves, 'word', walk.language));
}

/** Where a key leads: a new cursor, out of marking, to the choice of a kind, or null when the key is not ours. */
export function steer(event: KeyboardEvent, cursor: Cursor, walk: Walk): Cursor | 'leave' | 'choose' | null {
  const words = () => unitsOf(walk.leaves, 'word', walk.language);
  if (event.key === 'Escape') return 'leave';
  if (event.key === 'Enter' || event.key === ' ') return 'choose';
  if (event.altKey && event.key === 'ArrowRight') return nudge(cursor, 1, walk.length);
  if (event.altKey && event.key === 'ArrowLeft') return nudge(cursor, -1, walk.length);
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === 'Home' || event.key === 'End') return toEdge(cursor, words(), event.key === 'End', event.shiftKey);
  const step = steps[event.key];
  return step ? moveCursor(cursor, { ...step, extend: event.shiftKey }, unitsOf(walk.leaves, step.step, walk.language)) : null;
}
