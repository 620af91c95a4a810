import type { GivenClaim } from '../api/tasks';
import { emptyClaim, emptyEvidence, removeAt, replaceAt } from './form';
import type { Claim, Evidence, Judgement } from './judgement';
import type { Unit } from './units';

/** A stretch of a response that may be a claim: what the claim pass walks through. */
export interface ClaimUnit {
  start: number | null;
  end: number | null;
  /** Its place among the claims, once something was said about it. */
  claim: number | null;
  /** It came with the answer, so that everybody judges the same. */
  given: GivenClaim | null;
}

/**
 * The units of one response in reading order: claims as they were made, and the sentences that no claim touches. Claims in one's own words come last.
 * Where claims came with the answer, they take the place of the sentences.
 */
export function claimUnits(sentences: Unit[], claims: Claim[], response: string, given: GivenClaim[] = []): ClaimUnit[] {
  const came = given.filter(claim => claim.response === response);
  const mine = claims.flatMap((claim, index): ClaimUnit[] => (claim.response === response && !claim.given ? [{ start: claim.start, end: claim.end, claim: index, given: null }] : []));
  const placed = mine.filter(claim => claim.start !== null && claim.end !== null);
  const free = sentences.filter(unit => came.length === 0 && !placed.some(claim => claim.start! < unit.end && claim.end! > unit.start));
  const shared = came.map((claim): ClaimUnit => ({ start: claim.start ?? null, end: claim.end ?? null, claim: indexOf(claims, claim), given: claim }));
  const inText = [...shared.filter(unit => unit.start !== null), ...placed, ...free.map(unit => ({ ...unit, claim: null, given: null }))].sort((a, b) => a.start! - b.start!);
  return [...inText, ...shared.filter(unit => unit.start === null), ...mine.filter(claim => claim.start === null)];
}

function indexOf(claims: Claim[], given: GivenClaim): number | null {
  const index = claims.findIndex(claim => claim.given === given.claimId && claim.response === given.response);
  return index < 0 ? null : index;
}

const joint = /[;:]\s+|,\s+(?:and|but|or|while|whereas|und|oder|aber|y|o|pero|et|ou|mais)\s+|\s+[–—]\s+|\.\s+/giu;

/** Where a sentence says more than one thing: its parts, by the offsets of the text it stands in; a single part when it does not. */
export function splitUnit(text: string, unit: Unit): Unit[] {
  const parts: Unit[] = [];
  let from = 0;
  for (const found of text.matchAll(joint)) {
    if (found.index - from < 8 || text.length - (found.index + found[0].length) < 8) continue;
    parts.push({ start: from, end: found.index });
    from = found.index + found[0].length;
  }
  parts.push({ start: from, end: text.length });
  const at = (index: number) => unit.start + [...text.slice(0, index)].length;
  return parts.map(part => ({ start: at(part.start), end: at(part.end) }));
}

/** Enter: a unit that says several things falls into them; any other is joined with the next one. */
export function splitOrMerge(units: Unit[], at: Unit, text: string): Unit[] {
  const index = units.findIndex(unit => unit.start === at.start);
  if (index < 0) return units;
  const parts = splitUnit(text, at);
  if (parts.length > 1) return [...units.slice(0, index), ...parts, ...units.slice(index + 1)];
  const next = units[index + 1];
  return next ? [...units.slice(0, index), { start: at.start, end: next.end }, ...units.slice(index + 2)] : units;
}

const guesses: [RegExp, string, string][] = [
  [/\b\d+(?:[.,]\d+)?\s*(?:mg|mcg|µg|g|ml|iu|units?|tablets?|drops?)\b|\b(?:dose|dosage|twice|three times|every \d+ hours?|daily)\b/i, 'dose', 'must'],
  [/\b(?:interact|contraindicat|avoid (?:taking|combining)|not (?:be )?(?:taken|combined|used) with|allerg)/i, 'interaction_contraindication', 'must'],
  [/\b(?:et al|study|trial|meta-analysis|guidelines? (?:say|recommend)|doi|pmid)\b|https?:/i, 'citation', 'must'],
  [/\b(?:call|emergency|ambulance|seek|right away|immediately|see (?:a|your) (?:doctor|provider|gp))\b/i, 'safety_netting', 'should'],
  [/\b(?:test|scan|x-ray|mri|ct|ultrasound|blood|biopsy|screen|level|lab)\b/i, 'test_interpretation', 'should'],
  [/%|\b(?:percent|risk|chance|likely|prognosis|survival|common|rare|most people|one in)\b/i, 'prognosis_epidemiology', 'should'],
  [/\b(?:caused by|because|due to|mechanism|works by|leads to|inhibit)/i, 'mechanism', 'should'],
  [/\b(?:diagnos|symptom|sign of|suggests)/i, 'diagnosis', 'should'],
  [/\b(?:insurance|medicare|medicaid|covered|coverage|prescription required|legal)\b/i, 'policy_coverage', 'should'],
];

/** Type and need to check as the words suggest them, for the person to correct. */
export function guessed(quote: string): Pick<Claim, 'type' | 'checkworthiness'> {
  const [, type, checkworthiness] = guesses.find(([words]) => words.test(quote)) ?? [null, 'treatment', 'should'];
  return { type, checkworthiness };
}

/** How a source stands to a claim with this verdict, as long as the person does not say otherwise. */
export function stanceFor(verdict: string | null): string | null {
  switch (verdict) {
    case null: return null;
    case 'SUPPORTED': case 'PARTLY_SUPPORTED': return 'supports';
    case 'REFUTED': case 'OUTDATED': return 'refutes';
    default: return 'neutral';
  }
}

/** A change of a claim; sources whose stance was never the person's own follow the verdict. */
export function withClaim(judgement: Judgement, index: number, change: Partial<Claim>): Judgement {
  const claim = judgement.claims[index];
  if (!claim) return judgement;
  const next = { ...claim, ...change };
  if (change.verdict === undefined || change.verdict === claim.verdict) return { ...judgement, claims: replaceAt(judgement.claims, index, next) };
  const evidence = next.evidence.map(source => (source.stance === null || source.stance === stanceFor(claim.verdict) ? { ...source, stance: stanceFor(next.verdict) } : source));
  return { ...judgement, claims: replaceAt(judgement.claims, index, { ...next, evidence }) };
}

/** What is said about a unit: of a sentence that was none yet it makes a claim. */
export function say(judgement: Judgement, response: string, unit: ClaimUnit, quote: string, change: Partial<Claim>): Judgement {
  if (unit.claim !== null) return withClaim(judgement, unit.claim, change);
  const shared = unit.given ? { given: unit.given.claimId, checkworthiness: unit.given.importance ?? guessed(quote).checkworthiness } : {};
  const claim: Claim = { ...emptyClaim(response), start: unit.start, end: unit.end, quote, ...guessed(quote), ...shared };
  return withClaim({ ...judgement, claims: [...judgement.claims, claim] }, judgement.claims.length, change);
}

/** Not a claim: nothing to check in it either. */
export const notAClaim: Partial<Claim> = { verdict: 'NOT_A_CLAIM', checkworthiness: 'not', critical: false };

/** Takes back what was said about a unit. */
export function unsay(judgement: Judgement, unit: ClaimUnit): Judgement {
  return unit.claim === null ? judgement : { ...judgement, claims: removeAt(judgement.claims, unit.claim) };
}

/** The sources of this task, each once, in the order in which they were first used: their numbers in the tray. */
export function trayOf(judgement: Judgement): Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const claim of judgement.claims) for (const source of claim.evidence) if (source.url && !seen.has(source.url)) seen.set(source.url, source);
  return [...seen.values()];
}

/** The same source for another claim: its stance and its passage belong to the claim it was read for. */
export function attached(source: Evidence, verdict: string | null): Evidence {
  return { ...emptyEvidence(), ...source, stance: stanceFor(verdict), excerpt: null };
}

/** A sign for each verdict, since a colour is never the only one to say it. */
export const verdictSigns: Record<string, string> = { SUPPORTED: '✓', PARTLY_SUPPORTED: '±', REFUTED: '✗', OUTDATED: '↺', CONTESTED: '⇄', UNVERIFIABLE: '?', NOT_FOUND: '∅', NOT_A_CLAIM: '–' };
