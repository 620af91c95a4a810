import { expect, it } from 'vitest';
import { Problem, Unreachable } from '../api/problem';
import { DraftQueue, type DraftStatus } from './draft-queue';
import { emptyJudgement } from './form';

const draft = (overall: number) => ({ ...emptyJudgement(['A']), overall });
const settle = () => new Promise(resolve => setTimeout(resolve, 0));

function make(savedAt: string | null = null) {
  const said: string[] = [];
  const later: number[] = [];
  const waiting: { good: () => Promise<unknown>; bad: (error: unknown) => Promise<unknown> }[] = [];
  const queue = new DraftQueue({
    send: revision => new Promise((resolve, reject) => waiting.push({
      good: () => (resolve({ revision: revision + 1, savedAt: 'now' }), settle()),
      bad: error => (reject(error as Error), settle()),
    })),
    keep: () => true,
    later: milliseconds => (later.push(milliseconds), () => {}),
    now: () => 0,
    same: (one, other) => one.overall === other.overall,
    changed: (status: DraftStatus) => said.push(status.kind),
  }, 0, savedAt);
  return { queue, said, later, waiting };
}

it('a form just opened is untouched, one with a draft is saved at its time', () => {
  expect(make().queue.status).toEqual({ kind: 'untouched' });
  expect(make('yesterday').queue.status).toEqual({ kind: 'saved', at: 'yesterday' });
});

it('what is written while it is being sent keeps saying so, and goes after it', async () => {
  const { queue, said, later, waiting } = make();
  queue.change(draft(1));
  void queue.flush();
  queue.change(draft(2));
  expect(said).toEqual(['waiting', 'saving']);
  expect(later).toHaveLength(1); // no timer of its own: what is under way takes it along
  await waiting[0]!.good();
  await waiting[1]!.good();
  expect(said).toEqual(['waiting', 'saving', 'saved', 'saving', 'saved']);
});

it('what is written without a network keeps saying so, and does not try more often', async () => {
  const { queue, said, later, waiting } = make();
  queue.change(draft(1));
  void queue.flush();
  await waiting[0]!.bad(new Unreachable());
  const tries = later.length;
  queue.change(draft(2));
  expect(said.at(-1)).toBe('offline');
  expect(later).toHaveLength(tries);
});

it('after saving, a new change is waited with again', async () => {
  const { queue, later, waiting } = make();
  queue.change(draft(1));
  void queue.flush();
  await waiting[0]!.good();
  queue.change(draft(2));
  expect(later).toHaveLength(2);
  expect(queue.status).toEqual({ kind: 'waiting' });
});

it('taking ours over a newer one says that it waits, then that it is saved', async () => {
  const { queue, said, waiting } = make();
  void queue.keepMine({ revision: 7, judgement: draft(3), savedAt: 'then' } as never, draft(4));
  await waiting[0]!.good();
  expect(said).toEqual(['waiting', 'saving', 'saved']);
  expect(queue.revision).toBe(8);
});

it('nothing is sent while the lease is gone, and going on changes only that', async () => {
  const { queue, said, waiting } = make();
  queue.change(draft(1));
  void queue.flush();
  await waiting[0]!.bad(new Problem(409, 'lease_gone', 'Gone'));
  await queue.flush();
  expect(waiting).toHaveLength(1);
  void queue.resume();
  expect(said).toEqual(['waiting', 'saving', 'lease_gone', 'waiting', 'saving']);
  const other = make('then');
  await other.queue.resume();
  expect(other.said).toEqual([]);
});

it('a newer draft is only told where the answer shows it', async () => {
  const { queue, waiting } = make();
  queue.change(draft(1));
  void queue.flush();
  await waiting[0]!.bad(new Problem(409, 'draft_older', 'Older'));
  expect(queue.status.kind).toBe('refused');
});
