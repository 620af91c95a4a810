import { prefixOf } from './local-copy';

const keyOf = (personId: string) => `${prefixOf(personId)}project`;

/** The project that a person has chosen to work on, on this device; null for all of theirs. */
export function chosenProject(personId: string): string | null {
  return localStorage.getItem(keyOf(personId));
}

export function chooseProject(personId: string, projectId: string | null): void {
  if (projectId === null) localStorage.removeItem(keyOf(personId));
  else localStorage.setItem(keyOf(personId), projectId);
}
