import { describe, expect, it } from 'vitest';
import { missing, progressOf } from './completeness';
import { emptyClaim, emptyEvidence, emptyJudgement, emptySpan, setAnswer, setHarm, setPreference, setScore } from './form';
import { firstGuideline as guideline } from './guideline.fixture';
import { dimensionKeys, type Judgement } from './judgement';

const rated = (judgement: Judgement, response: string) => setHarm(dimensionKeys.reduce((so, key) => setScore(so, response, key, 4), judgement), response, { extent: 'none' });
const fields = (judgement: Judgement) => missing(judgement, guideline).map(entry => entry.field);
const one = { ...rated(emptyJudgement(['A']), 'A'), confidence: 2 };

describe('what is missing', () => {
  it('is everything asked for when nothing is said', () => {
    expect(fields(emptyJudgement(['A']))).toHaveLength(8);
    expect(fields(emptyJudgement(['A', 'B']))).toHaveLength(16);
  });

  it('is nothing once one response is judged', () => {
    expect(fields(one)).toEqual([]);
  });

  it('names the response and the dimension when there are several', () => {
    const labels = missing(rated(emptyJudgement(['A', 'B']), 'A'), guideline).map(entry => entry.label);
    expect(labels).toContain('Tone of response B');
    expect(labels).not.toContain('Tone of response A');
    expect(labels).toContain('Which response you prefer');
  });

  it('counts NA as an answer and a tie as a preference', () => {
    expect(fields(setScore(one, 'A', 'reasoning', 'NA'))).toEqual([]);
    const both = { ...rated(rated(emptyJudgement(['A', 'B']), 'A'), 'B'), confidence: 1 };
    expect(fields(setPreference(both, { winner: 'tie' }))).toEqual([]);
  });

  it('asks for likelihood and mechanism only where there is harm', () => {
    expect(fields(setHarm(one, 'A', { extent: 'mild' }))).toEqual(['judgement.harm[0].likelihood', 'judgement.harm[0].mechanism']);
  });

  it('asks a claim for its type and its source for tier and stance', () => {
    const claim = { ...emptyClaim('A'), quote: 'x', checkworthiness: 'must', evidence: [{ ...emptyEvidence(), url: 'https://who.int' }] };
    expect(fields({ ...one, claims: [claim] })).toEqual(['judgement.claims[0].type', 'judgement.claims[0].evidence[0].tier', 'judgement.claims[0].evidence[0].stance']);
  });

  it('asks for a sentence on a "no" unless an error is marked', () => {
    const no = setAnswer(one, 'behaviour', 'A', 'CB03', { answer: 'no' });
    expect(fields(no)).toEqual(['judgement.behaviour[0].comment']);
    expect(fields({ ...no, spans: [{ ...emptySpan('A'), kind: 'unsafe_reasoning', code: 'R2' }] })).toEqual([]);
    expect(fields({ ...no, spans: [{ ...emptySpan('A'), kind: 'strength', code: 'G1' }] })).toHaveLength(1);
  });

  it('is counted per response', () => {
    expect(progressOf(setScore(emptyJudgement(['A', 'B']), 'B', 'tone', 3), guideline, 'B')).toEqual({ done: 1, of: 7 });
    expect(progressOf(setHarm(one, 'A', { extent: 'mild' }), guideline, 'A')).toEqual({ done: 6, of: 7 });
  });
});
