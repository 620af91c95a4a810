import type { Receipt } from '../api/projects';
import type { Tone } from '../ui/pieces';
import { count, number } from './words';

export function isFinal({ state }: Receipt): boolean {
  return state !== 'received' && state !== 'reading';
}

export const stateBadge: Record<Receipt['state'], { words: string; tone: Tone }> = {
  received: { words: 'Received', tone: 'info' },
  reading: { words: 'Reading', tone: 'info' },
  loaded: { words: 'Loaded', tone: 'good' },
  loaded_with_rejects: { words: 'Loaded, some rejected', tone: 'warn' },
  waiting: { words: 'Waiting', tone: 'warn' },
  failed: { words: 'Failed', tone: 'bad' },
};

/** The receipt in one or two sentences. */
export function sayReceipt(receipt: Receipt): string {
  const { state, read, accepted, duplicate, rejected, reason } = receipt;
  if (state === 'received') return 'The file is here and will be read next.';
  if (state === 'reading') return `${count(read, 'record')} read so far.`;
  if (state === 'failed') return reason ?? 'The file could not be read. Nothing of it was loaded.';
  if (state === 'waiting') return reason ?? 'The file waits for a decision before it is loaded.';
  const parts = [`${number(accepted)} accepted`, ...(duplicate ? [`${number(duplicate)} already here`] : []), ...(rejected ? [`${number(rejected)} rejected`] : [])];
  return `${count(read, 'record')} read: ${parts.join(', ')}. ${opened(receipt)}`;
}

export function opened({ items, responses, accepted, duplicate }: Receipt): string {
  if (items > 0) return `${count(items, 'task')} opened with ${count(responses, 'response')}.`;
  return accepted === 0 && duplicate > 0 ? 'Nothing new, so no task was opened.' : 'No task was opened.';
}

/** Records read in a second, once there is enough time to say so. */
export function pace({ startedAt, finishedAt, read }: Receipt): { seconds: number; perSecond: number } | null {
  if (!startedAt || !finishedAt) return null;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return seconds > 0 ? { seconds, perSecond: read / seconds } : null;
}

export function moreErrors({ moreErrors: more, rejected, errors }: Receipt): number {
  return typeof more === 'number' ? more : more ? Math.max(rejected - errors.length, 0) : 0;
}
