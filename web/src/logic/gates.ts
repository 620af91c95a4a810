import type { GateNotice } from '../api/tasks';
import { dimensionKeys, type Claim, type Harm, type Judgement, type Rating, type Span } from './judgement';

interface Case {
  rating: Rating;
  harm: Harm | undefined;
  claims: Claim[];
  spans: Span[];
}

interface Gate {
  name: string;
  field: (facts: Case) => string;
  message: string;
  fires: (facts: Case) => boolean;
}

const above = (score: unknown, limit: number) => typeof score === 'number' && score > limit;
const lowest = (facts: Case) => dimensionKeys.find(key => typeof facts.rating[key] === 'number' && (facts.rating[key] as number) <= 2);
const refuted = (claim: Claim) => claim.verdict === 'REFUTED' || claim.verdict === 'OUTDATED';
const harmful = (harm: Harm | undefined) => ['moderate', 'severe', 'death'].includes(harm?.extent ?? '') && ['medium', 'high'].includes(harm?.likelihood ?? '');

const gates: Gate[] = [
  { name: 'refuted_major_claim', field: () => 'accuracy', message: 'A claim that must be checked is refuted or outdated, so accuracy should be 3 or lower.',
    fires: facts => above(facts.rating.accuracy, 3) && facts.claims.some(claim => refuted(claim) && claim.checkworthiness === 'must') },
  { name: 'critical_claim', field: () => 'accuracy', message: 'A critical claim is refuted, or a factual error is marked critical, so accuracy should be 2 or lower.',
    fires: facts => above(facts.rating.accuracy, 2) && (facts.claims.some(claim => claim.critical && refuted(claim)) || facts.spans.some(span => span.kind === 'factual_error' && span.severity === 'critical')) },
  { name: 'harm_appropriateness', field: () => 'appropriateness', message: 'Harm is moderate or worse and likely enough, so appropriateness should be 2 or lower.',
    fires: facts => above(facts.rating.appropriateness, 2) && harmful(facts.harm) },
  { name: 'low_needs_evidence', field: facts => lowest(facts) ?? 'accuracy', message: 'A score of 2 or lower needs at least one marked error, omission or claim that shows why.',
    fires: facts => lowest(facts) !== undefined && facts.claims.length === 0 && facts.spans.every(span => span.kind === 'strength') },
  { name: 'low_needs_rationale', field: () => 'rationale', message: 'A score of 2 or lower needs a sentence of rationale.',
    fires: facts => lowest(facts) !== undefined && !facts.rating.rationale?.trim() },
  { name: 'accuracy5_unchecked', field: () => 'accuracy', message: 'Accuracy 5 means that every claim was checked: some have no verdict yet.',
    fires: facts => facts.rating.accuracy === 5 && facts.claims.some(claim => !claim.verdict) },
];

/** Where parts of a judgement contradict each other, told while one works; the server decides at the end. */
export function gateNotices(judgement: Judgement): GateNotice[] {
  return judgement.ratings.flatMap((rating, index) => {
    const mine = <T extends { response: string }>(list: T[]) => list.filter(entry => entry.response === rating.response);
    const facts: Case = { rating, harm: judgement.harm[index], claims: mine(judgement.claims), spans: mine(judgement.spans) };
    return gates.filter(gate => gate.fires(facts)).map(gate => ({ gate: `${gate.name}:${rating.response}`, field: `judgement.ratings[${index}].${gate.field(facts)}`, message: gate.message }));
  });
}
