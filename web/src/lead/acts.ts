import type { ItemState } from '../api/oversight';
import type { Tone } from '../ui/pieces';

/** What a lead can do to items: the button, the question, and what follows. */
export interface ActKind {
  key: string;
  verb: string;
  effect: string;
  danger?: boolean;
}

export const actKinds: ActKind[] = [
  { key: 'prioritise', verb: 'Put first in line', effect: 'They are handed out before everything else, to those whose credential covers them.' },
  { key: 'unprioritise', verb: 'Take out of the line', effect: 'They wait in the order of the queue again.' },
  { key: 'add', verb: 'Ask for one more judgement', effect: 'One more person judges each. A disagreement that waits for an adjudicator waits until then.' },
  { key: 'reassign', verb: 'Give to somebody', effect: 'Whoever holds them now holds them no more; their drafts are kept. The person finds them when they ask for work, and has a day.' },
  { key: 'release', verb: 'Free what is held', effect: 'Whoever holds them now holds them no more; their drafts are kept.' },
  { key: 'refer', verb: 'Send to adjudication', effect: 'A senior decides between the judgements, and reads your reason.' },
  { key: 'reopen', verb: 'Reopen', effect: 'Their judgements are set aside: they are in no figure and no file from the next report on, reports that were delivered stay. Others judge the items anew.', danger: true },
  { key: 'cancel', verb: 'Cancel', effect: 'Nobody is handed them any more. Judgements that are in stay and count.', danger: true },
  { key: 'restore', verb: 'Restore', effect: 'They are handed out again.' },
];

/** Words for the history of an item; what only undoes something has no button of its own. */
export const actWords: Record<string, string> = {
  reopen: 'Judgements set aside', unvoid: 'Judgements taken back in', add: 'One more judgement asked for', narrow: 'One judgement fewer asked for', reassign: 'Given to somebody',
  release: 'Freed', cancel: 'Cancelled', restore: 'Restored', prioritise: 'Put first in line', unprioritise: 'Taken out of the line', refer: 'Sent to adjudication', void: 'Judgement of this rater set aside',
  withdraw: 'Withdrawn with its batch',
};

export const states: { key: ItemState; name: string; tone: Tone }[] = [
  { key: 'waiting', name: 'Waiting', tone: 'neutral' },
  { key: 'begun', name: 'Begun', tone: 'info' },
  { key: 'judged', name: 'Judged', tone: 'good' },
  { key: 'in_adjudication', name: 'In adjudication', tone: 'warn' },
  { key: 'settled', name: 'Settled', tone: 'good' },
  { key: 'stopped', name: 'Stopped', tone: 'bad' },
];

/** The same outcomes together, the most frequent first: '12 × It is stopped already.' */
export function refusals(outcomes: { refusal?: string }[]): { why: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { refusal } of outcomes) if (refusal) counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
  return [...counts].map(([why, count]) => ({ why, count })).sort((one, other) => other.count - one.count);
}

/** Filters as an address has them, without those that are not set. */
export function filterOf(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
}
