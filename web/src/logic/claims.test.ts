import { describe, expect, it } from 'vitest';
import { attached, claimUnits, guessed, notAClaim, say, splitOrMerge, splitUnit, stanceFor, trayOf, unsay, withClaim } from './claims';
import { emptyClaim, emptyEvidence, emptyJudgement } from './form';
import { guideline } from './guideline.fixture';

const text = 'Give 10 mg/kg every six hours. Never more than 5 days; call a doctor if it lasts. 💊 Salt helps.';
const sentences = [{ start: 0, end: 30 }, { start: 31, end: 81 }, { start: 82, end: 95 }];
const blank = emptyJudgement(['A']);

describe('the units of a response', () => {
  it('are its sentences, with the claims already made in their place', () => {
    const judgement = say(blank, 'A', { start: 31, end: 81, claim: null, given: null }, 'Never…', { verdict: 'REFUTED' });
    expect(claimUnits(sentences, judgement.claims, 'A').map(unit => unit.claim)).toEqual([null, 0, null]);
  });

  it('leave out sentences that a claim touches, and put claims in one\'s own words last', () => {
    const claims = [{ ...emptyClaim('A'), quote: 'own words' }, { ...emptyClaim('A'), start: 20, end: 40, quote: 'x' }, { ...emptyClaim('B'), start: 0, end: 5, quote: 'y' }];
    expect(claimUnits(sentences, claims, 'A')).toEqual([{ start: 20, end: 40, claim: 1, given: null }, { start: 82, end: 95, claim: null, given: null }, { start: null, end: null, claim: 0, given: null }]);
  });

  it('fall into their parts, counted in code points', () => {
    const [first, second] = splitUnit('💊 Take it with food; stop when it hurts.', { start: 10, end: 51 });
    expect(first).toEqual({ start: 10, end: 29 });
    expect(second).toEqual({ start: 31, end: 50 });
  });

  it('are joined with the next one when there is nothing to split, and never past the end', () => {
    expect(splitOrMerge(sentences, sentences[0]!, 'Give 10 mg/kg every six hours.')).toEqual([{ start: 0, end: 81 }, sentences[2]]);
    expect(splitOrMerge(sentences, sentences[2]!, '💊 Salt helps.')).toEqual(sentences);
    expect(splitOrMerge(sentences, sentences[1]!, text.slice(31, 81))).toHaveLength(4);
  });
});

describe('claims that came with the answer', () => {
  const given = [{ claimId: 'k1', response: 'A', text: 'Never more', start: 31, end: 41, importance: 'must' }, { claimId: 'k2', response: 'A', text: 'In other words.' }, { claimId: 'k3', response: 'B', text: 'Of B.' }];

  it('take the place of the sentences, those without a place after those with one, and before one\'s own words', () => {
    const claims = [{ ...emptyClaim('A'), quote: 'own words' }, { ...emptyClaim('A'), start: 0, end: 4, quote: 'Give' }];
    expect(claimUnits(sentences, claims, 'A', given).map(unit => unit.given?.claimId ?? unit.claim)).toEqual([1, 'k1', 'k2', 0]);
    expect(claimUnits(sentences, [], 'C', given)).toHaveLength(3);
  });

  it('are judged as they came, once', () => {
    const [unit] = claimUnits(sentences, [], 'A', given);
    const judged = say(blank, 'A', unit!, 'Never more', { verdict: 'SUPPORTED' });
    expect(judged.claims).toMatchObject([{ given: 'k1', start: 31, end: 41, quote: 'Never more', checkworthiness: 'must' }]);
    const [again] = claimUnits(sentences, judged.claims, 'A', given);
    expect(again!.claim).toBe(0);
    expect(say(judged, 'A', again!, 'Never more', { verdict: 'REFUTED' }).claims).toHaveLength(1);
  });
});

describe('a unit that something is said about', () => {
  it('becomes a claim with a guessed type, and none any more when it is taken back', () => {
    const judgement = say(blank, 'A', { start: 0, end: 30, claim: null, given: null }, 'Give 10 mg/kg every six hours.', { verdict: 'SUPPORTED' });
    expect(judgement.claims).toMatchObject([{ start: 0, end: 30, type: 'dose', checkworthiness: 'must', verdict: 'SUPPORTED' }]);
    expect(unsay(judgement, { start: 0, end: 30, claim: 0, given: null }).claims).toEqual([]);
  });

  it('is guessed in words that the guideline knows', () => {
    const types = guideline.claimTypes.map(type => type.key);
    for (const quote of ['Take 5 mg daily', 'It interacts with warfarin', 'A 2019 trial showed', 'Call an ambulance', 'An MRI shows it', 'The risk is 5%', 'It works by inhibiting', 'This suggests gout', 'Medicare pays', 'Drink water'])
      expect(types).toContain(guessed(quote).type);
  });

  it('that is no claim needs no check', () => {
    expect(say(blank, 'A', { start: 0, end: 30, claim: null, given: null }, 'Hello', notAClaim).claims[0]).toMatchObject({ verdict: 'NOT_A_CLAIM', checkworthiness: 'not' });
  });
});

describe('a source', () => {
  const source = { ...emptyEvidence(), url: 'https://www.nice.org.uk/x', tier: 'T1', excerpt: 'for the first claim' };

  it('follows the verdict with its stance until the person says otherwise', () => {
    const supported = { ...blank, claims: [{ ...emptyClaim('A'), quote: 'x', verdict: 'SUPPORTED', evidence: [attached(source, 'SUPPORTED'), { ...source, stance: 'neutral' }] }] };
    expect(withClaim(supported, 0, { verdict: 'REFUTED' }).claims[0]!.evidence.map(entry => entry.stance)).toEqual(['refutes', 'neutral']);
    expect(stanceFor('UNVERIFIABLE')).toBe('neutral');
    expect(stanceFor(null)).toBeNull();
  });

  it('has one number in the tray however often it is used, and does not take its passage along', () => {
    const twice = { ...blank, claims: [0, 1].map(() => ({ ...emptyClaim('A'), evidence: [source] })) };
    expect(trayOf(twice)).toHaveLength(1);
    expect(attached(source, 'OUTDATED')).toMatchObject({ url: source.url, tier: 'T1', stance: 'refutes', excerpt: null });
  });
});
