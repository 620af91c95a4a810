import { describe, expect, it } from 'vitest';
import { actKinds, actWords, filterOf, refusals } from './acts';

describe('what a lead does to items', () => {
  it('says refusals once each, the most frequent first', () => {
    const outcomes = [{ refusal: 'a' }, {}, { refusal: 'b' }, { refusal: 'b' }];
    expect(refusals(outcomes)).toEqual([{ why: 'b', count: 2 }, { why: 'a', count: 1 }]);
    expect(refusals([{}])).toEqual([]);
  });

  it('asks only about filters that are set', () => {
    expect(filterOf({ state: 'waiting', model: '', q: '  ' })).toEqual({ state: 'waiting' });
  });

  it('has words in the history for everything that can be done', () => {
    expect(actKinds.filter(kind => !actWords[kind.key])).toEqual([]);
  });
});
