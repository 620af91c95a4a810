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

const noReport = { overlapFor: 'new', targetIndex: '', targetHarm: '', targetPrecision: '', targetCritical: '', targetAgreement: '', findingRule: '', candidate: '', baseline: '' };

export function newProject(guideline: string, timeZone: string): ProjectDraft {
  return {
    projectId: '', name: '', customer: '', guideline, overlap: '2', goldPercent: '0', subdomains: subdomains.map(choice => choice.key),
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

function reportDraft(report: ReportSettings): Partial<ProjectDraft> {
  const own = targets.map(({ field, key, percent }) => [field, typeof report.targets?.[key] === 'number' ? String(Math.round(report.targets[key] * (percent ? 100 : 1) * 1e6) / 1e6) : '']);
  return { ...Object.fromEntries(own), findingRule: report.findingRule ?? '', candidate: report.candidate ?? '', baseline: report.baseline ?? '' };
}

/** What the form holds of the settings, as a change: null takes away what was agreed before; what the form does not show stays. */
export function reportInput(draft: ProjectDraft, before: ReportSettings | null | undefined): ReportSettings {
  const change = (typed: string, was: unknown) => typed.trim() || (was === undefined || was === null ? undefined : null);
  const own = targets.map(({ field, key, percent }) => {
    const typed = change(draft[field], before?.targets?.[key]);
    return [key, typeof typed === 'string' ? Number(typed.replace(',', '.')) / (percent ? 100 : 1) : typed];
  }).filter(([, value]) => value !== undefined);
  const words = (['findingRule', 'candidate', 'baseline'] as const).map(key => [key, change(draft[key], before?.[key])]).filter(([, value]) => value !== undefined);
  return { exactTimes: draft.exactTimes, ...Object.fromEntries(words), ...(own.length ? { targets: Object.fromEntries(own) } : {}) };
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
  for (const { field } of targets) if (draft[field].trim() !== '' && !Number.isFinite(Number(draft[field].replace(',', '.')))) errors[field] = ['Write a number, or leave it empty.'];
  return errors;
}

export function guidelineKey(reference: { id: string; version: number | string }): string {
  return `${reference.id}@${reference.version}`;
}

/** A project id made out of its name: 'Sepsis – week 1' becomes 'sepsis-week-1'. */
export function idFrom(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63).replace(/-+$/, '');
}
