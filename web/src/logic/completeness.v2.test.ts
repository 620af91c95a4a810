import { describe, expect, it } from 'vitest';
import { missing, progressOf } from './completeness';
import { changeRating, completed, emptyClaim, emptyEvidence, setEquity, setHarm, setScore } from './form';
import { guideline } from './guideline.fixture';
import { dimensionKeys, type Judgement } from './judgement';

const rated = (judgement: Judgement, response: string) => setHarm(dimensionKeys.reduce((so, key) => setScore(so, response, key, 4), judgement), response, { extent: 'none' });
const fields = (judgement: Judgement) => missing(judgement, guideline).map(entry => entry.field);

describe('what is missing under version 2', () => {
  it('asks for confidence in each response, and no longer once a task', () => {
    const both = rated(rated(completed(null, ['A', 'B']), 'A'), 'B');
    expect(fields(changeRating(both, 'A', { confidence: 2 }))).toEqual(['judgement.ratings[1].confidence', 'judgement.preference.winner']);
  });

  it('takes N/A and not checked for accuracy', () => {
    const one = changeRating(rated(completed(null, ['A']), 'A'), 'A', { confidence: 2 });
    expect(fields(setScore(one, 'A', 'accuracy', 'NA'))).toEqual([]);
    expect(fields(setScore(one, 'A', 'accuracy', 'NOT_CHECKED'))).toEqual([]);
    expect(progressOf(one, guideline, 'A')).toEqual({ done: 8, of: 8 });
  });

  it('asks no tier of an index that was searched in vain', () => {
    const claim = { ...emptyClaim('A'), quote: 'x', type: 'citation', checkworthiness: 'must', verdict: 'NOT_FOUND', evidence: [{ ...emptyEvidence(), url: 'https://pubmed.ncbi.nlm.nih.gov/?term=x', stance: 'neutral' }] };
    const one = { ...changeRating(rated(completed(null, ['A']), 'A'), 'A', { confidence: 2 }), claims: [claim] };
    expect(fields(one)).toEqual([]);
    expect(fields({ ...one, claims: [{ ...claim, verdict: 'REFUTED' }] })).toEqual(['judgement.claims[0].evidence[0].tier']);
  });

  it('asks a fact-check for claims with verdicts and for nothing else', () => {
    const empty = completed(null, ['A', 'B'], 'fact_check');
    const claim = { ...emptyClaim('A'), quote: 'x', type: 'dose', checkworthiness: 'must' };
    expect(fields(empty)).toEqual(['judgement.claims', 'judgement.claims']);
    expect(fields({ ...changeRating(empty, 'B', { accuracy: 'NA' }), claims: [claim] })).toEqual(['judgement.claims[0].verdict']);
    expect(fields({ ...changeRating(empty, 'B', { accuracy: 'NA' }), claims: [{ ...claim, verdict: 'SUPPORTED' }] })).toEqual([]);
  });

  it('keeps kinds of harm only where there is harm, and groups only where quality would differ', () => {
    const harmed = setHarm(completed(null, ['A']), 'A', { extent: 'mild', kinds: ['psychological'], mediation: 'direct' });
    expect(setHarm(harmed, 'A', { extent: 'none' }).harm[0]).toEqual({ response: 'A', extent: 'none', likelihood: null, mechanism: null });
    const unequal = setEquity(setEquity(harmed, 'A', { answer: 'yes' }), 'A', { groups: ['age'] });
    expect(unequal.equity).toMatchObject([{ response: 'A', answer: 'yes', groups: ['age'] }]);
    expect(setEquity(unequal, 'A', { answer: 'no' }).equity).toMatchObject([{ groups: [] }]);
    expect(setEquity(unequal, 'A', null).equity).toEqual([]);
  });
});
