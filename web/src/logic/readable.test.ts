import { expect, it } from 'vitest';
import { emptyClaim, emptyEvidence, emptyJudgement, emptySpan } from './form';
import { guideline } from './guideline.fixture';
import { nameOf } from './guideline';
import type { Judgement } from './judgement';
import { readable } from './readable';

const empty = emptyJudgement(['A', 'B']);
const [extent, likelihood, mechanism] = [guideline.harm.extent.at(-1)!, guideline.harm.likelihood[0]!, guideline.harm.mechanism[0]!];
const [kind, severity, flag, verdict] = [guideline.kinds[0]!, guideline.severities[0]!, guideline.flags[0]!, guideline.verdicts[0]!];

it('a judgement of two responses reads like this, each entry under its own response', () => {
  const judgement: Judgement = {
    ...empty,
    ratings: [{ ...empty.ratings[0]!, accuracy: 2, rationale: 'Twice the dose.' }, { ...empty.ratings[1]!, accuracy: 'NA' }],
    harm: [{ ...empty.harm[0]!, extent: extent.key, likelihood: likelihood.key, mechanism: mechanism.key }, empty.harm[1]!],
    spans: [
      { ...emptySpan('A'), kind: kind.key, code: 'F1', severity: severity.key, quote: 'ten', comment: 'Too much', suggestion: 'five' },
      { ...emptySpan('B'), kind: kind.key, code: 'O1', severity: null, quote: null, missingText: 'pregnancy' },
      { ...emptySpan('B'), kind: kind.key, code: 'O2', severity: null, quote: null, missingText: null },
    ],
    claims: [
      { ...emptyClaim('A'), quote: '10 mg', verdict: verdict.key, critical: true, correction: '5 mg', evidence: [
        { ...emptyEvidence(), url: 'https://a.example/', title: 'Dosing', publisher: 'Agency', tier: 'T1', excerpt: 'five' }, { ...emptyEvidence(), url: 'https://b.example/' }] },
      { ...emptyClaim('B'), quote: null, verdict: null, critical: false },
    ],
    behaviour: [{ response: 'A', check: 'CB01', answer: 'no', comment: 'never asked' }],
    rules: [{ response: 'A', rule: 'R1', answer: 'yes', comment: null }],
    rubric: [{ response: 'B', criterion: 'c1', met: true, comment: null }, { response: 'B', criterion: 'c2', met: false, comment: null }, { response: 'B', criterion: 'c3', met: null, comment: null }],
    preference: { winner: 'B', strength: 2, perDimension: {}, rationale: 'Safer' },
    refinedPrompt: 'Better question', idealResponse: 'Better answer', flags: [flag.key], confidence: 3, overall: 4,
  };
  const rated = (accuracy: string) => guideline.dimensions.map(dimension => `${dimension.name}: ${dimension.key === 'accuracy' ? accuracy : 'not rated'}`);

  expect(readable(judgement, guideline).split('\n')).toEqual([
    'RESPONSE A', ...rated('2'), 'Rationale: Twice the dose.', `Harm: ${extent.name}, ${likelihood.name}, ${mechanism.name}`,
    `- F1 ${kind.name}, ${severity.name}: “ten”`, '  Comment: Too much', '  Better: five',
    `- Claim “10 mg”: ${verdict.name}, critical`, '  Correction: 5 mg', '  Source: Dosing, Agency, T1, https://a.example/ – “five”', '  Source: https://b.example/',
    '- CB01: no – never asked', '- R1: yes', '',
    'RESPONSE B', ...rated('NA'), 'Harm: not said',
    `- O1 ${kind.name}: missing: pregnancy`, `- O2 ${kind.name}: missing: `, '- Claim “”: no verdict', '- c1: met', '- c2: not met', '- c3: ', '',
    'Preferred: B, Safer', 'Confidence: 3', 'Overall: 4', `Flags: ${nameOf(guideline.flags, flag.key)}`, 'Refined prompt: Better question', 'Ideal answer: Better answer',
  ]);
});

it('what was not said is not written', () => {
  expect(readable({ ...empty, ratings: [], preference: null }, guideline)).toBe('');
  expect(readable({ ...empty, ratings: [], preference: { winner: null, strength: null, perDimension: {}, rationale: null } }, guideline)).toBe('');
});
