import { expect, test } from 'vitest';
import { planted, rangeOf, sentRanges, withRange } from './acceptable';
import { emptyJudgement, emptySpan, setScore } from './form';
import type { DimensionKey } from './judgement';

const scored = (dimension: string, score: 1 | 2 | 3 | 4 | 5) => setScore(emptyJudgement(['A', 'B']), 'A', dimension as DimensionKey, score);

test('one beside the score is right until somebody says otherwise, and never beyond the scale', () => {
  expect([rangeOf(undefined, 1), rangeOf(undefined, 3), rangeOf(undefined, 5)]).toEqual([{ low: 1, high: 2 }, { low: 2, high: 4 }, { low: 4, high: 5 }]);
});

test('a range always holds the score that it belongs to', () => {
  expect(rangeOf({ low: 2, high: 3 }, 4)).toEqual({ low: 2, high: 4 });
});

test('only ranges that somebody has set are sent, a dimension of the guideline’s own like the six, and none without its score', () => {
  const said = withRange(withRange(withRange({}, 'A', 'empathy', { low: 2, high: 2 }), 'A', 'tone', { low: 1, high: 2 }), 'B', 'tone', { low: 1, high: 2 });
  expect(sentRanges(said, scored('empathy', 3))).toEqual({ A: { empathy: { low: 2, high: 3 } }, B: {} });
});

test('a reference without an error of weight is a clean control, strengths and minor ones aside', () => {
  const span = { ...emptySpan('A'), code: 'F1', quote: '200 mg' };
  const minor = { ...emptyJudgement(['A']), spans: [{ ...span, kind: 'strength', severity: 'critical' }, { ...span, kind: 'factual_error', severity: 'minor' }] };
  expect(planted(minor)).toEqual({ critical: [], clean: true });
  expect(planted({ ...minor, spans: [...minor.spans, { ...span, kind: 'factual_error', severity: 'critical' }] })).toEqual({ critical: ['F1 “200 mg”'], clean: false });
});
