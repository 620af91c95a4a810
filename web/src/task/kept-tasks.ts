import type { Me } from '../api/people';
import type { Assignment } from '../api/tasks';
import type { Guideline } from '../logic/guideline';
import { copyKey, prefixOf } from './local-copy';

const suffix = ':held';
const guidelinePrefix = 'healtheval:guideline:';
const meKey = 'healtheval:me';
const mostGuidelines = 3;
/** Longer tasks are not kept: drafts need the room more. */
const longest = 400_000;

function read<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

/** False when the device is full: then the task is not there without a network, and nothing else is amiss. */
function write(key: string, value: unknown): boolean {
  const text = JSON.stringify(value);
  if (text.length > longest) return false;
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

function keys(begin: string, end = ''): string[] {
  return Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index)!).filter(key => key.startsWith(begin) && key.endsWith(end));
}

/** Keeps a task on this device, so that it opens without a network; until it is handed in or given back. */
export function keepHeld(personId: string, assignment: Assignment): void {
  write(copyKey(personId, assignment.task.projectId, assignment.task.taskId) + suffix, { assignment, unsaved: false });
}

export function forgetHeld(personId: string, projectId: string, taskId: string): void {
  localStorage.removeItem(copyKey(personId, projectId, taskId) + suffix);
}

/** Those that a person has here, the one whose reservation ends first at the front; what has been over for a day is not kept any longer. */
export function keptHeld(personId: string): Assignment[] {
  const mine = keys(prefixOf(personId), suffix).map(key => ({ key, assignment: read<{ assignment: Assignment }>(key)?.assignment }));
  const isOver = (assignment: Assignment | undefined) => !assignment || Date.parse(assignment.lease.expiresAt) < Date.now() - 24 * 3600_000;
  for (const { key, assignment } of mine) if (isOver(assignment)) localStorage.removeItem(key);
  return mine.flatMap(({ assignment }) => (assignment && !isOver(assignment) ? [assignment] : [])).sort((a, b) => a.lease.expiresAt.localeCompare(b.lease.expiresAt));
}

export function keepGuideline(sha256: string, guideline: Guideline): Guideline {
  const others = keys(guidelinePrefix).filter(key => key !== guidelinePrefix + sha256);
  for (const key of others.slice(0, Math.max(0, others.length - mostGuidelines + 1))) localStorage.removeItem(key);
  write(guidelinePrefix + sha256, guideline);
  return guideline;
}

export function keptGuideline(sha256: string): Guideline | null {
  return read<Guideline>(guidelinePrefix + sha256);
}

/** Who works on this device, so that the form opens without a network; null forgets them, with the guidelines. */
export function keepMe(me: Me | null): void {
  if (me) return void write(meKey, me);
  for (const key of [meKey, ...keys(guidelinePrefix)]) localStorage.removeItem(key);
}

export function keptMe(): Me | null {
  return read<Me>(meKey);
}
