import type { Receipt } from '../api/projects';
import type { Tone } from '../ui/pieces';
import { found } from '../logic/search';
import { duration } from '../logic/time';
import { count, list, number } from './words';

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
  if (state === 'reading') return read ? `${count(read, 'record')} read so far.` : 'The file is looked through first; then the records count up here.';
  if (state === 'failed') return reason ?? 'The file could not be read. Nothing of it was loaded.';
  if (state === 'waiting') return reason ?? 'The file waits for a decision before it is loaded.';
  const parts = [`${number(accepted)} accepted`, ...(duplicate ? [`${number(duplicate)} already here`] : []), ...(rejected ? [`${number(rejected)} rejected`] : [])];
  return `${count(read, 'record')} read: ${parts.join(', ')}. ${opened(receipt)}${decided(receipt)}`;
}

export function opened({ items: all, responses, accepted, duplicate, warnings, held = 0, decided: after }: Receipt): string {
  const closed = held + (after?.dropped ?? 0);
  const prompts = warnings?.find(warning => warning.class === 'prompt_without_response')?.count ?? 0;
  const items = all - prompts;
  if (prompts > 0) {
    const kept = `${count(prompts, 'prompt')} without an answer ${prompts === 1 ? 'is' : 'are'} kept with rubric and reference; nobody is asked to judge ${prompts === 1 ? 'it' : 'them'}.`;
    return items > 0 ? `${count(items - closed, 'task')} opened. ${kept}` : kept;
  }
  if (closed > 0) return `${count(items - closed, 'task')} opened.`;
  if (items > 0) return `${count(items, 'task')} opened with ${count(responses, 'response')}.`;
  return accepted === 0 && duplicate > 0 ? 'Nothing new, so no task was opened.' : 'No task was opened.';
}

/** What leads decided about held items, once there is something to say. */
export function decided({ decided: after }: Receipt): string {
  if (!after) return '';
  const parts = [['released', after.released], ['redacted', after.redacted], ['dropped', after.dropped]] as [string, number][];
  const words = parts.filter(([, n]) => n > 0).map(([word, n]) => `${number(n)} ${word}`);
  return words.length ? ` Of the held items, ${list(words)}.` : '';
}

/** How far the reading of a file is: '43 % · 12 s'. */
export function progress({ bytesRead, bytes: size, startedAt }: Receipt, now = Date.now()): string {
  const share = size > 0 ? `${Math.floor(Math.min(bytesRead / size, 1) * 100)}\u00a0%` : '';
  const seconds = startedAt ? Math.round((now - Date.parse(startedAt)) / 1000) : 0;
  return [share, ...(seconds > 0 ? [duration(seconds)] : [])].join(' · ');
}

/** Those that fit a state and some words, in the wanted order. */
export function arranged(all: Receipt[], { words, state, order }: { words: string; state: string; order: string }): Receipt[] {
  const fitting = all.filter(one => (!state || one.state === state) && found(words, one.file, one.batchId));
  if (order === 'name') return fitting.toSorted((one, other) => one.file.localeCompare(other.file));
  if (order === 'rejected') return fitting.toSorted((one, other) => other.rejected - one.rejected);
  return fitting;
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
