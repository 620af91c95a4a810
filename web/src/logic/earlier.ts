import type { FoundEarlier } from '../api/questions';
import { codePoints } from './code-points';
import { emptyClaim, emptyEvidence, emptySpan } from './form';
import type { Claim, Evidence, Judgement, Span } from './judgement';

/** What a person has found in other answers to the same prompt, each thing once, the last one first. */
export interface Earlier {
  claims: Claim[];
  missing: Span[];
}

export const nothingEarlier: Earlier = { claims: [], missing: [] };

export function gathered(judgements: FoundEarlier[]): Earlier {
  const once = <T>(list: T[], of: (entry: T) => string) => [...new Map(list.toReversed().map(entry => [of(entry), entry])).values()].reverse();
  return {
    claims: once(judgements.flatMap(made => made.claims.map(claim => ({ ...emptyClaim(''), ...claim, evidence: (claim.evidence ?? []).map(source => ({ ...emptyEvidence(), ...source })) }))), claim => words(claim.quote ?? '').join(' ')),
    missing: once(judgements.flatMap(made => made.missing.map(span => ({ ...emptySpan(''), ...span }))), span => span.missingText ?? ''),
  };
}

/** What of an earlier claim holds for the same thing said in another answer: everything but its place. */
export function carried({ type, checkworthiness, verdict, critical, correction, evidence }: Claim): Partial<Claim> {
  return { type, checkworthiness, verdict, critical, correction, evidence };
}

/** The earlier claims, those first that say what `text` says. */
export function likely(earlier: Earlier, text: string): Claim[] {
  const now = new Set(words(text));
  const shared = (claim: Claim) => {
    const then = words(claim.quote ?? '');
    return then.filter(word => now.has(word)).length / Math.max(1, Math.max(then.length, now.size));
  };
  return earlier.claims.map(claim => ({ claim, share: shared(claim) })).sort((a, b) => b.share - a.share).map(({ claim }) => claim);
}

/** Earlier claims that stand in this answer word for word, at their place in it, where nothing is said yet. */
export function wordForWord(earlier: Earlier, judgement: Judgement, response: string, text: string): Claim[] {
  const source = codePoints(text);
  return earlier.claims.flatMap((claim): Claim[] => {
    const at = claim.quote ? text.indexOf(claim.quote) : -1;
    if (at < 0) return [];
    const [start, end] = [source.fromUtf16(at), source.fromUtf16(at + claim.quote!.length)];
    const taken = judgement.claims.some(own => own.response === response && own.start !== null && own.start < end && own.end! > start);
    return taken ? [] : [{ ...emptyClaim(response), start, end, quote: claim.quote, ...carried(claim) }];
  });
}

/** What was missing before and is not said to be missing here. */
export function missingToo(earlier: Earlier, judgement: Judgement, response: string): Span[] {
  return earlier.missing.filter(span => !judgement.spans.some(own => own.response === response && own.missingText === span.missingText)).map(span => ({ ...span, response }));
}

/** The sources of what was found. */
export function sourcesOf(earlier: Earlier): Evidence[] {
  return earlier.claims.flatMap(claim => claim.evidence).map(source => ({ ...source, stance: null, excerpt: null }));
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
