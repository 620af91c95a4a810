import { beforeEach, describe, expect, it } from 'vitest';
import { Problem, Unreachable } from '../api/problem';
import { DraftQueue, type DraftStatus } from './draft-queue';
import { emptyJudgement } from './form';
import type { Judgement } from './judgement';

interface Sent {
  revision: number;
  judgement: Judgement;
  answer: (revision: number) => Promise<void>;
  fail: (error: unknown) => Promise<void>;
}

const draft = (overall: number) => ({ ...emptyJudgement(['A']), overall });
const settle = () => new Promise(resolve => setTimeout(resolve, 0));

let sent: Sent[];
let kept: { revision: number; overall: number | null; unsaved: boolean }[];
let said: DraftStatus[];
let timers: { milliseconds: number; run: () => void; off: boolean }[];
let queue: DraftQueue;
let now: number;
let copies: boolean;

beforeEach(() => {
  [sent, kept, said, timers, now] = [[], [], [], [], 0];
  copies = true;
  queue = new DraftQueue(
    {
      send: (revision, judgement) =>
        new Promise((resolve, reject) =>
          sent.push({
            revision, judgement,
            answer: next => (resolve({ revision: next, savedAt: `t${next}` }), settle()) as Promise<void>,
            fail: error => (reject(error as Error), settle()) as Promise<void>,
          })),
      keep: (revision, judgement, unsaved) => (kept.push({ revision, overall: judgement.overall, unsaved }), copies),
      later: (milliseconds, run) => {
        const timer = { milliseconds, run, off: false };
        timers.push(timer);
        return () => (timer.off = true);
      },
      now: () => now,
      same: (one, other) => one.overall === other.overall,
      changed: status => said.push(status),
    },
    0,
  );
});

const fire = async () => (timers.findLast(timer => !timer.off)?.run(), settle());

describe('saving a draft', () => {
  it('waits for a pause, keeps a copy on the device first, and sends once', async () => {
    queue.change(draft(1));
    queue.change(draft(2));
    expect(sent).toHaveLength(0);
    expect(kept.at(-1)).toEqual({ revision: 0, overall: 2, unsaved: true });
    await fire();
    expect(sent.map(call => call.judgement.overall)).toEqual([2]);
  });

  it('waits five seconds after the last change, and thirty after the first at most', () => {
    const waits: number[] = [];
    for (now = 0; now < 30_000; now += 2000) {
      queue.change(draft(1));
      waits.push(timers.findLast(timer => !timer.off)!.milliseconds);
      expect(timers.filter(timer => !timer.off)).toHaveLength(1);
    }
    expect(waits.slice(0, 13)).toEqual(Array(13).fill(5000));
    expect(waits.slice(13)).toEqual([4000, 2000]);
  });

  it('does not wait so long where the device refuses to keep a copy', () => {
    copies = false;
    queue.change(draft(1));
    expect(timers.at(-1)!.milliseconds).toBe(700);
  });

  it('begins to count anew with what is written after a save', async () => {
    queue.change(draft(1));
    now = 29_000;
    queue.change(draft(2));
    expect(timers.findLast(timer => !timer.off)!.milliseconds).toBe(1000);
    await fire();
    await sent[0]!.answer(1);
    now = 29_500;
    queue.change(draft(3));
    expect(timers.findLast(timer => !timer.off)!.milliseconds).toBe(5000);
    expect(queue.status.kind).toBe('waiting'); // what is not on the server is not called saved
  });

  it('sends at once what waits when the page is hidden or left, and calls the pause off', async () => {
    queue.change(draft(1));
    void queue.flush();
    await settle();
    expect(sent).toHaveLength(1);
    expect(timers.every(timer => timer.off)).toBe(true);
  });

  it('is called saved only when the server has said so', async () => {
    queue.change(draft(1));
    await fire();
    expect(queue.status.kind).toBe('saving');
    await sent[0]!.answer(1);
    expect(queue.status).toEqual({ kind: 'saved', at: 't1' });
    expect(kept.at(-1)).toEqual({ revision: 1, overall: 1, unsaved: false });
  });

  it('sends one request at a time, the next on top of the acknowledged revision', async () => {
    queue.change(draft(1));
    await fire();
    queue.change(draft(2));
    expect(sent).toHaveLength(1);
    await sent[0]!.answer(1);
    expect(sent[1]).toMatchObject({ revision: 1, judgement: { overall: 2 } });
    expect(kept.some(copy => copy.revision === 1 && copy.overall === 2 && copy.unsaved)).toBe(true);
  });

  it('keeps trying, ever slower, when the network is gone, and sends the latest when it is back', async () => {
    queue.change(draft(1));
    await fire();
    await sent[0]!.fail(new Unreachable());
    expect(queue.status).toEqual({ kind: 'offline', kept: true });
    expect(timers.at(-1)?.milliseconds).toBe(1000);
    await fire();
    await sent[1]!.fail(new Unreachable());
    expect(timers.at(-1)?.milliseconds).toBe(2000);
    queue.change(draft(5));
    void queue.flush();
    await settle();
    expect(sent[2]).toMatchObject({ revision: 0, judgement: { overall: 5 } });
    await sent[2]!.answer(1);
    expect(queue.status.kind).toBe('saved');
  });

  it('waits as long as the server asks', async () => {
    queue.change(draft(1));
    await fire();
    await sent[0]!.fail(new Problem(503, 'busy', 'Busy.', {}, {}, 9));
    expect(timers.at(-1)?.milliseconds).toBe(9000);
  });

  it('stops before a newer draft and lets the person choose', async () => {
    const current = { revision: 7, judgement: draft(4), savedAt: 't7' };
    queue.change(draft(1));
    await fire();
    await sent[0]!.fail(new Problem(409, 'draft_older', 'Older.', {}, { current }));
    expect(queue.status).toEqual({ kind: 'newer_elsewhere', current });
    queue.change(draft(2));
    await fire();
    expect(sent).toHaveLength(1);
    void queue.keepMine(current, draft(2));
    await settle();
    expect(sent[1]).toMatchObject({ revision: 7, judgement: { overall: 2 } });
  });

  it('knows its own draft again that was saved when the page closed', async () => {
    queue.change(draft(4));
    await fire();
    await sent[0]!.fail(new Problem(409, 'draft_older', 'Older.', {}, { current: { revision: 7, judgement: draft(4), savedAt: 't7' } }));
    expect(queue.status).toEqual({ kind: 'saved', at: 't7' });
    expect(queue.revision).toBe(7);
  });

  it('takes the newer draft when told to, and has nothing left to send', async () => {
    const current = { revision: 7, judgement: draft(4), savedAt: 't7' };
    queue.change(draft(1));
    await fire();
    await sent[0]!.fail(new Problem(409, 'draft_older', 'Older.', {}, { current }));
    queue.take(current);
    await queue.flush();
    expect(sent).toHaveLength(1);
    expect(queue.status).toEqual({ kind: 'saved', at: 't7' });
    expect(kept.at(-1)).toEqual({ revision: 7, overall: 4, unsaved: false });
  });

  it('stops when the lease is gone, keeps the copy, and goes on when it is back', async () => {
    queue.change(draft(1));
    await fire();
    await sent[0]!.fail(new Problem(409, 'lease_gone', 'Gone.'));
    queue.change(draft(2));
    expect(queue.status.kind).toBe('lease_gone');
    expect(kept.at(-1)).toMatchObject({ overall: 2, unsaved: true });
    void queue.resume();
    await settle();
    expect(sent[1]).toMatchObject({ judgement: { overall: 2 } });
  });

  it('does not repeat what the server refuses for its meaning', async () => {
    queue.change(draft(1));
    await fire();
    const before = timers.length;
    await sent[0]!.fail(new Problem(422, 'invalid', 'No such code.'));
    expect(queue.status).toEqual({ kind: 'refused', detail: 'No such code.' });
    expect(timers).toHaveLength(before);
  });

  it('says nothing more once it is stopped', async () => {
    queue.change(draft(1));
    await fire();
    queue.stop();
    const before = said.length;
    await sent[0]!.fail(new Problem(409, 'lease_gone', 'Gone.'));
    expect(said).toHaveLength(before);
  });
});
