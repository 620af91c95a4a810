import type { Role } from '../api/people';
import { languageName } from '../logic/names';
import type { Choice } from '../ui/field';

export const subdomains: Choice[] = [
  { key: 'general', name: 'General clinical care' },
  { key: 'specialty', name: 'Specialty medicine or surgery' },
  { key: 'diagnostics', name: 'Diagnostics, imaging and laboratory' },
  { key: 'public_health', name: 'Public health, systems and administration' },
];

export const degrees: Choice[] = ['MD', 'DO', 'RN', 'NP', 'PA', 'PharmD', 'MPH', 'equivalent'].map(key => ({ key, name: key === 'equivalent' ? 'Equivalent licence' : key }));

export const roles: (Choice & { key: Role; description: string })[] = [
  { key: 'annotator', name: 'Annotator', description: 'judges tasks of their sub-domains and languages' },
  { key: 'adjudicator', name: 'Adjudicator', description: 'settles disagreements without seeing who said what' },
  { key: 'lead', name: 'Lead', description: 'sets up projects, invites people, watches quality' },
  { key: 'customer', name: 'Customer', description: 'sends batches and downloads reports of their own projects; has no other role' },
  { key: 'admin', name: 'Admin', description: 'may do everything a lead may, and appoints leads' },
];

/** 'one', 'one and two', 'one, two and three'. */
export function list(words: string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** '1 task', '2 tasks', '1,200 tasks'. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

export function number(n: number): string {
  return n.toLocaleString('en-GB');
}

/** A key such as us_ssn or loadedWithRejects, as words. */
export function spelled(key: string): string {
  const words = key.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Language codes out of what somebody typed: 'en, es' or 'en es'. */
export function codes(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

/** 'English, Spanish': so that a slip in a code is seen. */
export function languageNames(tags: string[]): string {
  return tags.map(tag => (languageName(tag) === tag ? `${tag} (unknown)` : languageName(tag))).join(', ');
}
