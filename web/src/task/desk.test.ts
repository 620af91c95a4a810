import { describe, expect, it, vi } from 'vitest';
import { Unreachable } from '../api/problem';

const held = ['a', 'b', 'c', 'd'].map((taskId, index) => ({ projectId: `p${index % 2}`, taskId, expiresAt: 't' }));
let kept: unknown[] = [];
const asked = vi.fn(async (holding: string[], projectId?: string) => {
  const found = held.find(task => !holding.includes(task.taskId) && (!projectId || task.projectId === projectId));
  return found ? { lease: {}, task: { ...found, guideline: { id: 'g', version: 1, sha256: 's' } } } : null;
});

let online = true;
const reached = <T>(answer: T): T => {
  if (!online) throw new Unreachable();
  return answer;
};

vi.mock('../api', () => ({ api: { desk: async () => reached({ held }), next: async (...all: Parameters<typeof asked>) => reached(await asked(...all)), guideline: async () => ({}) } }));
vi.mock('./session', () => ({ TaskSession: { open: async (assignment: unknown) => assignment } }));
vi.mock('./kept-tasks', () => ({ keepHeld: () => {}, keptHeld: () => kept, keepGuideline: (_: string, guideline: unknown) => guideline, keptGuideline: () => null }));
vi.mock('./my-outbox', () => ({ outboxOf: () => ({ taskIds: ['b'] }) }));

const { Desk } = await import('./desk');
const taken = async (wanted: string | null) => ((await new Desk('me').take(wanted)) as unknown as { task: { taskId: string } } | null)?.task.taskId;

describe('a task that is held', () => {
  it('is reached by its address, however many others are held, in whichever project', async () => {
    expect(await taken('d')).toBe('d');
    expect(asked).toHaveBeenCalledTimes(1);
    expect(await taken('c')).toBe('c');
  });

  it('is the next one when the address names none of ours, and never one that waits to be handed in', async () => {
    expect(await taken('zzz')).toBe('a');
    asked.mockClear();
    expect(await taken('b')).toBe('a');
    expect(asked.mock.calls.every(([holding]) => holding.includes('b'))).toBe(true);
  });
});

describe('without a network', () => {
  const session = (taskId: string) => ({ lease: {}, task: { projectId: 'p0', taskId, guideline: { id: 'g', version: 1, sha256: 's' } } });

  it('a task that is kept on this device is taken, by its address or as the next one, and none that waits to be handed in', async () => {
    online = false;
    kept = [session('b'), session('c'), session('d')];
    expect(await taken('d')).toBe('d');
    expect(await taken(null)).toBe('c');
    kept = [session('b')];
    await expect(taken(null)).rejects.toBeInstanceOf(Unreachable);
    online = true;
    expect(await taken(null)).toBe('a');
  });
});

describe('further tasks', () => {
  it('are two, are shown in turn, and those that were never opened are given back', async () => {
    const released: string[] = [];
    const asSession = (taskId: string) => ({ ...held.find(task => task.taskId === taskId)!, stillHeld: async () => taskId !== 'c', stop: () => {}, release: async () => void released.push(taskId), queue: { status: { kind: 'untouched' } } });
    const { TaskSession } = await import('./session');
    const open = vi.spyOn(TaskSession, 'open').mockImplementation(async assignment => ({ task: assignment.task, ...asSession(assignment.task.taskId) }) as never);
    const desk = new Desk('me');
    desk.fetchAhead((await desk.take(null))!);
    await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(3));
    expect((await desk.next())!.task.taskId).toBe('d'); // 'b' waits to be handed in, and 'c' is not ours any more
    desk.fetchAhead({ task: { taskId: 'a' } } as never);
    await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(5));
    await desk.leave();
    expect(released).toEqual(['c', 'd']);
    open.mockRestore();
  });
});
