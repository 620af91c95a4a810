import { beforeEach, describe, expect, it } from 'vitest';
import { emptyJudgement } from '../logic/form';
import { copyKey, forgetPerson, hasUnsaved, readCopy, writeCopy, type LocalCopy } from './local-copy';
import { startingPoint } from './starting-point';

class Shelf {
  private items = new Map<string, string>();
  full = false;
  get length() { return this.items.size; }
  key = (index: number) => [...this.items.keys()][index] ?? null;
  getItem = (key: string) => this.items.get(key) ?? null;
  removeItem = (key: string) => void this.items.delete(key);
  setItem(key: string, value: string) {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    this.items.set(key, value);
  }
}

const copy = (change: Partial<LocalCopy> = {}): LocalCopy => ({ leaseId: 'l', annotationId: 'a', revision: 3, judgement: { ...emptyJudgement(['A']), overall: 4 }, unsaved: true, changedAt: 't', ...change });
const server = (revision: number, overall = 2) => ({ revision, judgement: { ...emptyJudgement(['A']), overall }, savedAt: 's' });
let shelf: Shelf;

beforeEach(() => (shelf = new Shelf()));

describe('the copy on the device', () => {
  it('is kept per person and task, and forgotten with the person', () => {
    writeCopy(shelf, copyKey('p1', 'demo', 't'), copy());
    writeCopy(shelf, copyKey('p2', 'demo', 't'), copy());
    shelf.setItem('unrelated', 'x');
    expect(hasUnsaved(shelf, 'p1')).toBe(true);
    forgetPerson(shelf, 'p1');
    expect(readCopy(shelf, copyKey('p1', 'demo', 't'))).toBeNull();
    expect(readCopy(shelf, copyKey('p2', 'demo', 't'))?.revision).toBe(3);
    expect(shelf.getItem('unrelated')).toBe('x');
  });

  it('says when the device refuses to keep it', () => {
    shelf.full = true;
    expect(writeCopy(shelf, 'k', copy())).toBe(false);
  });

  it('is nothing when it cannot be read', () => {
    shelf.setItem('k', '{broken');
    expect(readCopy(shelf, 'k')).toBeNull();
  });
});

describe('where to begin', () => {
  it('is the server\'s draft when nothing is waiting on the device', () => {
    expect(startingPoint(null, server(5))).toMatchObject({ judgement: { overall: 2 }, revision: 5, unsaved: false });
    expect(startingPoint(copy({ unsaved: false }), server(5))).toMatchObject({ judgement: { overall: 2 }, revision: 5 });
    expect(startingPoint(null, null)).toEqual({ judgement: null, revision: 0, savedAt: null, unsaved: false });
  });

  it('is what is on the device only, on the revision that it was written on', () => {
    expect(startingPoint(copy(), server(3))).toMatchObject({ judgement: { overall: 4 }, revision: 3, unsaved: true });
    expect(startingPoint(copy(), server(9))).toMatchObject({ revision: 3, unsaved: true });
  });

  it('begins anew with its revision when the server has no draft', () => {
    expect(startingPoint(copy(), null)).toMatchObject({ judgement: { overall: 4 }, revision: 0, unsaved: true });
  });
});
