import { html, nothing, type TemplateResult } from 'lit';
import { evidenceAdvice } from '../../logic/evidence-rules';
import { verdictSigns, withClaim } from '../../logic/claims';
import { wordForWord } from '../../logic/earlier';
import { emptyClaim, emptyEvidence, removeAt, textOrNull } from '../../logic/form';
import type { Claim } from '../../logic/judgement';
import { nameOf } from '../../logic/guideline';
import { areaField, checkField, selectField } from '../field';
import { opens } from '../opens';
import { focusAfter } from '../focus';
import { icon } from '../icon';
import { errorsFor, type FormContext } from './context';
import { evidenceEntry } from './evidence';
import './claim-pass';

const say = (name: string, detail: unknown) => (event: Event) => event.currentTarget!.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));

/** The statements that were checked, a line each; or all that may be one, in the claim pass. */
export function claimSection(context: FormContext, response: string): TemplateResult {
  const mine = context.judgement.claims.map((claim, index) => ({ claim, index })).filter(entry => entry.claim.response === response);
  const passing = context.pass === response;
  const came = (context.task.item.claims ?? []).filter(claim => claim.response === response);
  const add = (event: Event) => {
    focusAfter(event, `#claims-${context.judgement.claims.length}-quote`);
    context.update('Add claim', judgement => ({ ...judgement, claims: [...judgement.claims, { ...emptyClaim(response), quote: '' }] }));
  };
  return html`<section class="part" aria-labelledby="claims-${response}-title"><div class="row"><h2 id="claims-${response}-title">Claims</h2><span class="quiet push">${mine.length === 0 ? 'none yet' : mine.length}</span></div>
    ${passing
      ? html`<he-claim-pass .context=${context} .response=${response}></he-claim-pass>`
      : html`<p class="quiet">${came.length > 0
          ? `${came.length} ${came.length === 1 ? 'claim came' : 'claims came'} with this answer, the same for everybody: ${came.filter(claim => mine.some(own => own.claim.given === claim.claimId)).length} judged. The claim pass walks through them.`
          : 'The claim pass walks through the response sentence by sentence. Doses, interactions and citations first.'}</p>
        ${carryOver(context, response)}
        ${mine.map(({ claim, index }) => claimLine(context, claim, index))}`}
    <div class="row">
      <button class="btn small ${passing ? '' : 'primary'}" type="button" id="claim-pass-${response}" aria-pressed=${passing} @click=${say('claim-pass', passing ? null : response)}>${passing ? 'End the claim pass' : 'Claim pass'} <kbd aria-hidden="true">C</kbd></button>
      <button class="btn small" type="button" id="claim-add-${response}" @click=${add}>${icon('plus')} Type a claim</button></div>
  </section>`;
}

/** What was found in other answers to the prompt, for taking over. */
function carryOver(context: FormContext, response: string): TemplateResult | typeof nothing {
  const { earlier, task } = context;
  if (earlier.claims.length === 0) return nothing;
  const same = wordForWord(earlier, context.judgement, response, task.item.responses.find(entry => entry.key === response)?.text ?? '');
  const take = (event: Event) => {
    focusAfter(event, `#claims-${context.judgement.claims.length}`, `#claim-pass-${response}`);
    context.update('Carry claims over', judgement => ({ ...judgement, claims: [...judgement.claims, ...same] }));
  };
  return html`<p class="carry">${icon('info')}<span>You have judged another answer to this prompt: ${earlier.claims.length} ${earlier.claims.length === 1 ? 'claim' : 'claims'} with their sources. In the claim pass, <kbd>R</kbd> takes one over.</span>
    ${same.length > 0 ? html`<button class="btn small" type="button" id="carry-${response}" @click=${take}>Take over the ${same.length} that this answer says word for word</button>` : nothing}</p>`;
}

/** One line until it is opened. */
function claimLine(context: FormContext, claim: Claim, index: number): TemplateResult {
  const faulty = Object.keys(context.errors).some(path => path.startsWith(`judgement.claims[${index}]`));
  const fresh = claim.verdict === null && claim.evidence.length === 0;
  return html`<details class="entry claim" id="claims-${index}" tabindex="-1" ${opens(faulty || fresh)}>
    <summary><span class="chip verdict-${claim.verdict ?? 'none'}">${verdictSigns[claim.verdict ?? ''] ?? '·'} ${index + 1}</span> <span class="claim-head" dir="auto">${claim.quote || 'New claim'}</span>
      <strong>${claim.verdict ? nameOf(context.guideline.verdicts, claim.verdict) : 'no verdict'}</strong>${claim.critical ? html` <span class="badge bad">critical</span>` : nothing}
      <span class="quiet">${claim.evidence.length === 0 ? '' : `${claim.evidence.length} ${claim.evidence.length === 1 ? 'source' : 'sources'}`}</span></summary>
    ${claimDetails(context, claim, index)}
  </details>`;
}

/** Everything that can be said about a claim. */
export function claimDetails(context: FormContext, claim: Claim, index: number): TemplateResult {
  const { guideline } = context;
  const path = (part: string) => `judgement.claims[${index}].${part}`;
  const id = (part: string) => `claims-${index}-${part}`;
  const set = (label: string, change: Partial<Claim>, typingIn = '') => context.update(label, judgement => withClaim(judgement, index, change), typingIn);
  const list = (part: 'type' | 'checkworthiness' | 'verdict', label: string, options: { key: string; name: string }[]) =>
    selectField({ id: id(part), label, value: claim[part] ?? '', choices: options, none: '–', errors: errorsFor(context, path(part)), onInput: value => set(`${label} of claim ${index + 1}`, { [part]: textOrNull(value) }) });
  const addSource = (event: Event) => {
    focusAfter(event, `#claims-${index}-evidence-${claim.evidence.length}-url`);
    set('Add source', { evidence: [...claim.evidence, emptyEvidence()] });
  };
  return html`${claim.start === null && !claim.given
      ? areaField({ id: id('quote'), label: 'The claim', value: claim.quote ?? '', rows: 2, errors: errorsFor(context, path('quote')), onInput: text => set('Text of claim', { quote: text }, path('quote')) })
      : html`<blockquote class="picked" dir="auto">${claim.quote}</blockquote>`}
    <div class="grid3">${list('type', 'Type', guideline.claimTypes)}${list('checkworthiness', 'Check', guideline.checkworthiness)}${list('verdict', 'Verdict', guideline.verdicts)}</div>
    ${claim.verdict ? html`<p class="hint">${guideline.verdicts.find(verdict => verdict.key === claim.verdict)?.meaning}</p>` : nothing}
    ${checkField(id('critical'), 'Critical: acting on it could cause moderate or worse harm', claim.critical, critical => set('Critical claim', { critical }))}
    ${areaField({ id: id('correction'), label: 'Correction', value: claim.correction ?? '', rows: 1, onInput: text => set('Correction', { correction: textOrNull(text) }, path('correction')) })}
    ${evidenceAdvice(claim, guideline, context.judgement.flags).map(advice => html`<p class="gate">${icon('info')}${advice}</p>`)}
    ${claim.evidence.map((evidence, at) => evidenceEntry(context, claim, index, evidence, at))}
    <p class="row tools">
      <button class="btn small" type="button" id="claims-${index}-add-source" @click=${addSource}>${icon('plus')} Add a source</button>
      ${claim.start === null ? nothing : html`<button class="btn plain small" type="button" @click=${say('jump', `claims-${index}`)}>${icon('target')} Show</button>`}
      <button class="btn plain small" type="button" aria-label="Delete claim ${index + 1}" @click=${(event: Event) => remove(context, claim, index, event)}>${icon('trash')} Delete</button>
    </p>`;
}

function remove(context: FormContext, claim: Claim, index: number, event: Event): void {
  focusAfter(event, `#claims-${index} summary`, `#claims-${index - 1} summary`, '.units [aria-selected=true]', `#claim-add-${claim.response}`);
  context.update(`Delete claim ${index + 1}`, judgement => ({ ...judgement, claims: removeAt(judgement.claims, index) }));
}
