import { describe, expect, it } from 'vitest';
import { sayWeek, weekDays } from './week';

const days = (week: string) => {
  const found = weekDays(week);
  return found && [found.monday.toISOString().slice(0, 10), found.sunday.toISOString().slice(0, 10)];
};

describe('the days of an ISO week', () => {
  it('run from Monday to Sunday', () => {
    expect(days('2026-W47')).toEqual(['2026-11-16', '2026-11-22']);
  });

  it('may begin in the year before and end in the year after', () => {
    expect(days('2026-W01')).toEqual(['2025-12-29', '2026-01-04']);
    expect(days('2026-W53')).toEqual(['2026-12-28', '2027-01-03']);
    expect(days('2023-W01')).toEqual(['2023-01-02', '2023-01-08']);
  });

  it('are said shortly, and something else as it is', () => {
    expect(sayWeek('2026-W47').replaceAll(/\s/g, ' ')).toBe('16 – 22 Nov 2026');
    expect(sayWeek('soon')).toBe('soon');
  });
});
