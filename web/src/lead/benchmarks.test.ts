import { describe, expect, it } from 'vitest';
import type { Benchmark } from '../api/benchmarks';
import { byBenchmark, sayAdded, sayCoverage, sayScore, sayWhat } from './benchmarks';

const benchmark: Benchmark = { benchmarkId: 'b', version: 1, name: 'B', file: 'b.jsonl', sha256: 'x', prompts: 2, criteria: 3, references: 0, themes: {}, by: 'lead', at: '2026-11-30T00:00:00Z' };
const run = { runId: 'r', benchmarkId: 'b', version: 1, model: 'm', date: '2026-11-30', batches: [], answers: 4987, covered: 4987, prompts: 5000, surplus: 0, missing: ['a', 'b', 'c', 'd', 'e', 'f'] };

describe('benchmarks', () => {
  it('say what a run covers and what it lacks', () => {
    expect(sayCoverage(run)).toBe('4,987 of 5,000 prompts answered; missing: a, b, c, d, e and 8 more.');
    expect(sayCoverage({ ...run, covered: 5000, missing: [], surplus: 1 })).toBe('5,000 of 5,000 prompts answered; 1 answer to prompts that it does not have.');
  });

  it('never show what is not judged as zero', () => {
    expect(sayScore(undefined)).toBe('not judged yet');
    expect(sayScore({ value: 0, low: 0, high: 0.2 }, 40)).toBe('0.00, 95\u00a0% CI 0.00 to 0.20 (40 prompts)');
    expect(sayScore({ value: 0.5 }, 1)).toBe('0.50 (1 prompt)');
  });

  it('are named in words', () => {
    expect(sayWhat('axis:context_awareness')).toBe('Axis: context awareness');
    expect(sayWhat('all')).toBe('Whole rubric');
    expect(sayAdded({ benchmark, isNew: false, rejected: 1, errors: [] })).toBe('B, version 1: 2 prompts, as before. 1 record could not be taken.');
  });

  it('stand version by version, the latest first', () => {
    const versions = byBenchmark([benchmark, { ...benchmark, version: 2 }, { ...benchmark, benchmarkId: 'c' }]);
    expect(versions.map(one => one.map(each => `${each.benchmarkId}${each.version}`))).toEqual([['b2', 'b1'], ['c1']]);
  });
});
