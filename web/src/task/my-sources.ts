import { api } from '../api';
import { trayOf } from '../logic/claims';
import { emptyEvidence } from '../logic/form';
import type { Evidence, Judgement } from '../logic/judgement';
import { prefixOf } from './local-copy';

const most = 60;
const keyOf = (personId: string, projectId: string) => `${prefixOf(personId)}${encodeURIComponent(projectId)}:sources`;

/** Sources that a person has used on this device in a project, the last ones first; forgotten when they sign out. */
export function usedBefore(personId: string, projectId: string): Evidence[] {
  try {
    return JSON.parse(localStorage.getItem(keyOf(personId, projectId)) ?? '[]') as Evidence[];
  } catch {
    return [];
  }
}

/** Keeps the sources of a judgement for the next one. */
export function rememberSources(personId: string, projectId: string, judgement: Judgement): void {
  const mine = trayOf(judgement).map(source => ({ ...source, stance: null, excerpt: null }));
  if (mine.length === 0) return;
  const others = usedBefore(personId, projectId).filter(source => !mine.some(own => own.url === source.url));
  try {
    localStorage.setItem(keyOf(personId, projectId), JSON.stringify([...mine, ...others].slice(0, most)));
  } catch {
    // A full device keeps no list; the sources themselves are in the judgement.
  }
}

const libraries = new Map<string, Promise<Evidence[]>>();

/** Sources that anybody has used in the project; asked for once a visit. */
export function librarySources(projectId: string): Promise<Evidence[]> {
  const found = libraries.get(projectId) ?? api.sources(projectId).then(sources => sources.map(({ url, title, publisher, tier, publishedOn, jurisdiction }) =>
    ({ ...emptyEvidence(), url, title: title ?? null, publisher: publisher ?? null, tier: tier ?? null, publishedOn: publishedOn ?? null, jurisdiction: jurisdiction ?? null })));
  libraries.set(projectId, found);
  found.catch(() => libraries.delete(projectId));
  return found;
}
