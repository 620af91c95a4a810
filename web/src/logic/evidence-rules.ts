import type { Claim } from './judgement';

const strong = ['T1', 'T2', 'T3'];
const fair = ['T4', 'T5'];
const labelled = ['dose', 'interaction_contraindication'];

/** What the guideline asks of a claim's sources and these do not give yet. Advice while one works, never a bar. */
export function evidenceAdvice(claim: Claim): string[] {
  const tiers = claim.evidence.map(evidence => evidence.tier ?? '');
  const count = (wanted: string[]) => tiers.filter(tier => wanted.includes(tier)).length;
  const decided = ['SUPPORTED', 'REFUTED'].includes(claim.verdict ?? '');
  const advice: string[] = [];
  if (decided && count(strong) === 0 && count(fair) < 2) advice.push('This verdict needs one source of tier 1 to 3, or two of tier 4 to 5.');
  if (decided && labelled.includes(claim.type ?? '') && count(['T1']) === 0) advice.push('A dose, interaction or contraindication needs a source of tier 1.');
  if (decided && claim.critical && claim.evidence.length < 2) advice.push('A critical claim needs two independent sources, or the flag “Second checker wanted”.');
  if (claim.verdict === 'UNVERIFIABLE' && claim.evidence.length < 3) advice.push('Unverifiable means that you looked in at least three listed sources: name them.');
  return advice;
}
