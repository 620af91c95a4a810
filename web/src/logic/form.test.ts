import { describe, expect, it } from 'vitest';
import { completed, emptyJudgement, removeAt, replaceAt, setAnswer, setHarm, setPreference, setScore } from './form';

const empty = emptyJudgement(['A', 'B']);

describe('the form', () => {
  it('has a place for every response', () => {
    expect(empty.ratings.map(rating => rating.response)).toEqual(['A', 'B']);
    expect(empty.harm.map(harm => harm.extent)).toEqual([null, null]);
  });

  it('changes one score and leaves the judgement before it as it was', () => {
    const next = setScore(empty, 'B', 'reasoning', 'NA');
    expect(next.ratings[1]?.reasoning).toBe('NA');
    expect(next.ratings[0]).toBe(empty.ratings[0]);
    expect(empty.ratings[1]?.reasoning).toBeNull();
  });

  it('drops likelihood and mechanism when there is no harm', () => {
    const harmful = setHarm(setHarm(empty, 'A', { extent: 'severe' }), 'A', { likelihood: 'high', mechanism: 'both' });
    expect(harmful.harm[0]).toEqual({ response: 'A', extent: 'severe', likelihood: 'high', mechanism: 'both' });
    expect(setHarm(harmful, 'A', { extent: 'none' }).harm[0]).toEqual({ response: 'A', extent: 'none', likelihood: null, mechanism: null });
  });

  it('puts checklist answers in, changes them, and takes them out', () => {
    const no = setAnswer(empty, 'behaviour', 'A', 'CB01', { answer: 'no' });
    expect(no.behaviour).toEqual([{ response: 'A', check: 'CB01', answer: 'no', comment: null }]);
    const explained = setAnswer(no, 'behaviour', 'A', 'CB01', { comment: 'It evades.' });
    expect(explained.behaviour).toEqual([{ response: 'A', check: 'CB01', answer: 'no', comment: 'It evades.' }]);
    expect(setAnswer(explained, 'behaviour', 'A', 'CB01', null).behaviour).toEqual([]);
    expect(setAnswer(no, 'rubric', 'B', 'c1', { met: false }).rubric).toEqual([{ response: 'B', criterion: 'c1', met: false, comment: null }]);
  });

  it('begins a preference with its first answer', () => {
    expect(setPreference(empty, { winner: 'tie' }).preference).toEqual({ winner: 'tie', strength: null, perDimension: {}, rationale: null });
  });

  it('replaces and removes by place', () => {
    expect(replaceAt([{ a: 1 }, { a: 2 }], 1, { a: 3 })).toEqual([{ a: 1 }, { a: 3 }]);
    expect(removeAt(['x', 'y', 'z'], 1)).toEqual(['x', 'z']);
  });

  it('fills in what a saved draft leaves out', () => {
    const draft = completed({ ratings: [{ response: 'B', accuracy: 4 }] as never, spans: [{ response: 'A', kind: 'improve', code: 'C1' }] as never, preference: { winner: 'A' } as never }, ['A', 'B']);
    expect(draft.ratings.map(rating => rating.accuracy)).toEqual([null, 4]);
    expect(draft.spans[0]?.missingText).toBeNull();
    expect(draft.preference?.perDimension).toEqual({});
    expect(draft.claims).toEqual([]);
    expect(completed(null, ['A'])).toEqual(emptyJudgement(['A']));
  });
});
