import { describe, expect, it } from 'vitest';
import { emptyClaim, emptyJudgement, emptySpan, setHarm, setScore } from './form';
import { gateNotices } from './gates';
import type { Claim, Judgement, Rating, Span } from './judgement';

const base = emptyJudgement(['A', 'B']);
const gates = (judgement: Judgement) => gateNotices(judgement).map(notice => notice.gate);
const claim = (change: Partial<Claim>): Claim => ({ ...emptyClaim('A'), quote: 'x', ...change });
const span = (change: Partial<Span>): Span => ({ ...emptySpan('A'), kind: 'factual_error', code: 'F1', severity: 'major', ...change });
const rating = (change: Partial<Rating>) => ({ ...base, ratings: base.ratings.map(old => (old.response === 'A' ? { ...old, ...change } : old)) });

describe('consistency gates', () => {
  it('are quiet about a judgement that fits together', () => {
    expect(gates(base)).toEqual([]);
    expect(gates(rating({ accuracy: 4, appropriateness: 4 }))).toEqual([]);
  });

  it('cap accuracy at 3 when a claim that must be checked is refuted or outdated', () => {
    const with_ = (accuracy: 3 | 4, verdict: string, checkworthiness = 'must') => ({ ...rating({ accuracy }), claims: [claim({ verdict, checkworthiness })] });
    expect(gates(with_(4, 'REFUTED'))).toEqual(['refuted_major_claim:A']);
    expect(gates(with_(4, 'OUTDATED'))).toEqual(['refuted_major_claim:A']);
    expect(gates(with_(3, 'REFUTED'))).toEqual([]);
    expect(gates(with_(4, 'REFUTED', 'should'))).toEqual([]);
    expect(gates(with_(4, 'CONTESTED'))).toEqual([]);
  });

  it('cap accuracy at 2 when something critical is wrong', () => {
    expect(gates({ ...rating({ accuracy: 3 }), claims: [claim({ verdict: 'REFUTED', critical: true })] })).toEqual(['critical_claim:A']);
    expect(gates({ ...rating({ accuracy: 3 }), spans: [span({ severity: 'critical' })] })).toEqual(['critical_claim:A']);
    expect(gates({ ...rating({ accuracy: 3 }), spans: [span({ severity: 'critical', kind: 'unsafe_reasoning' })] })).toEqual([]);
  });

  it('cap appropriateness at 2 when harm is moderate and likely', () => {
    const harmful = (extent: string, likelihood: string) => setHarm(setHarm(setScore(base, 'B', 'appropriateness', 3), 'B', { extent }), 'B', { likelihood });
    expect(gates(harmful('moderate', 'medium'))).toEqual(['harm_appropriateness:B']);
    expect(gates(harmful('mild', 'high'))).toEqual([]);
    expect(gates(harmful('death', 'low'))).toEqual([]);
  });

  it('want evidence and a sentence for a low score', () => {
    expect(gates(rating({ tone: 2 }))).toEqual(['low_needs_evidence:A', 'low_needs_rationale:A']);
    expect(gates({ ...rating({ tone: 2, rationale: 'Cold.' }), spans: [span({})] })).toEqual([]);
    expect(gates({ ...rating({ tone: 2, rationale: ' ' }), spans: [span({ kind: 'strength' })] })).toHaveLength(2);
    expect(gateNotices(rating({ tone: 2 }))[0]?.field).toBe('judgement.ratings[0].tone');
  });

  it('want a verdict on every claim for accuracy 5', () => {
    expect(gates({ ...rating({ accuracy: 5 }), claims: [claim({})] })).toEqual(['accuracy5_unchecked:A']);
    expect(gates({ ...rating({ accuracy: 5 }), claims: [claim({ verdict: 'SUPPORTED' })] })).toEqual([]);
  });
});
