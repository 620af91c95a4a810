import { beforeEach, describe, expect, it } from 'vitest';
import { Problem, Unreachable } from '../api/problem';
import { emptyJudgement } from '../logic/form';
import { forgetPerson, hasUnsaved } from './local-copy';
import { Outbox, type Waiting } from './outbox';

class Shelf {
  private items = new Map<string, string>();
  get length() { return this.items.size; }
  key = (index: number) => [...this.items.keys()][index] ?? null;
  getItem = (key: string) => this.items.get(key) ?? null;
  removeItem = (key: string) => void this.items.delete(key);
  setItem = (key: string, value: string) => void this.items.set(key, value);
}

const entry = (taskId: string): Omit<Waiting, 'unsaved' | 'refused'> => ({
  projectId: 'demo', projectName: 'Demo', taskId, guideline: { id: 'g', version: 1 }, annotationId: `id-${taskId}`, leaseId: 'l', judgement: emptyJudgement(['A']), acknowledged: [], queuedAt: `2026-01-0${taskId}`,
});
const away = () => { throw new Unreachable(); };
const gone = () => { throw new Problem(409, 'lease_gone', 'Gone.'); };

let shelf: Shelf;
let sent: string[];
let renewed: number;
let waits: number[];

function box(answers: (() => unknown)[], renew: () => unknown = () => {}): Outbox {
  return new Outbox('p1', shelf, {
    send: async waiting => { sent.push(waiting.annotationId); return (answers.shift() ?? (() => {}))(); },
    renew: async () => { renewed++; return renew(); },
    later: milliseconds => (waits.push(milliseconds), () => {}),
    alone: work => work(),
  });
}

beforeEach(() => { shelf = new Shelf(); sent = []; waits = []; renewed = 0; });

describe('the outbox', () => {
  it('keeps what could not be sent through a reload, and sends it once the server answers', async () => {
    const before = box([away]);
    before.put(entry('1'));
    await before.flush();
    expect(before.taskIds).toEqual(['1']);
    expect(waits.at(-1)).toBe(10_000);

    const after = box([]);
    const told: string[] = [];
    after.addEventListener('sent', event => told.push((event as CustomEvent<Waiting>).detail.taskId));
    await after.flush();
    expect(sent).toEqual(['id-1', 'id-1']); // one id, and so one record
    expect(after.waiting).toEqual([]);
    expect(told).toEqual(['1']);
  });

  it('stops at the first that finds no server, and keeps the order', async () => {
    const both = box([away]);
    both.put(entry('2'));
    both.put(entry('1'));
    await both.flush();
    expect(sent).toEqual(['id-1']);
    expect(both.taskIds).toEqual(['1', '2']);
  });

  it('has a place back that ran out meanwhile, if it is still free', async () => {
    const late = box([gone]);
    late.put(entry('1'));
    await late.flush();
    expect([renewed, late.waiting.length]).toEqual([1, 0]);
  });

  it('keeps what the server refuses, with the reason, and tries that again only when asked', async () => {
    const refused = box([gone], gone);
    refused.put(entry('1'));
    refused.put(entry('2'));
    await refused.flush();
    expect(refused.waiting).toMatchObject([{ taskId: '1', refused: 'Gone.' }]);
    await refused.flush();
    expect(sent).toEqual(['id-1', 'id-2']);
    await refused.flush(refused.waiting[0]);
    expect(refused.waiting).toEqual([]);
  });

  it('takes a record that is there already for sent, and a session that ended for out of reach', async () => {
    const twice = box([() => { throw new Problem(409, 'already_submitted', 'Is there.'); }, () => { throw new Problem(401, 'signed_out', 'Sign in.'); }]);
    twice.put(entry('1'));
    twice.put(entry('2'));
    await twice.flush();
    expect(twice.waiting).toMatchObject([{ taskId: '2' }]);
    expect(twice.waiting[0]?.refused).toBeUndefined();
  });

  it('counts as unsaved work of this person, and goes with them', () => {
    box([]).put(entry('1'));
    expect(hasUnsaved(shelf, 'p1')).toBe(true);
    forgetPerson(shelf, 'p1');
    expect(box([]).waiting).toEqual([]);
  });
});
