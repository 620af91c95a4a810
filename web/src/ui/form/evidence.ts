import { html, nothing, type TemplateResult } from 'lit';
import { withClaim } from '../../logic/claims';
import { removeAt, replaceAt, textOrNull } from '../../logic/form';
import type { Claim, Evidence } from '../../logic/judgement';
import { understood } from '../../logic/source-address';
import { filledIn, settled } from '../../logic/source-entry';
import { countWords, publicationTypes, sourceOf } from '../../logic/sources';
import { areaField, selectField, textField } from '../field';
import { focusAfter } from '../focus';
import { icon } from '../icon';
import { errorsFor, type FormContext } from './context';

const stances = [{ key: 'supports', name: 'Supports the claim' }, { key: 'refutes', name: 'Refutes the claim' }, { key: 'neutral', name: 'Neither' }];
const longestExcerpt = 40;

/** One source of a claim. What is known about its address is filled in where nothing was written yet. */
export function evidenceEntry(context: FormContext, claim: Claim, index: number, evidence: Evidence, at: number): TemplateResult {
  const base = `judgement.claims[${index}].evidence[${at}]`;
  const id = (part: string) => `claims-${index}-evidence-${at}-${part}`;
  const set = (change: Partial<Evidence>, typingIn = '') =>
    context.update(`Source of claim ${index + 1}`, judgement => withClaim(judgement, index, { evidence: replaceAt(judgement.claims[index]?.evidence ?? [], at, change) }), typingIn);
  const text = (part: keyof Evidence, label: string, options: { type?: string; hint?: string } = {}) =>
    textField({ id: id(part), label, value: evidence[part] ?? '', errors: errorsFor(context, `${base}.${part}`), onInput: value => set({ [part]: textOrNull(value) }, `${base}.${part}`), ...options });
  const words = countWords(evidence.excerpt);
  const tiers = context.guideline.evidenceTiers.map(tier => ({ key: tier.key, name: `${tier.key} · ${tier.name}` }));
  return html`<fieldset class="evidence" @change=${(event: Event) => (event.target as HTMLElement).id === id('url') && set(settled(context.guideline, evidence))}><legend>Source ${at + 1}</legend>
    ${textField({ id: id('url'), label: 'Address, PMID, DOI, NCT or citation', placeholder: 'https://…  PMID 30215381  10.1056/…', dir: 'ltr', value: evidence.url, errors: errorsFor(context, `${base}.url`),
      onInput: url => set(filledIn(context.guideline, evidence, url), `${base}.url`) })}
    ${sourceHint(context, evidence)}
    <div class="grid2">${text('title', 'Title')}${text('publisher', 'Publisher')}</div>
    <div class="grid3">
      ${selectField({ id: id('tier'), label: 'Tier', none: '–', value: evidence.tier ?? '', choices: tiers, errors: errorsFor(context, `${base}.tier`), onInput: tier => set({ tier: textOrNull(tier) }) })}
      ${selectField({ id: id('stance'), label: 'Stance', none: '–', value: evidence.stance ?? '', choices: stances, errors: errorsFor(context, `${base}.stance`), onInput: stance => set({ stance: textOrNull(stance) }) })}
      ${text('jurisdiction', 'Jurisdiction')}
    </div>
    <div class="grid2">${text('publishedOn', 'Published', { type: 'date' })}${text('accessedOn', 'Accessed', { type: 'date' })}</div>
    ${areaField({ id: id('excerpt'), label: 'Excerpt', rows: 2, value: evidence.excerpt ?? '', hint: `${words} of ${longestExcerpt} words`, onInput: excerpt => set({ excerpt: textOrNull(excerpt) }, `${base}.excerpt`),
      errors: words > longestExcerpt ? [`${words - longestExcerpt} words too many: at most ${longestExcerpt}.`] : errorsFor(context, `${base}.excerpt`) })}
    <p class="row tools"><button class="btn plain small" type="button" aria-label="Delete source ${at + 1} of claim ${index + 1}" @click=${(event: Event) => remove(context, claim, index, at, event)}>${icon('trash')} Delete source</button></p>
  </fieldset>`;
}

function remove(context: FormContext, claim: Claim, index: number, at: number, event: Event): void {
  focusAfter(event, `#claims-${index}-evidence-${at}-url`, `#claims-${index}-evidence-${at - 1}-url`, `#claims-${index}-add-source`);
  context.update('Delete source', judgement => withClaim(judgement, index, { evidence: removeAt(claim.evidence, at) }));
}

/** What was understood, and what the registry knows about it, with a way to open it. */
export function sourceHint(context: FormContext, evidence: Evidence): TemplateResult | typeof nothing {
  const found = understood(evidence.url);
  if (!found) return nothing;
  const open = html`<a href=${found.url} target="_blank" rel="noopener noreferrer">${found.as === 'address' ? 'Open' : found.as}</a>`;
  const known = sourceOf(found.url, context.guideline);
  if (!known) return html`<p class="hint">${open}</p>`;
  if (known.offList) return html`<p class="gate">${icon('flag')}<span>Not in the source registry. You may use it: choose its tier, and a lead confirms it. The flag for this is set. ${open}</span></p>`;
  if (known.paywalled) return html`<p class="gate">${icon('warn')}<span>Behind a paywall: an extra at most, never the only source. ${open}</span></p>`;
  if (known.index) {
    const type = publicationTypes.find(entry => entry.key === evidence.tier)?.name;
    return html`<p class="hint">${icon('check')} ${open} ${known.publisher ?? ''} ${type ? `· ${type}` : '· an index holds everything: choose the tier by the type of publication.'}</p>`;
  }
  const suggested = known.source && evidence.tier && evidence.tier !== known.source.tier ? ` The registry suggests ${known.source.tier}.` : '';
  return html`<p class="hint">${icon('check')} ${open} ${known.source?.name}, ${known.source?.tier} in the registry.${suggested}</p>`;
}
