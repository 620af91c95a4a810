import type { Span } from './judgement';

const written = ['comment', 'suggestion', 'missingText'] as const;

/** Whether something would be lost: words, or a mark that is ready, beyond what it was opened with. */
export function saysSomething(now: Span, opened: Span): boolean {
  if (written.some(part => (now[part] ?? '').trim() !== (opened[part] ?? '').trim())) return true;
  return isWhole(now) && (now.kind !== opened.kind || now.code !== opened.code || now.severity !== opened.severity);
}

export function isWhole(span: Span): boolean {
  return complaint(span) === '';
}

/** What a mark still lacks, in words for the person; empty when it lacks nothing. */
export function complaint({ kind, code, severity, start, missingText }: Span): string {
  if (!kind) return 'Choose a kind.';
  if (!code) return 'Choose a code.';
  if (kind !== 'strength' && !severity) return 'Choose a severity.';
  return start === null && !missingText?.trim() ? 'Write what is missing, as the answer should have said it.' : '';
}
