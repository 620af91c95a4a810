import { describe, expect, it } from 'vitest';
import { checkStandards, standardsDraft, standardsInput } from './standards-draft';

const project = { goldShare: 0.085, quality: { repeatShare: 0.03, repeatAfterDays: 10, quiz: true, calibration: false, qualification: false, quizPass: 0.75, qualificationItems: 12, qualificationAlpha: 0.65, secondOnHarm: true, secondShare: 0.2, thirdOnDispute: false, disputeRange: 3, rules: { pace: 'off' }, rates: { full: 21.5 } }, routing: { risk: { emergency: 'first' }, specialties: ['cardiology'] } };

describe('what a project asks of its raters', () => {
  it('comes back as it was, and says null for what is left to the default', () => {
    const sent = standardsInput(standardsDraft(project));
    expect(sent.goldShare).toBe(0.085);
    expect(sent.routing).toEqual({ risk: { emergency: 'first', elevated: null, routine: null }, specialties: ['cardiology'] });
    expect(sent.quality).toMatchObject({ ...project.quality, rules: { pace: 'off', severity: null }, rates: { full: 21.5, case: null } });
  });

  it('has the defaults of a new project where there is none yet', () => {
    expect(standardsDraft({ goldShare: 0, quality: null })).toMatchObject({ goldPercent: '0', quiz: false, repeatPercent: '3', secondPercent: '25', rule_pace: '' });
  });

  it('asks for numbers at the field that the server would name', () => {
    const draft = { ...standardsDraft(project), repeatAfterDays: 'x', secondPercent: '', rate_full: 'much', goldPercent: '1e999' };
    expect(Object.keys(checkStandards(draft)).toSorted()).toEqual(['goldShare', 'quality.repeatAfterDays', 'quality.secondShare', 'rate_full']);
  });
});
