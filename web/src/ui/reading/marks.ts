import { verdictSigns } from '../../logic/claims';
import type { Judgement } from '../../logic/judgement';
import type { Mark } from '../../logic/paint';

/** Spans and claims of one response as marks on its text. */
export function marksOf(judgement: Judgement, response: string): Mark[] {
  const spans = judgement.spans.flatMap((span, index): Mark[] =>
    span.response === response && span.start !== null && span.end !== null
      ? [{ id: `spans-${index}`, start: span.start, end: span.end, kind: span.kind, label: `${span.code}${sign(span.severity)}` }]
      : []);
  const claims = judgement.claims.flatMap((claim, index): Mark[] =>
    claim.response === response && claim.start !== null && claim.end !== null
      ? [{ id: `claims-${index}`, start: claim.start, end: claim.end, kind: claim.verdict ? `claim verdict-${claim.verdict}` : 'claim', label: `${verdictSigns[claim.verdict ?? ''] ?? ''} ${index + 1}${claim.critical ? '‼' : ''}`.trim() }]
      : []);
  return [...spans, ...claims];
}

/** Severity as a sign beside the code: the colour is never the only one to say it. */
function sign(severity: string | null): string {
  return severity === 'critical' ? '‼' : severity === 'major' ? '!' : '';
}
