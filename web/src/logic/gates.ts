import type { GateNotice } from '../api/tasks';
import type { ClaimMatch, GateCase, GateRule, Guideline, SourceNeed, SpanMatch } from './guideline';
import { dimensionKeys, type Claim, type DimensionKey, type Evidence, type Judgement, type Rating, type Span } from './judgement';
import { entryOf, publisherOf } from './registry';

/** Where parts of a judgement contradict each other or lack their evidence: the guideline's gate table, asked while one works. The server asks the same at the end. */
export function gateNotices(judgement: Judgement, guideline: Guideline): GateNotice[] {
  const rules = gatesOf(guideline).filter(rule => asked(rule, judgement));
  const responses = [...new Set([...judgement.ratings, ...judgement.claims].map(entry => entry.response))];
  return responses.flatMap(response => rules.flatMap(rule => fired(rule, response, judgement, guideline)));
}

export function gatesOf(guideline: Guideline): GateRule[] {
  return guideline.gates ?? guideline.legacyGates ?? [];
}

/** What the table says about the sources of one claim. */
export function claimNotices(judgement: Judgement, guideline: Guideline, index: number): GateNotice[] {
  const response = judgement.claims[index]?.response ?? '';
  return gatesOf(guideline).filter(rule => rule.perClaim && asked(rule, judgement)).flatMap(rule => fired(rule, response, judgement, guideline)).filter(notice => notice.field === fieldOfClaim(index));
}

function asked(rule: GateRule, judgement: Judgement): boolean {
  return (!rule.modes || rule.modes.includes(judgement.mode ?? 'full')) && !rule.unlessFlags?.some(flag => judgement.flags.includes(flag));
}

function fired(rule: GateRule, response: string, judgement: Judgement, guideline: Guideline): GateNotice[] {
  const notice = (gate: string, field: string): GateNotice => ({ gate, field, message: rule.message, needsReason: rule.needsReason ?? false });
  if (rule.perClaim) {
    return judgement.claims.flatMap((claim, index) =>
      claim.response === response && rule.when.some(when => when.claim && isClaim(when.claim, claim, guideline)) ? [notice(`${rule.key}:${response}:${index + 1}`, fieldOfClaim(index))] : []);
  }
  return rule.when.some(when => holds(when, response, judgement, guideline)) ? [notice(`${rule.key}:${response}`, fieldOf(rule, response, judgement))] : [];
}

function holds(when: GateCase, response: string, judgement: Judgement, guideline: Guideline): boolean {
  const rating = judgement.ratings.find(entry => entry.response === response);
  const harm = judgement.harm.find(entry => entry.response === response);
  const claims = judgement.claims.filter(entry => entry.response === response);
  const spans = judgement.spans.filter(entry => entry.response === response);
  return (
    Object.entries(when.above ?? {}).every(([name, limit]) => (scoreOf(judgement, rating, name) ?? 0) > limit) &&
    Object.entries(when.says ?? {}).every(([name, words]) => words.includes(String(saidOf(judgement, rating, name)))) &&
    (when.anyScoreAtMost === undefined || lowOf(rating, when.anyScoreAtMost) !== undefined) &&
    (when.rationaleMissing === undefined || !rating?.rationale?.trim() === when.rationaleMissing) &&
    (!when.harm || (harm !== undefined && has(when.harm.extents, harm.extent) && has(when.harm.likelihoods, harm.likelihood))) &&
    (!when.span || spans.some(span => isSpan(when.span!, span, guideline))) &&
    (!when.noSpan || !spans.some(span => isSpan(when.noSpan!, span, guideline))) &&
    (!when.claim || claims.some(claim => isClaim(when.claim!, claim, guideline))) &&
    (!when.noClaim || !claims.some(claim => isClaim(when.noClaim!, claim, guideline))) &&
    (!when.check || judgement.behaviour.some(entry => entry.response === response && entry.check === when.check!.check && entry.answer === when.check!.answer))
  );
}

function isSpan(match: SpanMatch, span: Span, guideline: Guideline): boolean {
  const group = match.groups ? (guideline.codes.find(code => code.code === span.code)?.group ?? null) : null;
  return has(match.kinds, span.kind) && has(match.codes, span.code) && has(match.severities, span.severity) && has(match.groups, group);
}

function isClaim(match: ClaimMatch, claim: Claim, guideline: Guideline): boolean {
  return (
    has(match.threeWay, threeWayOf(claim, guideline)) && has(match.verdicts, claim.verdict) && has(match.types, claim.type) && has(match.checkworthiness, claim.checkworthiness) &&
    (match.critical === undefined || claim.critical === match.critical) && (!match.lacks || !meets(match.lacks, claim, guideline))
  );
}

function meets(need: SourceNeed, claim: Claim, guideline: Guideline): boolean {
  const all = claim.evidence;
  const stance = { SUP: 'supports', 'SUP*': 'supports', REF: 'refutes' }[threeWayOf(claim, guideline) ?? ''];
  const fitting = need.stance === 'fits' ? all.filter(evidence => evidence.stance === stance && entryOf(evidence.url, guideline)?.kind !== 'contested') : all;
  return (
    (!need.anyOf || need.anyOf.some(way => fitting.filter(evidence => has(way.tiers, evidence.tier)).length >= way.count)) &&
    (need.sources === undefined || fitting.length >= need.sources) &&
    (need.publishers === undefined || publishers(fitting, guideline) >= need.publishers) &&
    (need.stance !== 'both' || ['supports', 'refutes'].every(side => all.some(evidence => evidence.stance === side)))
  );
}

function publishers(sources: Evidence[], guideline: Guideline): number {
  return new Set(sources.map(evidence => publisherOf(evidence.url, evidence.publisher, guideline))).size;
}

function threeWayOf(claim: Claim, guideline: Guideline): string | null {
  return claim.verdict === null ? 'open' : (guideline.verdicts.find(verdict => verdict.key === claim.verdict)?.threeWay ?? null);
}

function saidOf(judgement: Judgement, rating: Rating | undefined, name: string): number | string | null | undefined {
  return name === 'overall' ? (rating?.overall ?? judgement.overall) : rating?.[name as DimensionKey];
}

function scoreOf(judgement: Judgement, rating: Rating | undefined, name: string): number | null {
  const score = saidOf(judgement, rating, name);
  return typeof score === 'number' ? score : null;
}

function lowOf(rating: Rating | undefined, most: number): DimensionKey | undefined {
  return dimensionKeys.find(key => typeof rating?.[key] === 'number' && (rating[key] as number) <= most);
}

function fieldOf(rule: GateRule, response: string, judgement: Judgement): string {
  const at = Math.max(0, judgement.ratings.findIndex(entry => entry.response === response));
  if (rule.field === 'harm') return `judgement.harm[${Math.max(0, judgement.harm.findIndex(entry => entry.response === response))}].extent`;
  return `judgement.ratings[${at}].${rule.field === 'low' ? (lowOf(judgement.ratings[at], 2) ?? 'accuracy') : rule.field}`;
}

function fieldOfClaim(index: number): string {
  return `judgement.claims[${index}].verdict`;
}

function has(allowed: string[] | undefined, value: string | null): boolean {
  return !allowed || (value !== null && allowed.includes(value));
}
