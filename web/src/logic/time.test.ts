import { describe, expect, it } from 'vitest';
import { bytes, clock, day, duration, isoDay, when } from './time';

describe('times and sizes', () => {
  it('shows an instant in the zone asked for', () => {
    expect(clock('2026-11-22T14:03:12Z', 'UTC')).toBe('14:03:12');
    expect(clock('2026-11-22T14:03:12Z', 'Asia/Kolkata')).toBe('19:33:12');
    expect(day('2026-11-22T23:30:00Z', 'Europe/Berlin')).toBe('Mon, 23 Nov 2026');
  });

  it('names the day only when it is not today', () => {
    const now = new Date('2026-11-22T20:00:00Z');
    expect(when('2026-11-22T14:03:12Z', now, 'UTC')).toBe('14:03');
    expect(when('2026-11-21T14:03:12Z', now, 'UTC')).toContain('21 Nov 2026');
  });

  it('says durations the way a person would', () => {
    expect(duration(42)).toBe('42 s');
    expect(duration(600)).toBe('10 min');
    expect(duration(3 * 3600 + 5 * 60)).toBe('3 h 05 min');
  });

  it('says sizes with a unit', () => {
    expect(bytes(999)).toBe('999 B');
    expect(bytes(87_000_000)).toBe('87 MB');
    expect(bytes(1500)).toBe('1.5 KB');
  });

  it('writes the local day for a date field', () => {
    expect(isoDay(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
  });
});
