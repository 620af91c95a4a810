import { describe, expect, it } from 'vitest';
import { byRelevance, factsOf } from './applies';
import { answerFor } from './digits';
import { directionOf } from './direction';
import { emptyClaim, emptyEvidence, emptyJudgement, emptySpan } from './form';
import { firstGuideline as guideline } from './guideline.fixture';
import { complaint, isWhole, saysSomething } from './mark';
import { readable } from './readable';

describe('a digit in the question that has the focus', () => {
  it('is one of its answers or nothing', () => {
    const options = [{ key: 'yes', letter: 'y' }, { key: 'no', letter: 'n' }];
    expect(answerFor('2', options)).toBe('no');
    expect(answerFor('Y', options)).toBe('yes');
    expect(answerFor('3', options)).toBeNull();
    expect(answerFor('x', options)).toBeNull();
  });
});

describe('the direction of a list or a table', () => {
  it('is that of most of its letters', () => {
    expect(directionOf('اشرب الماء كثيرا')).toBe('rtl');
    expect(directionOf('MRI يظهر ذلك بوضوح تام')).toBe('rtl');
    expect(directionOf('שתה מים')).toBe('rtl');
    expect(directionOf('Drink water (ماء)')).toBe('ltr');
    expect(directionOf('1 2 3')).toBe('ltr');
  });
});

describe('a mark in the making', () => {
  const opened = { ...emptySpan('A'), start: 1, end: 5, quote: 'text' };

  it('would be lost once there are words in it, or it is ready', () => {
    expect(saysSomething(opened, opened)).toBe(false);
    expect(saysSomething({ ...opened, kind: 'improve' }, opened)).toBe(false);
    expect(saysSomething({ ...opened, comment: 'Too long' }, opened)).toBe(true);
    expect(saysSomething({ ...opened, kind: 'improve', code: 'C1', severity: 'minor' }, opened)).toBe(true);
  });

  it('says what it lacks', () => {
    expect(complaint({ ...opened, kind: 'improve', code: 'C1' })).toBe('Choose a severity.');
    expect(isWhole({ ...opened, kind: 'strength', code: 'G1' })).toBe(true);
    expect(isWhole({ ...emptySpan('A'), kind: 'improve', code: 'O1', severity: 'minor' })).toBe(false);
  });
});

describe('what one wrote, to be copied', () => {
  it('is words that a person can read, in the order of the form', () => {
    const judgement = {
      ...emptyJudgement(['A']), confidence: 2,
      claims: [{ ...emptyClaim('A'), quote: '10 mg', verdict: 'REFUTED', correction: '5 mg', evidence: [{ ...emptyEvidence(), url: 'https://www.nice.org.uk/x', tier: 'T1', title: 'Dosing' }] }],
    };
    const text = readable({ ...judgement, ratings: [{ ...judgement.ratings[0]!, accuracy: 2 as const, rationale: 'Twice the dose.' }] }, guideline);
    expect(text).toContain('Accuracy: 2');
    expect(text).toContain('Rationale: Twice the dose.');
    expect(text).toContain('- Claim “10 mg”: Refuted');
    expect(text).toContain('Source: Dosing, T1, https://www.nice.org.uk/x');
    expect(text).not.toMatch(/[{}]|null|undefined|REFUTED/);
  });
});

describe('checklist items', () => {
  const item = { prompt: [{ role: 'user', content: 'Hi', view: [] }], responses: [{ key: 'A', text: 'Drink water.', view: [] }], audience: 'lay' };

  it('that seldom apply to such an answer come last, and none is left out', () => {
    const [likely, others] = byRelevance(guideline.behaviour, factsOf(item, 'A', false));
    expect(others.map(check => check.key)).toEqual(['CB02', 'CB13', 'CB15', 'CB20']);
    expect(likely.length + others.length).toBe(guideline.behaviour.length);
  });

  it('apply where the conversation calls for them', () => {
    const long = { ...item, prompt: [{ role: 'system', content: 'Rules', view: [] }, ...item.prompt, ...item.prompt], responses: [{ key: 'A', text: 'See https://example.org (2019)', view: [] }] };
    expect(byRelevance(guideline.behaviour, factsOf(long, 'A', false))[1]).toEqual([]);
  });
});
