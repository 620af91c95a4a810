import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Me } from '../api/people';
import type { Assignment } from '../api/tasks';
import type { Guideline } from '../logic/guideline';
import { forgetHeld, keepGuideline, keepHeld, keepMe, keptGuideline, keptHeld, keptMe } from './kept-tasks';
import { forgetPerson } from './local-copy';

const store = new Map<string, string>();
const storage = {
  getItem: (key: string) => store.get(key) ?? null,
  setItem: (key: string, value: string) => void store.set(key, value),
  removeItem: (key: string) => void store.delete(key),
  key: (index: number) => [...store.keys()][index] ?? null,
  get length() {
    return store.size;
  },
};
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const task = (taskId: string, expiresAt: string, text = '') => ({ lease: { leaseId: 'l', expiresAt }, task: { projectId: 'p', taskId, item: { responses: [{ text }] } } }) as unknown as Assignment;
const ids = (personId: string) => keptHeld(personId).map(kept => kept.task.taskId);

beforeEach(() => {
  store.clear();
  vi.stubGlobal('localStorage', storage);
});

describe('tasks on this device', () => {
  it('are a person\'s own, the one that ends first at the front, until they are done or the person signs out', () => {
    keepHeld('me', task('b', inMinutes(30)));
    keepHeld('me', task('a', inMinutes(10)));
    keepHeld('you', task('c', inMinutes(5)));
    expect(ids('me')).toEqual(['a', 'b']);
    forgetHeld('me', 'p', 'a');
    expect(ids('me')).toEqual(['b']);
    forgetPerson(storage, 'me');
    expect([ids('me'), ids('you')]).toEqual([[], ['c']]);
  });

  it('are not kept for longer than a day after their reservation, nor when they take the room that drafts need', () => {
    keepHeld('me', task('old', inMinutes(-25 * 60)));
    keepHeld('me', task('late', inMinutes(-60)));
    keepHeld('me', task('huge', inMinutes(30), 'x'.repeat(500_000)));
    expect(ids('me')).toEqual(['late']);
    expect([...store.keys()].some(key => key.includes('old'))).toBe(false);
  });
});

describe('what else is kept', () => {
  it('is the last few guidelines and who works here, and neither after signing out', () => {
    for (const sha of ['1', '2', '3', '4']) keepGuideline(sha, { id: sha } as Guideline);
    expect(['1', '2', '3', '4'].filter(keptGuideline)).toEqual(['2', '3', '4']);
    keepMe({ personId: 'me' } as Me);
    expect(keptMe()).toEqual({ personId: 'me' });
    keepMe(null);
    expect([keptMe(), keptGuideline('4')]).toEqual([null, null]);
  });
});
