import type { Project, ProjectInput } from '../api/projects';
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
};

export function newProject(guideline: string, timeZone: string): ProjectDraft {
  return {
    projectId: '', name: '', customer: '', guideline, overlap: '2', goldPercent: '0', subdomains: subdomains.map(choice => choice.key),
    languages: 'en', comparison: false, leaseMinutes: '30', timeZone, privacy: 'warn', showCustomer: false, exactTimes: false, mode: 'full', showReasoning: false,
  };
}

export function projectDraft(project: Project): ProjectDraft {
  const { projectId, name, customer, comparison, timeZone, privacy, showCustomer } = project;
  return {
    projectId, name, customer, comparison, timeZone, privacy, showCustomer,
    exactTimes: project.report?.exactTimes ?? false,
    mode: project.mode ?? 'full',
    showReasoning: project.showReasoning ?? false,
    guideline: guidelineKey(project.guideline),
    overlap: String(project.overlap),
    goldPercent: String(Math.round(project.goldShare * 1000) / 10),
    subdomains: project.subdomains,
    languages: project.languages.join(', '),
    leaseMinutes: String(project.leaseMinutes),
  };
}

export function projectInput(draft: ProjectDraft): ProjectInput {
  const { guideline, goldPercent, languages, overlap, leaseMinutes, exactTimes, ...rest } = draft;
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
  return errors;
}

export function guidelineKey(reference: { id: string; version: number | string }): string {
  return `${reference.id}@${reference.version}`;
}

/** A project id made out of its name: 'Sepsis – week 1' becomes 'sepsis-week-1'. */
export function idFrom(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63).replace(/-+$/, '');
}
