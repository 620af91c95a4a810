import type { Credential, Person, PersonInput, Role } from '../api/people';
import type { Errors } from '../ui/edit-form';
import { codes } from './words';

/** A person as their form holds them. */
export type PersonDraft = {
  name: string;
  email: string;
  roles: string[];
  everyProject: boolean;
  projects: string[];
  active: boolean;
  degree: string;
  years: string;
  subdomains: string[];
  languages: string;
  specialties: string;
};

export const newPerson: PersonDraft = { name: '', email: '', roles: ['annotator'], everyProject: true, projects: [], active: true, degree: 'MD', years: '', subdomains: [], languages: 'en', specialties: '' };

export function personDraft(person: Person): PersonDraft {
  const { credential } = person;
  return {
    name: person.name,
    email: person.email ?? '',
    roles: person.roles,
    everyProject: person.projects.includes('*'),
    projects: person.projects.filter(id => id !== '*'),
    active: person.active,
    degree: credential?.degree ?? 'MD',
    years: credential ? String(credential.years) : '',
    subdomains: credential?.subdomains ?? [],
    languages: credential?.languages.join(', ') ?? 'en',
    specialties: credential?.specialties?.join(', ') ?? '',
  };
}

export function personInput(draft: PersonDraft): PersonInput {
  return {
    name: draft.name,
    email: draft.email.trim() || null,
    roles: draft.roles as Role[],
    projects: seesAll(draft) ? ['*'] : draft.projects,
    credential: judges(draft) ? credentialOf(draft) : null,
    active: draft.active,
  };
}

export function judges(draft: PersonDraft): boolean {
  return draft.roles.some(role => role === 'annotator' || role === 'adjudicator');
}

/** A customer's projects are named one by one. */
export function seesAll(draft: PersonDraft): boolean {
  return draft.everyProject && !draft.roles.includes('customer');
}

/** Only what could not even be sent; the rest is the server's to say. */
export function checkPerson(draft: PersonDraft): Errors {
  return judges(draft) && !/^\d{1,3}$/.test(draft.years.trim()) ? { 'credential.years': ['Write the years of practice as a whole number.'] } : {};
}

/** 'MD, 9 years of practice'. */
export function credentialWords(credential: Credential): string {
  return `${credential.degree}, ${credential.years} years of practice`;
}

function credentialOf(draft: PersonDraft): Credential {
  return { degree: draft.degree, years: Number(draft.years), subdomains: draft.subdomains, languages: codes(draft.languages), specialties: named(draft.specialties) };
}

/** Names with commas between them: 'Cardiology, family medicine'. */
export function named(text: string): string[] {
  return [...new Set(text.split(/[,;]/).map(name => name.trim()).filter(Boolean))];
}
