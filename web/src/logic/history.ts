export interface Entry<T> {
  value: T;
  /** What was done to get from here to the next value: said when it is undone. */
  label: string;
}

/** Every state the form has had. Nothing is changed in place, so that going back costs nothing and loses nothing. */
export interface History<T> {
  past: Entry<T>[];
  present: T;
  future: Entry<T>[];
  lastKey: string;
  lastAt: number;
}

const together = 1500;
const longest = 500;

export function begin<T>(value: T): History<T> {
  return { past: [], present: value, future: [], lastKey: '', lastAt: 0 };
}

/** Typing in one field is one step until one pauses; everything else is a step of its own (an empty key). */
export function record<T>(history: History<T>, value: T, label: string, key: string, now: number): History<T> {
  if (value === history.present) return history;
  const joins = key !== '' && key === history.lastKey && now - history.lastAt < together && history.future.length === 0;
  const past = joins ? history.past : [...history.past.slice(-longest), { value: history.present, label }];
  return { past, present: value, future: [], lastKey: key, lastAt: now };
}

export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  if (!last) return history;
  return { past: history.past.slice(0, -1), present: last.value, future: [{ value: history.present, label: last.label }, ...history.future], lastKey: '', lastAt: 0 };
}

export function redo<T>(history: History<T>): History<T> {
  const next = history.future[0];
  if (!next) return history;
  return { past: [...history.past, { value: history.present, label: next.label }], present: next.value, future: history.future.slice(1), lastKey: '', lastAt: 0 };
}
