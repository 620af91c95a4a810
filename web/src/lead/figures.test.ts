import { describe, expect, it } from 'vitest';
import { inMargins, range, severity, shown, shownDifference } from './figures';

describe('figures of a report', () => {
  it('are shown as the workbook shows them', () => {
    expect([shown(0.0512, 'rate'), shown(71.234, 'index'), shown(-0.02, 'alpha'), shown(undefined, 'rate')]).toEqual(['5.1\u00a0%', '71.2', '−0.02', '–']);
    expect([shownDifference(-0.031, 'rate'), shownDifference(1.25, 'index')]).toEqual(['−3.1 points', '+1.3']);
    expect(range({ value: 1 }, String)).toBe('');
  });

  it('grade harm by how bad it is', () => {
    expect([severity(0, 2), severity(1, 0), severity(2, 1), severity(3, 1), severity(4, 2)]).toEqual([0, 1, 2, 3, 4]);
  });

  it('turn a lower-is-better difference round', () => {
    expect(inMargins(0.02, 0.02, false)).toBe(-1);
    expect(inMargins(null, 0.02, true)).toBeNull();
    expect(inMargins(1, 0, true)).toBeNull();
  });
});
