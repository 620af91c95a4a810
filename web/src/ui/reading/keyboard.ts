import { firstCursor, moveCursor, nudge, toEdge, type Cursor } from '../../logic/cursor';
import type { Leaf } from '../../logic/leaves';
import { unitsOf, type Step, type Unit } from '../../logic/units';

/** A text to walk through; its words and sentences are found once, however often a key is pressed. */
export class Walk {
  private readonly found = new Map<Step, Unit[]>();

  constructor(private readonly leaves: Leaf[], private readonly language: string, readonly length: number) {}

  units(step: Step): Unit[] {
    const units = this.found.get(step) ?? unitsOf(this.leaves, step, this.language);
    this.found.set(step, units);
    return units;
  }
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
  return firstCursor(walk.units('word'));
}

/** Where a key leads: a new cursor, out of marking, to the choice of a kind, or null when the key is not ours. */
export function steer(event: KeyboardEvent, cursor: Cursor, walk: Walk): Cursor | 'leave' | 'choose' | null {
  if (event.key === 'Escape') return 'leave';
  if (event.key === 'Enter' || event.key === ' ') return 'choose';
  if (event.altKey && event.key === 'ArrowRight') return nudge(cursor, 1, walk.length);
  if (event.altKey && event.key === 'ArrowLeft') return nudge(cursor, -1, walk.length);
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === 'Home' || event.key === 'End') return toEdge(cursor, walk.units('word'), event.key === 'End', event.shiftKey);
  const step = steps[event.key];
  return step ? moveCursor(cursor, { ...step, extend: event.shiftKey }, walk.units(step.step)) : null;
}
