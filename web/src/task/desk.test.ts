import { describe, expect, it, vi } from 'vitest';

const held = ['a', 'b', 'c', 'd'].map((taskId, index) => ({ projectId: `p${index % 2}`, taskId, expiresAt: 't' }));
const asked = vi.fn(async (holding: string[], projectId?: string) => {
  const found = held.find(task => !holding.includes(task.taskId) && (!projectId || task.projectId === projectId));
  return found ? { lease: {}, task: { ...found, guideline: { id: 'g', version: 1, sha256: 's' } } } : null;
});

vi.mock('../api', () => ({ api: { desk: async () => ({ held }), next: asked, guideline: async () => ({}) } }));
vi.mock('./session', () => ({ TaskSession: { open: async (assignment: unknown) => assignment } }));
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
