import type { GivenClaim } from '../api/tasks';
import type { Guideline } from './guideline';
import { placeOf, preferenceIsSaid } from './ranking';
import { addressOf } from './source-address';
import { hostOf } from './sources';
import type { Claim, DimensionKey, Harm, Judgement } from './judgement';

export interface Missing {
  field: string;
  response: string | null;
  label: string;
}

/** What a judgement must have before it can be handed in; the server asks for the same. `given`: the claims that came with the answers. */
export function missing(judgement: Judgement, guideline: Guideline, given: GivenClaim[] = []): Missing[] {
  const several = judgement.ratings.length > 1;
  if (judgement.mode === 'fact_check') return factCheck(judgement, guideline, given);
  return [
    ...judgement.ratings.flatMap((rating, index) => [...scores(judgement, guideline, index), ...confidence(judgement, guideline, index), ...harm(judgement.harm[index], index, several ? ` of response ${rating.response}` : '')]),
    ...judgement.claims.flatMap((claim, index) => claimParts(claim, index, guideline)),
    ...unexplained(judgement),
    ...preference(judgement),
    ...(judgement.confidence === null && !guideline.perResponse ? [{ field: 'judgement.confidence', response: null, label: 'Your confidence' }] : []),
  ];
}

/** Every claim with its verdict; a response without a claim says that there is nothing to check. */
function factCheck(judgement: Judgement, guideline: Guideline, given: GivenClaim[]): Missing[] {
  const left = given.filter(claim => !judgement.claims.some(own => own.given === claim.claimId && own.response === claim.response));
  const silent = judgement.ratings.filter(rating => rating.accuracy !== 'NA' && ![...judgement.claims, ...left].some(claim => claim.response === rating.response));
  return [
    ...silent.map(({ response }) => ({ field: 'judgement.claims', response, label: `Claims of response ${response}, or that nothing in it can be checked` })),
    ...left.map(claim => ({ field: 'judgement.claims', response: claim.response, label: `Verdict of “${claim.text.length > 60 ? `${claim.text.slice(0, 60)}…` : claim.text}”` })),
    ...judgement.claims.flatMap((claim, index) => [
      ...claimParts(claim, index, guideline),
      ...(claim.verdict ? [] : [{ field: `judgement.claims[${index}].verdict`, response: claim.response, label: `Verdict of claim ${index + 1}` }]),
    ]),
  ];
}

function preference(judgement: Judgement): Missing[] {
  const keys = judgement.ratings.map(rating => rating.response);
  if (keys.length < 2 || preferenceIsSaid(judgement)) return [];
  if (keys.length === 2) return [{ field: 'judgement.preference.winner', response: null, label: 'Which response you prefer' }];
  return keys.filter(key => placeOf(judgement.preference, key) === null).map(key => ({ field: `judgement.preference.rank-${key}`, response: null, label: `The place of response ${key}` }));
}

/** How far one response is judged: what is asked of every response, and what has been given. */
export function progressOf(judgement: Judgement, guideline: Guideline, response: string, given: GivenClaim[] = []): { done: number; of: number } {
  const index = judgement.ratings.findIndex(rating => rating.response === response);
  if (judgement.mode === 'fact_check') return { done: factCheck(judgement, guideline, given).some(entry => entry.response === response) ? 0 : 1, of: 1 };
  const of = guideline.dimensions.length + 1 + (guideline.perResponse ? 1 : 0);
  return { done: of - scores(judgement, guideline, index).length - confidence(judgement, guideline, index).length - Math.min(1, harm(judgement.harm[index], index, '').length), of };
}

function scores(judgement: Judgement, guideline: Guideline, index: number): Missing[] {
  const rating = judgement.ratings[index];
  if (!rating) return [];
  const where = judgement.ratings.length > 1 ? ` of response ${rating.response}` : '';
  return guideline.dimensions
    .filter(dimension => (rating[dimension.key as DimensionKey] ?? null) === null)
    .map(dimension => ({ field: `judgement.ratings[${index}].${dimension.key}`, response: rating.response, label: `${dimension.name}${where}` }));
}

function confidence(judgement: Judgement, guideline: Guideline, index: number): Missing[] {
  const rating = judgement.ratings[index];
  if (!guideline.perResponse || !rating || (rating.confidence ?? null) !== null) return [];
  const where = judgement.ratings.length > 1 ? ` in response ${rating.response}` : '';
  return [{ field: `judgement.ratings[${index}].confidence`, response: rating.response, label: `Your confidence${where}` }];
}

function harm(harm: Harm | undefined, index: number, where: string): Missing[] {
  if (!harm) return [];
  const ask = (part: keyof Harm, label: string): Missing[] => (harm[part] ? [] : [{ field: `judgement.harm[${index}].${part}`, response: harm.response, label: `${label}${where}` }]);
  if (!harm.extent || harm.extent === 'none') return ask('extent', 'Extent of harm');
  return [...ask('likelihood', 'Likelihood of harm'), ...ask('mechanism', 'Mechanism of harm')];
}

function claimParts(claim: Claim, index: number, guideline: Guideline): Missing[] {
  // What was searched and held nothing has no tier.
  const searched = guideline.verdicts.some(verdict => verdict.key === claim.verdict && verdict.searches !== undefined);
  const ask = (given: unknown, part: string, label: string): Missing[] => (given ? [] : [{ field: `judgement.claims[${index}].${part}`, response: claim.response, label: `${label} claim ${index + 1}` }]);
  return [
    ...ask(claim.quote?.trim(), 'quote', 'Text of'),
    ...ask(claim.type, 'type', 'Type of'),
    ...ask(claim.checkworthiness, 'checkworthiness', 'Need to check'),
    ...claim.evidence.flatMap((evidence, at) => [
      ...ask(hostOf(addressOf(evidence.url)), `evidence[${at}].url`, `${evidence.url.trim() ? 'An address that can be opened for' : 'Address of'} source ${at + 1},`),
      ...ask(searched || evidence.tier, `evidence[${at}].tier`, `Tier of source ${at + 1},`),
      ...ask(evidence.stance, `evidence[${at}].stance`, `Stance of source ${at + 1},`),
    ]),
  ];
}

/** A "no" in the behaviour checklist needs a marked span of that response, or a sentence. */
function unexplained(judgement: Judgement): Missing[] {
  const marked = (response: string) => judgement.spans.some(span => span.response === response && span.kind !== 'strength');
  return judgement.behaviour.flatMap((check, index) =>
    check.answer === 'no' && !check.comment?.trim() && !marked(check.response)
      ? [{ field: `judgement.behaviour[${index}].comment`, response: check.response, label: `A sentence on ${check.check}` }]
      : []);
}
