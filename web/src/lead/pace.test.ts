import { describe, expect, it } from 'vitest';
import { sayFinish } from './pace';

const now = new Date('2026-11-18T09:00:00Z');

describe('when a batch may be finished', () => {
  it('is said with its spread', () => {
    const words = sayFinish({ whole: 4, left: 18, perDay: 3, daysLeft: 6, soonest: 4.2, latest: 10.6 }, now);
    expect(words).toMatch(/^About .*24/);
    expect(words).toMatch(/23.*earliest.*29/);
  });

  it('has no latest day where the pace may be nothing', () => {
    expect(sayFinish({ whole: 3, left: 12, perDay: 3, daysLeft: 4, soonest: 1 }, now)).toContain('no latest day');
  });

  it('is not said where it cannot be known', () => {
    expect(sayFinish({ whole: 1, left: 12, undefined: 'too few days' }, now)).toBe('Cannot be said yet: too few days.');
    expect(sayFinish({ whole: 1, left: 0 }, now)).toBe('All judgements are in.');
  });
});
