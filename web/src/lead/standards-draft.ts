import type { Project, QualitySettings, Routing } from '../api/projects';
import type { Errors } from '../ui/edit-form';
import { named } from './person-draft';

/** What a project asks of its raters, as its form holds it. */
export type StandardsDraft = {
  goldPercent: string;
  quiz: boolean;
  calibration: boolean;
  qualification: boolean;
  quizPercent: string;
  qualificationItems: string;
  qualificationAlpha: string;
  repeatPercent: string;
  repeatAfterDays: string;
  secondOnHarm: boolean;
  secondPercent: string;
  thirdOnDispute: boolean;
  disputeRange: string;
  specialties: string;
} & Record<`rule_${string}` | `rate_${string}` | `risk_${string}`, string>;

export const riskTiers = [{ key: 'emergency', name: 'Emergency' }, { key: 'elevated', name: 'Elevated' }, { key: 'routine', name: 'Routine' }] as const;

/** What each rule of the watch looks at, and what it does where nothing else is said. */
export const watchRules = [
  { key: 'gold_accuracy', name: 'Scores of gold items lie outside what experts accept', standard: 'pause' },
  { key: 'missed_criticals', name: 'Planted critical errors are missed', standard: 'pause' },
  { key: 'false_alarms', name: 'Clean controls are said to have a serious error', standard: 'notice' },
  { key: 'gold_error', name: 'Scores drift away from the experts’', standard: 'pause' },
  { key: 'severity', name: 'Scores drift away from colleagues’', standard: 'notice' },
  { key: 'straight_lining', name: 'Every dimension gets the same score', standard: 'pause' },
  { key: 'text_reuse', name: 'Rationales are copies of earlier ones', standard: 'pause' },
  { key: 'pace', name: 'Far faster than the others (never for being slow)', standard: 'notice' },
] as const;

export const paidKinds = [
  { key: 'full', name: 'A judgement in full' },
  { key: 'quick', name: 'A quick judgement' },
  { key: 'fact_check', name: 'A fact-check' },
  { key: 'case', name: 'A settled disagreement' },
] as const;

/** A project from before there was any of it has none. */
const none: QualitySettings = {
  repeatShare: 0.03, repeatAfterDays: 7, quiz: false, calibration: false, qualification: false, quizPass: 0.8, qualificationItems: 20, qualificationAlpha: 0.6,
  secondOnHarm: true, secondShare: 0.25, thirdOnDispute: true, disputeRange: 2,
};

const inPercent = (share: number) => String(Math.round(share * 1000) / 10);
const asShare = (typed: string) => Math.round(Number(typed) * 10) / 1000;

export function standardsDraft(project: Pick<Project, 'goldShare' | 'quality' | 'routing'>): StandardsDraft {
  const { quiz, calibration, qualification, secondOnHarm, thirdOnDispute, ...rest } = { ...none, ...project.quality };
  return {
    quiz, calibration, qualification, secondOnHarm, thirdOnDispute,
    goldPercent: inPercent(project.goldShare),
    quizPercent: inPercent(rest.quizPass),
    qualificationItems: String(rest.qualificationItems),
    qualificationAlpha: String(rest.qualificationAlpha),
    repeatPercent: inPercent(rest.repeatShare),
    repeatAfterDays: String(rest.repeatAfterDays),
    secondPercent: inPercent(rest.secondShare),
    disputeRange: String(rest.disputeRange),
    specialties: project.routing?.specialties?.join(', ') ?? '',
    ...Object.fromEntries(riskTiers.map(({ key }) => [`risk_${key}`, project.routing?.risk?.[key] ?? ''])),
    ...Object.fromEntries(watchRules.map(({ key }) => [`rule_${key}`, rest.rules?.[key] ?? ''])),
    ...Object.fromEntries(paidKinds.map(({ key }) => [`rate_${key}`, rest.rates?.[key] === undefined || rest.rates[key] === null ? '' : String(rest.rates[key])])),
  };
}

/** As a change of the project: null takes back what was chosen before. */
export function standardsInput(draft: StandardsDraft): { goldShare: number; quality: QualitySettings; routing: Routing } {
  const { quiz, calibration, qualification, secondOnHarm, thirdOnDispute } = draft;
  return {
    goldShare: asShare(draft.goldPercent),
    routing: { risk: Object.fromEntries(riskTiers.map(({ key }) => [key, draft[`risk_${key}`] || null])), specialties: named(draft.specialties) },
    quality: {
      quiz, calibration, qualification, secondOnHarm, thirdOnDispute,
      quizPass: asShare(draft.quizPercent),
      qualificationItems: Number(draft.qualificationItems),
      qualificationAlpha: Number(draft.qualificationAlpha),
      repeatShare: asShare(draft.repeatPercent),
      repeatAfterDays: Number(draft.repeatAfterDays),
      secondShare: asShare(draft.secondPercent),
      disputeRange: Number(draft.disputeRange),
      rules: Object.fromEntries(watchRules.map(({ key }) => [key, draft[`rule_${key}`] || null])),
      rates: Object.fromEntries(paidKinds.map(({ key }) => [key, draft[`rate_${key}`]?.trim() ? Number(draft[`rate_${key}`]!.replace(',', '.')) : null])),
    },
  };
}

/** Only what could not even be sent; whether a number makes sense is the server's to say. */
export function checkStandards(draft: StandardsDraft): Errors {
  const errors: Errors = {};
  const whole = { qualificationItems: draft.qualificationItems, repeatAfterDays: draft.repeatAfterDays, disputeRange: draft.disputeRange };
  for (const [key, typed] of Object.entries(whole)) if (!/^\d{1,4}$/.test(typed.trim())) errors[paths[key] ?? key] = ['Write a whole number.'];
  const numbers = { goldPercent: draft.goldPercent, quizPercent: draft.quizPercent, qualificationAlpha: draft.qualificationAlpha, repeatPercent: draft.repeatPercent, secondPercent: draft.secondPercent };
  for (const [key, typed] of Object.entries(numbers)) if (typed.trim() === '' || !Number.isFinite(Number(typed))) errors[paths[key] ?? key] = ['Write a number.'];
  for (const { key } of paidKinds) if (draft[`rate_${key}`]?.trim() && !Number.isFinite(Number(draft[`rate_${key}`]!.replace(',', '.')))) errors[`rate_${key}`] = ['Write a number, or leave it empty.'];
  return errors;
}

/** Where the server's name for a field is another one. */
export const paths: Record<string, string> = {
  goldPercent: 'goldShare', quiz: 'quality.quiz', calibration: 'quality.calibration', quizPercent: 'quality.quizPass', qualificationItems: 'quality.qualificationItems',
  qualificationAlpha: 'quality.qualificationAlpha', repeatPercent: 'quality.repeatShare', repeatAfterDays: 'quality.repeatAfterDays', secondPercent: 'quality.secondShare', disputeRange: 'quality.disputeRange', rate_full: 'quality.rates', specialties: 'routing.specialties',
};
