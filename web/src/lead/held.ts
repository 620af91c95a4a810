import type { DecisionKind } from '../api/held';
import { count } from './words';

/** What the screen finds and what not, wherever it matters that nobody takes silence for proof. */
export const screenLimits = 'The screen works by pattern, checksum and the words around. It cannot find names without a title or an introduction, addresses in words, or a story that gives somebody away, and it raises false alarms, for instance on doctors’ names or the date of a laboratory test.';

export const decisions: Record<DecisionKind, { verb: string; done: string; effect: string }> = {
  release: { verb: 'Release', done: 'released', effect: 'Raters get the text exactly as it came.' },
  redact: { verb: 'Redact', done: 'redacted', effect: 'Each marked place is replaced by a word such as [PHONE], then raters get the text. The original is removed from the store for good; only its hash stays.' },
  drop: { verb: 'Drop', done: 'dropped', effect: 'Nobody will judge it. The text is removed from the store for good; only its hash stays, so that the same record sent again stays out.' },
};

/** 'Drop 3 items?' */
export function question(kind: DecisionKind, items: number): string {
  return `${decisions[kind].verb} ${count(items, 'item')}?`;
}

export function whereWords(path: string): string {
  const [, part = '', index = '0'] = /^(prompt|responses|rubric)\[(\d+)\]/.exec(path) ?? [];
  return `${{ prompt: 'Turn', responses: 'Response', rubric: 'Criterion' }[part] ?? path} ${Number(index) + 1}`;
}
