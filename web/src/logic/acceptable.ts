import type { Judgement } from './judgement';

/** The lowest and the highest score that are right too. */
export interface Range {
  low: number;
  high: number;
}

/** By response and dimension; what is not named is right as in the reference, or one beside it. */
export type Acceptable = Record<string, Record<string, Range>>;

export function scoreOf(judgement: Judgement, response: string, dimension: string): number | null {
  const given = (judgement.ratings.find(rating => rating.response === response) as Record<string, unknown> | undefined)?.[dimension];
  return typeof given === 'number' ? given : null;
}

/** What is right for a score: as somebody said, widened to hold the score itself, else one beside it. */
export function rangeOf(said: Range | undefined, score: number): Range {
  return said ? { low: Math.min(said.low, score), high: Math.max(said.high, score) } : { low: Math.max(1, score - 1), high: Math.min(5, score + 1) };
}

export function withRange(all: Acceptable, response: string, dimension: string, range: Range): Acceptable {
  return { ...all, [response]: { ...all[response], [dimension]: range } };
}

/** What is sent: only what somebody said, and only about scores that are there. */
export function sentRanges(all: Acceptable, judgement: Judgement): Acceptable {
  return Object.fromEntries(Object.entries(all).map(([response, ranges]) => [response, Object.fromEntries(Object.entries(ranges).flatMap(([dimension, said]) => {
    const score = scoreOf(judgement, response, dimension);
    return score === null ? [] : [[dimension, rangeOf(said, score)] as const];
  }))]));
}

/** Errors of the reference that a rater must find; without one of major weight or more the item is a clean control. */
export function planted(judgement: Judgement): { critical: string[]; clean: boolean } {
  const errors = judgement.spans.filter(span => span.kind !== 'strength');
  return {
    critical: errors.filter(span => span.severity === 'critical').map(span => `${span.code} “${span.quote ?? span.missingText ?? ''}”`),
    clean: !errors.some(span => span.severity === 'major' || span.severity === 'critical'),
  };
}
