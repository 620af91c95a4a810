import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evidenceAdvice } from './evidence-rules';
import { completed, emptyClaim } from './form';
import { gateNotices, gatesOf } from './gates';
import { firstGuideline, guideline } from './guideline.fixture';
import type { Judgement } from './judgement';

interface Case {
  guideline: number;
  name: string;
  fires: string[];
  also?: string[];
  quiet: string[];
  mode?: string;
  flags?: string[];
  rating: object | null;
  harm?: object;
  claims?: object[];
  spans?: object[];
  behaviour?: object[];
}

// The server's tests run the same cases.
const cases = JSON.parse(readFileSync(new URL('../../../tests/Annotations/GateCases.json', import.meta.url), 'utf8')) as Case[];
const versions = [firstGuideline, guideline];
const ofA = <T extends object>(entry: T) => ({ response: 'A', ...entry });

function judgementOf(one: Case): Judgement {
  const judgement = completed({
    harm: one.harm ? [ofA(one.harm)] : [], claims: (one.claims ?? []).map(ofA), spans: (one.spans ?? []).map(ofA), behaviour: (one.behaviour ?? []).map(ofA), flags: one.flags ?? [],
    ratings: one.rating ? [ofA(one.rating)] : [],
  } as unknown as Judgement, ['A']);
  return { ...judgement, ...(one.rating ? {} : { ratings: [] }), ...(one.mode ? { mode: one.mode } : {}) };
}

function firedIn(one: Case): string[] {
  const notices = gateNotices(judgementOf(one), versions[one.guideline - 1]!);
  return [...new Set(notices.map(notice => notice.gate.split(':')).filter(([, response]) => response === 'A').map(([rule]) => rule!))].sort();
}

describe('the gate table', () => {
  it.each(cases.map(one => [`v${one.guideline}: ${one.name}`, one] as const))('%s', (_, one) => {
    expect(firedIn(one)).toEqual([...one.fires, ...(one.also ?? [])].sort());
    expect(one.quiet.filter(rule => firedIn(one).includes(rule))).toEqual([]);
  });

  it.each(versions.flatMap(version => gatesOf(version).map(rule => [Number(version.version), rule.key] as const)))('v%i: %s is seen to fire and not to fire', (version, rule) => {
    const own = cases.filter(one => one.guideline === version);
    expect(own.some(one => one.fires.includes(rule))).toBe(true);
    expect(own.some(one => one.quiet.includes(rule) && !firedIn(one).includes(rule))).toBe(true);
  });

  it('names the claim and the place where it is', () => {
    const claim = { ...emptyClaim('B'), quote: 'y', type: 'dose', checkworthiness: 'must', verdict: 'SUPPORTED' };
    const judgement = { ...completed(null, ['A', 'B']), claims: [emptyClaim('A'), claim] };
    expect(gateNotices(judgement, guideline)).toMatchObject([{ gate: 'label_missing:B:2', field: 'judgement.claims[1].verdict', needsReason: true }]);
  });

  it('puts a low score where it is', () => {
    const judgement = completed({ ratings: [{ response: 'B', tone: 2 }] } as unknown as Judgement, ['A', 'B']);
    expect(gateNotices(judgement, firstGuideline)[0]).toMatchObject({ gate: 'low_needs_evidence:B', field: 'judgement.ratings[1].tone' });
  });

  it('tells of the sources of one claim while one works', () => {
    const claim = { ...emptyClaim('A'), type: 'dose', checkworthiness: 'must', verdict: 'REFUTED', critical: true };
    expect(evidenceAdvice(claim, guideline)).toHaveLength(2);
    expect(evidenceAdvice(claim, guideline, ['second_checker'])).toHaveLength(1);
    expect(evidenceAdvice(claim, firstGuideline)).toEqual([]);
  });
});
