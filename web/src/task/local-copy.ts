import type { Judgement } from '../logic/judgement';

/** A draft as this device keeps it, so that neither a reload nor a lost network loses a word. */
export interface LocalCopy {
  leaseId: string;
  annotationId: string;
  /** The last revision that the server has acknowledged. */
  revision: number;
  judgement: Judgement;
  /** True while the server has not acknowledged `judgement`. */
  unsaved: boolean;
  changedAt: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const prefix = 'healtheval:draft:';

/** What every key of a person begins with. */
export function prefixOf(personId: string): string {
  return `${prefix}${encodeURIComponent(personId)}:`;
}

export function copyKey(personId: string, projectId: string, taskId: string): string {
  return prefix + [personId, projectId, taskId].map(encodeURIComponent).join(':');
}

export function readCopy(store: Store, key: string): LocalCopy | null {
  try {
    return JSON.parse(store.getItem(key) ?? 'null') as LocalCopy | null;
  } catch {
    return null;
  }
}

/** False when the device refuses (full, or private mode): the person must be told. */
export function writeCopy(store: Store, key: string, copy: LocalCopy | { unsaved: boolean }): boolean {
  try {
    store.setItem(key, JSON.stringify(copy));
    return true;
  } catch {
    return false;
  }
}

export function forgetPerson(store: Store, personId: string): void {
  const mine = prefixOf(personId);
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index));
  for (const key of keys) if (key?.startsWith(mine)) store.removeItem(key);
}

/** Whether anything of this person is on this device only. */
export function hasUnsaved(store: Store, personId: string): boolean {
  const mine = prefixOf(personId);
  return Array.from({ length: store.length }, (_, index) => store.key(index)).some(key => key?.startsWith(mine) && readCopy(store, key)?.unsaved);
}
