/** What a single key can do on the task page; each can be given another key, and all can be switched off. */
export const singleKeys = {
  help: { key: '?', what: 'This help' },
  text: { key: 't', what: 'To the text of the response' },
  judge: { key: 'j', what: 'To the judgement: the first thing still open' },
  claims: { key: 'c', what: 'Claim pass: sentence by sentence' },
  checklist: { key: 'k', what: 'To the checklists: the first row still open' },
  previous: { key: '[', what: 'Previous response' },
  next: { key: ']', what: 'Next response' },
  guideline: { key: 'g', what: 'Guideline' },
  reveal: { key: 'h', what: 'Show or hide characters without a shape' },
  ask: { key: 'q', what: 'Ask the lead' },
  doses: { key: 'd', what: 'Show doses and units' },
  earlier: { key: 'p', what: 'The task you handed in last' },
} as const;

export type SingleKey = keyof typeof singleKeys;
export type TaskCommand = SingleKey | 'undo' | 'redo' | 'submit' | { digit: number };

/** As a person wants it on this device. */
export interface KeyMap {
  off: boolean;
  keys: Record<SingleKey, string>;
}

interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export const usualKeys: KeyMap = { off: false, keys: Object.fromEntries(Object.entries(singleKeys).map(([name, { key }]) => [name, key])) as KeyMap['keys'] };

/** What a key means on the task page; while a field is being written in, only the combinations count. */
export function taskCommand(event: Key, typing: boolean, map: KeyMap = usualKeys): TaskCommand | null {
  const key = event.key.toLowerCase();
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
    if (key === 'y') return 'redo';
    return key === 'enter' ? 'submit' : null;
  }
  if (typing || map.off) return null;
  if (/^\d$/.test(key)) return { digit: Number(key) };
  return (Object.keys(singleKeys) as SingleKey[]).find(name => map.keys[name] === key) ?? null;
}

/** The map with another key for one command; the command that had the key takes the one that became free. */
export function remapped(map: KeyMap, name: SingleKey, key: string): KeyMap {
  const wanted = key.toLowerCase();
  if ([...wanted].length !== 1 || /[\d\s]/.test(wanted)) return map;
  const other = (Object.keys(singleKeys) as SingleKey[]).find(known => known !== name && map.keys[known] === wanted);
  return { ...map, keys: { ...map.keys, [name]: wanted, ...(other ? { [other]: map.keys[name] } : {}) } };
}

/** What a device has kept, with every key that it lacks. */
export function keyMapFrom(kept: string | null): KeyMap {
  try {
    const read = JSON.parse(kept ?? '{}') as Partial<KeyMap>;
    return { off: read.off === true, keys: { ...usualKeys.keys, ...read.keys } };
  } catch {
    return usualKeys;
  }
}
