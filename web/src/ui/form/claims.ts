import { html, nothing, type TemplateResult } from 'lit';
import { evidenceAdvice } from '../../logic/evidence-rules';
import { emptyClaim, emptyEvidence, removeAt, replaceAt, textOrNull } from '../../logic/form';
import type { Claim, Judgement } from '../../logic/judgement';
import { nameOf } from '../../logic/guideline';
import { areaField, checkField, selectField } from '../field';
import { icon } from '../icon';
import { errorsFor, type FormContext } from './context';
import { evidenceEntry } from './evidence';

const say = (name: string, detail: unknown) => (event: Event) => event.currentTarget!.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));

/** The statements that were checked, each with its verdict and its sources. */
export function claimSection(context: FormContext, response: string): TemplateResult {
  const mine = context.judgement.claims.map((claim, index) => ({ claim, index })).filter(entry => entry.claim.response === response);
  const add = () => context.update('Add claim', judgement => ({ ...judgement, claims: [...judgement.claims, { ...emptyClaim(response), quote: '' }] }));
  return html`<section class="part" aria-labelledby="claims-${response}-title"><div class="row"><h2 id="claims-${response}-title">Claims</h2><span class="quiet push">${mine.length === 0 ? 'none yet' : mine.length}</span></div>
    <p class="quiet">Select a statement and choose “Make it a claim”, or type one. Doses, interactions and citations first.</p>
    ${mine.map(({ claim, index }) => claimEntry(context, claim, index))}
    <div><button class="btn small" type="button" @click=${add}>${icon('plus')} Type a claim</button></div>
  </section>`;
}

function claimEntry(context: FormContext, claim: Claim, index: number): TemplateResult {
  const { guideline } = context;
  const path = (part: string) => `judgement.claims[${index}].${part}`;
  const id = (part: string) => `claims-${index}-${part}`;
  const set = (label: string, change: Partial<Claim>, typingIn = '') => context.update(label, judgement => changeClaim(judgement, index, change), typingIn);
  const list = (part: 'type' | 'checkworthiness' | 'verdict', label: string, options: { key: string; name: string }[]) =>
    selectField({ id: id(part), label, value: claim[part] ?? '', choices: options, none: '–', errors: errorsFor(context, path(part)), onInput: value => set(`${label} of claim ${index + 1}`, { [part]: textOrNull(value) }) });
  return html`<details class="entry claim" id="claims-${index}" tabindex="-1" open>
    <summary><span class="chip m-claim">claim ${index + 1}</span> <span class="claim-head" dir="auto">${claim.quote || 'New claim'}</span>
      <strong>${claim.verdict ? nameOf(guideline.verdicts, claim.verdict) : 'no verdict'}</strong></summary>
    ${claim.start === null
      ? areaField({ id: id('quote'), label: 'The claim', value: claim.quote ?? '', rows: 2, errors: errorsFor(context, path('quote')), onInput: text => set('Text of claim', { quote: text }, path('quote')) })
      : html`<blockquote class="picked" dir="auto">${claim.quote}</blockquote>`}
    <div class="grid3">${list('type', 'Type', guideline.claimTypes)}${list('checkworthiness', 'Check', guideline.checkworthiness)}${list('verdict', 'Verdict', guideline.verdicts)}</div>
    ${claim.verdict ? html`<p class="hint">${guideline.verdicts.find(verdict => verdict.key === claim.verdict)?.meaning}</p>` : nothing}
    ${checkField(id('critical'), 'Critical: acting on it could cause moderate or worse harm', claim.critical, critical => set('Critical claim', { critical }))}
    ${areaField({ id: id('correction'), label: 'Correction', value: claim.correction ?? '', rows: 1, onInput: text => set('Correction', { correction: textOrNull(text) }, path('correction')) })}
    ${evidenceAdvice(claim).map(advice => html`<p class="gate">${icon('info')}${advice}</p>`)}
    ${claim.evidence.map((evidence, at) => evidenceEntry(context, claim, index, evidence, at))}
    <p class="row tools">
      <button class="btn small" type="button" @click=${() => set('Add source', { evidence: [...claim.evidence, emptyEvidence()] })}>${icon('plus')} Add a source</button>
      ${claim.start === null ? nothing : html`<button class="btn plain small" type="button" @click=${say('jump', `claims-${index}`)}>${icon('target')} Show</button>`}
      <button class="btn plain small" type="button" aria-label="Delete claim ${index + 1}" @click=${() => context.update(`Delete claim ${index + 1}`, judgement => ({ ...judgement, claims: removeAt(judgement.claims, index) }))}>${icon('trash')} Delete</button>
    </p>
  </details>`;
}

export function changeClaim(judgement: Judgement, index: number, change: Partial<Claim>): Judgement {
  return { ...judgement, claims: replaceAt(judgement.claims, index, change) };
}
