import { json, seg } from './http';

export interface BatchProgress {
  batchId: string;
  file: string;
  items: number;
  looked: number;
  states: Record<string, number>;
  wanted: number;
  judged: number;
  models: { model: string; items: number; wanted: number; judged: number }[];
  pace: { perDay?: number; deviation?: number; whole: number; left: number; daysLeft?: number; soonest?: number; latest?: number; undefined?: string };
  /** Where it stands in the order of work, if a lead has said so. */
  place?: string;
  withdrawn?: { by: string; at: string; why: string };
}

export interface BatchActResult {
  actId: string;
  done: number;
  refused: { taskId: string; refusal?: string }[];
  continuation?: string;
}

const batch = (project: string, id: string) => `oversight/${seg(project)}/batches/${seg(id)}`;

/** How far a batch is, and taking it back. */
export const batchDesk = {
  /** All of it, by the hundred, as one act. Says after each hundred how many were done; what cannot be done is told at the end. */
  actOnAll: async (project: string, id: string, what: 'withdraw' | 'bring-back' | 'place', why: string, done: (through: number) => void, place?: string): Promise<BatchActResult['refused']> => {
    let [actId, continuation]: [string | undefined, string | undefined] = [undefined, undefined];
    let [through, refused]: [number, BatchActResult['refused']] = [0, []];
    do {
      const part: BatchActResult = await batchDesk.act(project, id, what, { why, ...(place ? { place } : {}), ...(actId ? { actId } : {}), ...(continuation ? { continuation } : {}) });
      [actId, continuation] = [part.actId, part.continuation];
      through += part.done;
      refused = [...refused, ...part.refused];
      done(through);
    } while (continuation);
    return refused;
  },
  progress: (project: string, id: string) => json<BatchProgress>(batch(project, id)),
  act: (project: string, id: string, what: 'withdraw' | 'bring-back' | 'place', form: { why: string; place?: string; actId?: string; continuation?: string }) =>
    json<BatchActResult>(`${batch(project, id)}/${what}`, { method: 'POST', json: form }),
  /** After the order of work was changed: tasks that were there before, by the hundred. */
  reroute: (project: string, form: { actId?: string; continuation?: string }) => json<BatchActResult>(`oversight/${seg(project)}/reroute`, { method: 'POST', json: form }),
};
