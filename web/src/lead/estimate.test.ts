import { describe, expect, it } from 'vitest';
import type { Estimate } from '../api/projects';
import { agreementAxis, percent, place, sayEstimate, scoreAxis } from './estimate';

const estimate = (value: number | null, low: number | null = null, high: number | null = null): Estimate => ({ value, low, high, undefined: value === null ? 'there is only one rater' : null, method: null, n: 40 });

describe('an estimate', () => {
  it('is said with its interval', () => {
    expect(sayEstimate(estimate(3.914, 3.6, 4.1))).toBe('3.91, 95\u00a0% CI 3.60 to 4.10');
    expect(sayEstimate(estimate(-0.05, -0.3, 0.2))).toBe('−0.05, 95\u00a0% CI −0.30 to 0.20');
    expect(sayEstimate(estimate(0.068, 0.035, 0.128), percent)).toBe('6.8\u00a0%, 95\u00a0% CI 3.5\u00a0% to 12.8\u00a0%');
  });

  it('is never a number when it is not defined', () => {
    expect(sayEstimate(estimate(null))).toBe('Not defined: there is only one rater.');
  });

  it('is said alone when it has no interval', () => {
    expect(sayEstimate(estimate(4))).toBe('4.00');
  });
});

describe('an axis', () => {
  it('keeps values inside its margins', () => {
    expect(place(1, scoreAxis)).toBe(2);
    expect(place(3, scoreAxis)).toBe(50);
    expect(place(9, scoreAxis)).toBe(98);
  });

  it('reaches below zero only where agreement does', () => {
    expect(agreementAxis([estimate(0.5, 0.3, 0.7), estimate(null)])).toMatchObject({ from: 0, ticks: [0, 1] });
    expect(agreementAxis([estimate(0.9, 0.85, 0.95)]).from).toBe(0);
    expect(agreementAxis([estimate(-0.08, -0.31, 0.2)]).from).toBeCloseTo(-0.4);
  });
});
