import type { Guideline } from './guideline';
import { rankingWords } from './ranking';
import type { DimensionKey, Judgement } from './judgement';

export interface Difference {
  label: string;
  here: string;
  there: string;
}

/** What two drafts of one task say differently, in words, for the person who has to choose one. */
export function differences(here: Judgement, there: Judgement, guideline: Guideline): Difference[] {
  const rows: Difference[] = [];
  const add = (label: string, a: unknown, b: unknown) => {
    if (JSON.stringify(a ?? null) !== JSON.stringify(b ?? null)) rows.push({ label, here: say(a), there: say(b) });
  };
  for (const [index, rating] of here.ratings.entries()) {
    const other = there.ratings[index];
    for (const dimension of guideline.dimensions) add(`${dimension.name}, response ${rating.response}`, rating[dimension.key as DimensionKey], other?.[dimension.key as DimensionKey]);
    add(`Rationale, response ${rating.response}`, rating.rationale, other?.rationale);
    add(`Overall, response ${rating.response}`, rating.overall, other?.overall);
    add(`Confidence, response ${rating.response}`, rating.confidence, other?.confidence);
    add(`Harm, response ${rating.response}`, here.harm[index]?.extent, there.harm[index]?.extent);
  }
  add('Marked spans and omissions', here.spans, there.spans);
  add('Claims', here.claims, there.claims);
  add('Behaviour checklist', here.behaviour, there.behaviour);
  add('Customer rules', here.rules, there.rules);
  add('Rubric', here.rubric, there.rubric);
  add('Equity', here.equity, there.equity);
  add('Preference', rankingWords(here.preference), rankingWords(there.preference));
  add('Confidence', here.confidence, there.confidence);
  add('Overall', here.overall, there.overall);
  add('Flags', here.flags, there.flags);
  add('Refined prompt', here.refinedPrompt, there.refinedPrompt);
  add('Ideal answer', here.idealResponse, there.idealResponse);
  return rows;
}

/** Equal in what they say: fields left out and fields that are null are the same, time spent does not count. */
export function sameJudgement(one: Judgement, other: Judgement): boolean {
  const timeless = (judgement: Judgement) => plain({ ...judgement, activeSeconds: 0, checkingSeconds: 0 });
  return timeless(one) === timeless(other);
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).filter(([, entry]) => entry !== null).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner);
}

function say(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? 'entry' : 'entries'}`;
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
