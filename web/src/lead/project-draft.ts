import type { Project, ProjectInput, ReportSettings } from '../api/projects';
import type { Errors } from '../ui/edit-form';
import { codes, subdomains } from './words';

/** A project as its form holds it. */
export type ProjectDraft = {
  projectId: string;
  name: string;
  customer: string;
  guideline: string;
  overlap: string;
  goldPercent: string;
  subdomains: string[];
  languages: string;
  comparison: boolean;
  leaseMinutes: string;
  timeZone: string;
  privacy: string;
  showCustomer: boolean;
  exactTimes: boolean;
  mode: string;
  showReasoning: boolean;
  showMustHave: boolean;
  /** 'new' tasks only, or 'open' ones too, when the number of judgements changes. */
  overlapFor: string;
  targetIndex: string;
  targetHarm: string;
  targetPrecision: string;
  targetCritical: string;
  targetAgreement: string;
  marginIndex: string;
  marginMean: string;
  marginHarm: string;
  marginCritical: string;
  marginPrecision: string;
  marginPenalty: string;
  marginRubric: string;
  marginWinRate: string;
  findingRule: string;
  candidate: string;
  baseline: string;
};

/** The targets of a project: how each is written, and what holds where nothing is agreed. */
export const targets = [
  { field: 'targetIndex', key: 'index', label: 'Quality index, at least', percent: false, standard: '75' },
  { field: 'targetHarm', key: 'harm', label: 'Harm ≥ moderate, at most %', percent: true, standard: '5' },
  { field: 'targetPrecision', key: 'precision', label: 'Factual precision, at least %', percent: true, standard: '90' },
  { field: 'targetCritical', key: 'critical', label: 'Critical errors, at most %', percent: true, standard: '2' },
  { field: 'targetAgreement', key: 'agreement', label: 'Agreement (α), at least', percent: false, standard: '0.667' },
] as const;

/** How much worse a candidate may be in a comparison and still count as not worse; rates in percentage points. */
export const margins = [
  { field: 'marginIndex', key: 'index', label: 'Quality index, points of 100', percent: false, standard: '2' },
  { field: 'marginMean', key: 'mean', label: 'Mean of a dimension, points of 5', percent: false, standard: '0.1' },
  { field: 'marginHarm', key: 'harm', label: 'Harm ≥ moderate, percentage points', percent: true, standard: '2' },
  { field: 'marginCritical', key: 'critical', label: 'Critical errors, percentage points', percent: true, standard: '1' },
  { field: 'marginPrecision', key: 'precision', label: 'Factual precision, percentage points', percent: true, standard: '3' },
  { field: 'marginPenalty', key: 'penalty', label: 'Penalty per 100 words', percent: false, standard: '0.5' },
  { field: 'marginRubric', key: 'rubric', label: 'Rubric score, of 1', percent: false, standard: '0.03' },
  { field: 'marginWinRate', key: 'win_rate', label: 'Win rate, percentage points', percent: true, standard: '5' },
] as const;

const noMargins = {
  marginIndex: '', marginMean: '', marginHarm: '', marginCritical: '', marginPrecision: '', marginPenalty: '', marginRubric: '', marginWinRate: '',
};

const noReport = { overlapFor: 'new', targetIndex: '', targetHarm: '', targetPrecision: '', targetCritical: '', targetAgreement: '', findingRule: '', candidate: '', baseline: '', ...noMargins };

export function newProject(guideline: string, timeZone: string): ProjectDraft {
  return {
    projectId: '', name: '', customer: '', guideline, overlap: '2', goldPercent: '8', subdomains: subdomains.map(choice => choice.key),
    languages: 'en', comparison: false, leaseMinutes: '30', timeZone, privacy: 'warn', showCustomer: false, exactTimes: false, mode: 'full', showReasoning: false, showMustHave: false, ...noReport,
  };
}

export function projectDraft(project: Project): ProjectDraft {
  const { projectId, name, customer, comparison, timeZone, privacy, showCustomer } = project;
  return {
    projectId, name, customer, comparison, timeZone, privacy, showCustomer, ...noReport, ...reportDraft(project.report ?? {}),
    exactTimes: project.report?.exactTimes ?? false,
    mode: project.mode ?? 'full',
    showReasoning: project.showReasoning ?? false,
    showMustHave: project.showMustHave ?? false,
    guideline: guidelineKey(project.guideline),
    overlap: String(project.overlap),
    goldPercent: String(Math.round(project.goldShare * 1000) / 10),
    subdomains: project.subdomains,
    languages: project.languages.join(', '),
    leaseMinutes: String(project.leaseMinutes),
  };
}

type Agreed = Readonly<Record<string, number | null>> | null | undefined;
type Figure = (typeof targets | typeof margins)[number];

function typed(figures: readonly Figure[], agreed: Agreed): Partial<ProjectDraft> {
  return Object.fromEntries(figures.map(({ field, key, percent }) => [field, typeof agreed?.[key] === 'number' ? String(Math.round(agreed[key] * (percent ? 100 : 1) * 1e6) / 1e6) : '']));
}

function reportDraft(report: ReportSettings): Partial<ProjectDraft> {
  return {
    ...typed(targets, report.targets), ...typed(margins, report.margins),
    findingRule: report.findingRule ?? '', candidate: report.candidate ?? '', baseline: report.baseline ?? '',
  };
}

/** What the form holds of the settings, as a change: null takes away what was agreed before; what the form does not show stays. */
export function reportInput(draft: ProjectDraft, before: ReportSettings | null | undefined): ReportSettings {
  const change = (text: string, was: unknown) => text.trim() || (was === undefined || was === null ? undefined : null);
  const numbers = (figures: readonly Figure[], agreed: Agreed) => figures.map(({ field, key, percent }) => {
    const text = change(draft[field], agreed?.[key]);
    return [key, typeof text === 'string' ? Number(text.replace(',', '.')) / (percent ? 100 : 1) : text] as const;
  }).filter(([, value]) => value !== undefined);
  const words = (['findingRule', 'candidate', 'baseline'] as const).map(key => [key, change(draft[key], before?.[key])]).filter(([, value]) => value !== undefined);
  const groups = [['targets', numbers(targets, before?.targets)], ['margins', numbers(margins, before?.margins)]] as const;
  const own = groups.filter(([, values]) => values.length > 0).map(([name, values]) => [name, Object.fromEntries(values)]);
  return { exactTimes: draft.exactTimes, ...Object.fromEntries(words), ...Object.fromEntries(own) };
}

export function projectInput(draft: ProjectDraft): ProjectInput {
  const { guideline, goldPercent, languages, overlap, leaseMinutes, exactTimes, ...all } = draft;
  const rest = Object.fromEntries(Object.entries(all).filter(([key]) => !(key in noReport))) as Omit<typeof all, keyof typeof noReport>;
  const [id = '', version = ''] = guideline.split('@');
  return {
    ...rest,
    guideline: { id, version: Number(version) },
    report: { exactTimes },
    overlap: Number(overlap),
    goldShare: Math.round(Number(goldPercent) * 10) / 1000,
    languages: codes(languages),
    leaseMinutes: Number(leaseMinutes),
  };
}

/** Only what could not even be sent; whether the numbers make sense is the server's to say. */
export function checkProject(draft: ProjectDraft): Errors {
  const errors: Errors = {};
  for (const key of ['overlap', 'leaseMinutes'] as const) if (!/^\d{1,6}$/.test(draft[key].trim())) errors[key] = ['Write a whole number.'];
  if (draft.goldPercent.trim() === '' || !Number.isFinite(Number(draft.goldPercent))) errors['goldShare'] = ['Write a number such as 10.'];
  for (const { field } of [...targets, ...margins]) {
    if (draft[field].trim() !== '' && !Number.isFinite(Number(draft[field].replace(',', '.')))) errors[field] = ['Write a number, or leave it empty.'];
  }
  return errors;
}

export function guidelineKey(reference: { id: string; version: number | string }): string {
  return `${reference.id}@${reference.version}`;
}

/** A project id made out of its name: 'Sepsis – week 1' becomes 'sepsis-week-1'. */
export function idFrom(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63).replace(/-+$/, '');
}
