import { keyMapFrom, type KeyMap } from '../logic/task-keys';

const key = 'healtheval:keys';

/** The single keys as the person on this device wants them. */
export function myKeys(): KeyMap {
  return keyMapFrom(localStorage.getItem(key));
}

export function saveMyKeys(map: KeyMap): void {
  localStorage.setItem(key, JSON.stringify(map));
}
