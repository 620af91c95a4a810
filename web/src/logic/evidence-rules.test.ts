import { describe, expect, it } from 'vitest';
import { evidenceAdvice } from './evidence-rules';
import { emptyClaim, emptyEvidence } from './form';
import type { Claim } from './judgement';

const claim = (change: Partial<Claim>, ...tiers: string[]): Claim => ({ ...emptyClaim('A'), ...change, evidence: tiers.map(tier => ({ ...emptyEvidence(), tier })) });
const advice = (change: Partial<Claim>, ...tiers: string[]) => evidenceAdvice(claim(change, ...tiers)).length;

describe('sources of a claim', () => {
  it('need one strong or two fair ones for a verdict', () => {
    expect(advice({ verdict: 'REFUTED' })).toBe(1);
    expect(advice({ verdict: 'REFUTED' }, 'T4')).toBe(1);
    expect(advice({ verdict: 'REFUTED' }, 'T4', 'T5')).toBe(0);
    expect(advice({ verdict: 'SUPPORTED' }, 'T3')).toBe(0);
    expect(advice({ verdict: 'SUPPORTED' }, 'T6', 'T6')).toBe(1);
  });

  it('need tier 1 for a dose', () => {
    expect(advice({ verdict: 'REFUTED', type: 'dose' }, 'T2')).toBe(1);
    expect(advice({ verdict: 'REFUTED', type: 'dose' }, 'T1')).toBe(0);
  });

  it('are two when the claim is critical, three when it cannot be verified', () => {
    expect(advice({ verdict: 'REFUTED', critical: true }, 'T1')).toBe(1);
    expect(advice({ verdict: 'REFUTED', critical: true }, 'T1', 'T2')).toBe(0);
    expect(advice({ verdict: 'UNVERIFIABLE' }, 'T1', 'T1')).toBe(1);
  });

  it('are not asked for before there is a verdict', () => {
    expect(advice({ type: 'dose', critical: true })).toBe(0);
  });
});
