import type { Guideline } from './guideline';
import type { Evidence } from './judgement';
import { addressOf, titleOf, understood } from './source-address';
import { hostOf, sourceOf } from './sources';
import { isoDay } from './time';

type Registry = Pick<Guideline, 'sources' | 'paywalled'>;

/** What was typed, with tier, publisher and jurisdiction from what is known about it, unless the person wrote their own. */
export function filledIn(guideline: Registry, old: Evidence, typed: string, now: Date = new Date()): Partial<Evidence> {
  const before = sourceOf(addressOf(old.url), guideline);
  const after = sourceOf(addressOf(typed), guideline);
  const fill = (mine: string | null, was: string | null | undefined, is: string | null | undefined) => (mine === null || mine === was ? (is ?? null) : mine);
  return {
    url: typed,
    tier: fill(old.tier, before?.tier, after?.tier),
    publisher: fill(old.publisher, before?.publisher, after?.publisher),
    jurisdiction: fill(old.jurisdiction, before?.jurisdiction, after?.jurisdiction),
    accessedOn: old.accessedOn ?? (understood(typed) && hostOf(addressOf(typed)) ? isoDay(now) : null),
  };
}

/** When the person has finished typing: the full address stands in the field, and a citation is the title. */
export function settled(guideline: Registry, evidence: Evidence): Partial<Evidence> {
  return { ...filledIn(guideline, evidence, addressOf(evidence.url)), title: evidence.title ?? titleOf(evidence.url) };
}
