import { api } from '../api';
import { Outbox } from './outbox';

const boxes = new Map<string, Outbox>();

const later = (milliseconds: number, run: () => void) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** The one outbox of a person on this page. */
export function outboxOf(personId: string): Outbox {
  const box = boxes.get(personId) ?? new Outbox(personId, localStorage, {
    send: entry => api.submit(entry.projectId, entry.taskId, entry.annotationId, entry.leaseId, entry.judgement, entry.acknowledged, entry.reasons ?? {}),
    renew: entry => api.renew(entry.projectId, entry.taskId, entry.leaseId),
    later,
    alone: work => (navigator.locks ? navigator.locks.request(`healtheval-hand-in:${personId}`, { ifAvailable: true }, lock => (lock ? work() : undefined)).then(() => {}) : work()),
  });
  boxes.set(personId, box);
  return box;
}
