import { rankingWords } from './ranking';
import { nameOf, type Guideline } from './guideline';
import type { DimensionKey, Judgement } from './judgement';

/** A judgement as plain text that a person can read, paste into a message, or type in again. */
export function readable(judgement: Judgement, guideline: Guideline): string {
  return [
    ...judgement.ratings.flatMap((rating, index) => responseText(judgement, guideline, rating.response, index)),
    ...conclusion(judgement, guideline),
  ].join('\n').trim();
}

function responseText(judgement: Judgement, guideline: Guideline, response: string, index: number): string[] {
  const rating = judgement.ratings[index]!;
  const harm = judgement.harm[index];
  const mine = <T extends { response: string }>(list: T[]) => list.filter(entry => entry.response === response);
  return [
    `RESPONSE ${response}`,
    ...guideline.dimensions.map(dimension => `${dimension.name}: ${rating[dimension.key as DimensionKey] ?? 'not rated'}`),
    ...given('Rationale', rating.rationale),
    `Harm: ${[nameOf(guideline.harm.extent, harm?.extent ?? null), nameOf(guideline.harm.likelihood, harm?.likelihood ?? null), nameOf(guideline.harm.mechanism, harm?.mechanism ?? null)].filter(Boolean).join(', ') || 'not said'}`,
    ...mine(judgement.spans).flatMap(span => [
      `- ${span.code} ${nameOf(guideline.kinds, span.kind)}${span.severity ? `, ${nameOf(guideline.severities, span.severity)}` : ''}: ${span.quote ? `“${span.quote}”` : `missing: ${span.missingText ?? ''}`}`,
      ...given('  Comment', span.comment), ...given('  Better', span.suggestion),
    ]),
    ...mine(judgement.claims).flatMap(claim => [
      `- Claim “${claim.quote ?? ''}”: ${claim.verdict ? nameOf(guideline.verdicts, claim.verdict) : 'no verdict'}${claim.critical ? ', critical' : ''}`,
      ...given('  Correction', claim.correction),
      ...claim.evidence.map(source => `  Source: ${[source.title, source.publisher, source.tier, source.url].filter(Boolean).join(', ')}${source.excerpt ? ` – “${source.excerpt}”` : ''}`),
    ]),
    ...mine(judgement.behaviour).map(check => answer(check.check, check.answer, check.comment)),
    ...mine(judgement.rules).map(check => answer(check.rule, check.answer, check.comment)),
    ...mine(judgement.rubric).map(check => answer(check.criterion, check.met === null ? '' : check.met ? 'met' : 'not met', check.comment)),
    '',
  ];
}

function conclusion(judgement: Judgement, guideline: Guideline): string[] {
  const { preference } = judgement;
  return [
    ...given('Preferred', [rankingWords(preference), preference?.rationale].filter(Boolean).join(', ') || null),
    ...given('Confidence', judgement.confidence?.toString() ?? null),
    ...given('Overall', judgement.overall?.toString() ?? null),
    ...given('Flags', judgement.flags.map(flag => nameOf(guideline.flags, flag)).join(', ') || null),
    ...given('Refined prompt', judgement.refinedPrompt),
    ...given('Ideal answer', judgement.idealResponse),
  ];
}

function answer(id: string, said: string, comment: string | null): string {
  return `- ${id}: ${said}${comment ? ` – ${comment}` : ''}`;
}

function given(label: string, text: string | null): string[] {
  return text ? [`${label}: ${text}`] : [];
}
