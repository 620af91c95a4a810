import type { Step, Unit } from './units';

/** The keyboard's place in a response: what is selected, and the end that moves. */
export interface Cursor {
  anchor: Unit;
  focus: Unit;
}

export interface Move {
  step: Step;
  forward: boolean;
  extend: boolean;
}

export function selected(cursor: Cursor): Unit {
  return { start: Math.min(cursor.anchor.start, cursor.focus.start), end: Math.max(cursor.anchor.end, cursor.focus.end) };
}

export function firstCursor(units: Unit[]): Cursor | null {
  const unit = units[0];
  return unit ? { anchor: unit, focus: unit } : null;
}

/** Goes to the next or previous unit; with `extend`, keeps where it began. At an edge it stays. */
export function moveCursor(cursor: Cursor, move: Move, units: Unit[]): Cursor {
  const target = move.forward ? after(cursor.focus, units) : before(cursor.focus, units);
  const focus = target ?? cursor.focus;
  return move.extend ? { anchor: cursor.anchor, focus } : { anchor: focus, focus };
}

export function toEdge(cursor: Cursor, units: Unit[], last: boolean, extend: boolean): Cursor {
  const focus = (last ? units.at(-1) : units[0]) ?? cursor.focus;
  return extend ? { anchor: cursor.anchor, focus } : { anchor: focus, focus };
}

/** Moves the end of the selection by single code points, never past its start or the text. */
export function nudge(cursor: Cursor, by: number, length: number): Cursor {
  const now = selected(cursor);
  const end = Math.max(now.start + 1, Math.min(now.end + by, length));
  const unit = { start: now.start, end };
  return { anchor: unit, focus: unit };
}

/** A larger step first selects the unit one stands in, then goes on from there. */
function after(focus: Unit, units: Unit[]): Unit | undefined {
  const around = units.find(unit => unit.start <= focus.start && unit.end >= focus.end && size(unit) > size(focus));
  return around ?? units.find(unit => unit.start >= focus.end || (unit.start > focus.start && size(unit) < size(focus)));
}

function before(focus: Unit, units: Unit[]): Unit | undefined {
  return units.findLast(unit => unit.end <= focus.start);
}

function size(unit: Unit): number {
  return unit.end - unit.start;
}
