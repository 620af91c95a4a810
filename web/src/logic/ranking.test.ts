import { describe, expect, it } from 'vitest';
import { missing } from './completeness';
import { completed, emptyJudgement, emptyPreference } from './form';
import { guideline } from './guideline.fixture';
import { hasFirst, placeOf, preferenceIsSaid, ranked, rankingWords, withWholeRanking } from './ranking';

const three = emptyJudgement(['A', 'B', 'C']);
const whole = ranked(ranked(ranked(three, 'A', 2), 'B', 1), 'C', 2);

describe('a ranking of more than two responses', () => {
  it('holds ties in one place and moves a response from place to place', () => {
    expect(whole.preference?.ranking).toEqual([['B'], ['A', 'C']]);
    expect(ranked(whole, 'C', 3).preference?.ranking).toEqual([['B'], ['A'], ['C']]);
    expect(ranked(whole, 'B', null).preference?.ranking).toEqual([[], ['A', 'C']]);
    expect(placeOf(whole.preference, 'C')).toBe(2);
    expect(placeOf(null, 'C')).toBeNull();
  });

  it('is asked for until each response has its place', () => {
    const fields = (judgement: typeof three) => missing(judgement, guideline).map(entry => entry.field).filter(field => field.includes('preference'));
    expect(fields(three)).toEqual(['judgement.preference.rank-A', 'judgement.preference.rank-B', 'judgement.preference.rank-C']);
    expect(fields(ranked(three, 'B', 1))).toEqual(['judgement.preference.rank-A', 'judgement.preference.rank-C']);
    expect(fields(whole)).toEqual([]);
    expect(preferenceIsSaid(whole)).toBe(true);
  });

  it('is handed in without empty places, and with a strength only where one stands out', () => {
    const gap = { ...ranked(whole, 'B', 4), preference: { ...ranked(whole, 'B', 4).preference!, strength: 2 } };
    expect(withWholeRanking(gap).preference).toMatchObject({ ranking: [['A', 'C'], ['B']], strength: 2, winner: null });
    const level = ranked(gap, 'B', 2);
    expect(hasFirst(level.preference)).toBe(false);
    expect(withWholeRanking(level).preference).toMatchObject({ ranking: [['A', 'B', 'C']], strength: null });
    expect(rankingWords(gap.preference)).toBe('A and C, then B');
  });
});

describe('a preference between two, as it is recorded', () => {
  it('is shown as the winner that was asked for', () => {
    const shown = (ranking: string[][], bothBad: boolean | null = null) => completed({ preference: { ...emptyPreference(), ranking, bothBad } }, ['A', 'B']).preference?.winner;
    expect(shown([['B'], ['A']])).toBe('B');
    expect(shown([['A', 'B']])).toBe('tie');
    expect(shown([['A', 'B']], true)).toBe('both_bad');
    expect(completed({ preference: { ...emptyPreference(), ranking: [['A'], ['B', 'C']] } }, ['A', 'B', 'C']).preference?.ranking).toHaveLength(2);
  });
});
