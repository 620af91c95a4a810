import { html, nothing, type TemplateResult } from 'lit';
import { removeAt, replaceAt, textOrNull } from '../../logic/form';
import type { Claim, Evidence } from '../../logic/judgement';
import { countWords, hostOf, sourceOf } from '../../logic/sources';
import { isoDay } from '../../logic/time';
import { areaField, selectField, textField } from '../field';
import { icon } from '../icon';
import { changeClaim } from './claims';
import { errorsFor, type FormContext } from './context';

const stances = [{ key: 'supports', name: 'Supports the claim' }, { key: 'refutes', name: 'Refutes the claim' }, { key: 'neutral', name: 'Neither' }];
const longestExcerpt = 40;
const offListFlag = 'off_list_source';

/** One source of a claim. What the registry knows about its address is filled in where nothing was written yet. */
export function evidenceEntry(context: FormContext, claim: Claim, index: number, evidence: Evidence, at: number): TemplateResult {
  const base = `judgement.claims[${index}].evidence[${at}]`;
  const id = (part: string) => `claims-${index}-evidence-${at}-${part}`;
  const set = (change: Partial<Evidence>, typingIn = '') =>
    context.update(`Source of claim ${index + 1}`, judgement => changeClaim(judgement, index, { evidence: replaceAt(judgement.claims[index]?.evidence ?? [], at, change) }), typingIn);
  const text = (part: keyof Evidence, label: string, options: { type?: string; hint?: string } = {}) =>
    textField({ id: id(part), label, value: evidence[part] ?? '', errors: errorsFor(context, `${base}.${part}`), onInput: value => set({ [part]: textOrNull(value) }, `${base}.${part}`), ...options });
  const words = countWords(evidence.excerpt);
  return html`<fieldset class="evidence"><legend>Source ${at + 1}</legend>
    ${textField({ id: id('url'), label: 'Address', type: 'url', placeholder: 'https://…', dir: 'ltr', value: evidence.url, errors: errorsFor(context, `${base}.url`), onInput: url => setAddress(context, index, at, filledIn(context, evidence, url), `${base}.url`) })}
    ${hint(context, evidence)}
    <div class="grid2">${text('title', 'Title')}${text('publisher', 'Publisher')}</div>
    <div class="grid3">
      ${selectField({ id: id('tier'), label: 'Tier', none: '–', value: evidence.tier ?? '', choices: context.guideline.evidenceTiers.map(tier => ({ key: tier.key, name: `${tier.key} · ${tier.name}` })), errors: errorsFor(context, `${base}.tier`), onInput: tier => set({ tier: textOrNull(tier) }) })}
      ${selectField({ id: id('stance'), label: 'Stance', none: '–', value: evidence.stance ?? '', choices: stances, errors: errorsFor(context, `${base}.stance`), onInput: stance => set({ stance: textOrNull(stance) }) })}
      ${text('jurisdiction', 'Jurisdiction')}
    </div>
    <div class="grid2">${text('publishedOn', 'Published', { type: 'date' })}${text('accessedOn', 'Accessed', { type: 'date' })}</div>
    ${areaField({ id: id('excerpt'), label: 'Excerpt', rows: 2, value: evidence.excerpt ?? '', hint: `${words} of ${longestExcerpt} words`, onInput: excerpt => set({ excerpt: textOrNull(excerpt) }, `${base}.excerpt`),
      errors: words > longestExcerpt ? [`${words - longestExcerpt} words too many: at most ${longestExcerpt}.`] : errorsFor(context, `${base}.excerpt`) })}
    <p class="row tools"><button class="btn plain small" type="button" aria-label="Delete source ${at + 1} of claim ${index + 1}"
      @click=${() => context.update('Delete source', judgement => changeClaim(judgement, index, { evidence: removeAt(claim.evidence, at) }))}>${icon('trash')} Delete source</button></p>
  </fieldset>`;
}

/** The new address with tier, publisher and jurisdiction from the registry, unless the person wrote their own. */
function filledIn(context: FormContext, old: Evidence, url: string): Partial<Evidence> {
  const before = sourceOf(old.url, context.guideline)?.source;
  const now = sourceOf(url, context.guideline)?.source;
  const fill = (mine: string | null, was: string | undefined, is: string | undefined) => (mine === null || mine === was ? (is ?? null) : mine);
  return {
    url,
    tier: fill(old.tier, before?.tier, now?.tier),
    publisher: fill(old.publisher, before?.name, now?.name),
    jurisdiction: fill(old.jurisdiction, before?.jurisdiction, now?.jurisdiction),
    accessedOn: old.accessedOn ?? (hostOf(url) ? isoDay(new Date()) : null),
  };
}

/** With an address outside the registry, the flag that tells a lead is set in the same step. */
function setAddress(context: FormContext, index: number, at: number, change: Partial<Evidence>, typingIn: string): void {
  context.update(`Source of claim ${index + 1}`, judgement => {
    const next = changeClaim(judgement, index, { evidence: replaceAt(judgement.claims[index]?.evidence ?? [], at, change) });
    const known = next.claims.some(claim => claim.evidence.some(evidence => sourceOf(evidence.url, context.guideline)?.offList));
    return known && !next.flags.includes(offListFlag) ? { ...next, flags: [...next.flags, offListFlag] } : next;
  }, typingIn);
}

function hint(context: FormContext, evidence: Evidence): TemplateResult | typeof nothing {
  const known = sourceOf(evidence.url, context.guideline);
  if (!known) return nothing;
  if (known.offList) return html`<p class="gate">${icon('flag')}Not in the source registry. You may use it: choose its tier, and a lead confirms it. The flag for this is set.</p>`;
  if (known.paywalled) return html`<p class="gate">${icon('warn')}Behind a paywall: an extra at most, never the only source.</p>`;
  const suggested = known.source && evidence.tier && evidence.tier !== known.source.tier ? ` The registry suggests ${known.source.tier}.` : '';
  return html`<p class="hint">${icon('check')} ${known.source?.name}, ${known.source?.tier} in the registry.${suggested}</p>`;
}
