export type TaskCommand = 'help' | 'text' | 'judge' | 'previous' | 'next' | 'guideline' | 'reveal' | 'undo' | 'redo' | 'submit' | { rate: number };

interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const letters: Record<string, TaskCommand> = { '?': 'help', t: 'text', j: 'judge', '[': 'previous', ']': 'next', g: 'guideline', h: 'reveal' };

/** What a key means on the task page; while a field is being written in, only the combinations count. */
export function taskCommand(event: Key, typing: boolean): TaskCommand | null {
  const key = event.key.toLowerCase();
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
    if (key === 'y') return 'redo';
    return key === 'enter' ? 'submit' : null;
  }
  if (typing) return null;
  if (/^[1-5]$/.test(key)) return { rate: Number(key) };
  return letters[key] ?? null;
}
