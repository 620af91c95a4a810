import { describe, expect, it } from 'vitest';
import { carried, gathered, likely, missingToo, wordForWord } from './earlier';
import { emptyClaim, emptyEvidence, emptyJudgement, emptySpan } from './form';

const claim = (quote: string, verdict = 'SUPPORTED') => ({ ...emptyClaim(''), quote, verdict, type: 'dose', checkworthiness: 'must', evidence: [{ ...emptyEvidence(), url: 'https://a.invalid/x', stance: 'supports' }] });
const missing = { ...emptySpan(''), kind: 'improve', code: 'O5', missingText: 'When to call' };
const found = (claims: ReturnType<typeof claim>[]) => [{ taskId: 't', submittedAt: 'now', claims, missing: [missing] }];

describe('what was found in other answers', () => {
  it('is there once, as it was judged last', () => {
    const earlier = gathered([...found([claim('Take 5 mg.', 'REFUTED')]), ...found([claim('take 5 mg'), claim('Rest.')])]);
    expect(earlier.claims.map(({ quote, verdict }) => [quote, verdict])).toEqual([['Take 5 mg.', 'REFUTED'], ['Rest.', 'SUPPORTED']]);
    expect(earlier.missing).toHaveLength(1);
  });

  it('is offered by how much it has in common with the unit', () => {
    const earlier = gathered(found([claim('Rest in bed.'), claim('Take 5 mg of it twice a day.')]));
    expect(likely(earlier, 'You may take 5 mg twice.').map(({ quote }) => quote)).toEqual(['Take 5 mg of it twice a day.', 'Rest in bed.']);
  });

  it('takes everything along but its place', () => {
    expect(carried({ ...claim('x'), start: 3, end: 4 })).toEqual({ type: 'dose', checkworthiness: 'must', verdict: 'SUPPORTED', critical: false, correction: null, evidence: [expect.objectContaining({ url: 'https://a.invalid/x' })] });
  });

  it('lies where this answer says it word for word, counted in code points, unless something is said there', () => {
    const earlier = gathered(found([claim('Take 5 mg.'), claim('Nowhere in it.')]));
    const blank = emptyJudgement(['A']);
    const [placed, ...more] = wordForWord(earlier, blank, 'A', '💊 Rest. Take 5 mg. Drink.');
    expect(more).toEqual([]);
    expect(placed).toMatchObject({ response: 'A', start: 8, end: 18, quote: 'Take 5 mg.', verdict: 'SUPPORTED' });
    expect(wordForWord(earlier, { ...blank, claims: [{ ...emptyClaim('A'), start: 10, end: 12, quote: 'ke' }] }, 'A', '💊 Rest. Take 5 mg. Drink.')).toEqual([]);
  });

  it('is no longer offered as missing once it is said to be missing here', () => {
    const earlier = gathered(found([]));
    const judgement = emptyJudgement(['A', 'B']);
    expect(missingToo(earlier, judgement, 'B')).toMatchObject([{ response: 'B', missingText: 'When to call' }]);
    const said = { ...judgement, spans: missingToo(earlier, judgement, 'B') };
    expect(missingToo(earlier, said, 'B')).toEqual([]);
    expect(missingToo(earlier, said, 'A')).toHaveLength(1);
  });
});
