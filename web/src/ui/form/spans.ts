import { html, nothing, type TemplateResult } from 'lit';
import { missingToo } from '../../logic/earlier';
import { codeName, nameOf } from '../../logic/guideline';
import type { Span } from '../../logic/judgement';
import { removeAt } from '../../logic/form';
import { focusAfter } from '../focus';
import { icon } from '../icon';
import { errorsFor, type FormContext } from './context';

const say = (name: string, detail: unknown) => (event: Event) => event.currentTarget!.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));

/** What has been marked in one response, and what is missing from it. */
export function spanSection(context: FormContext, response: string): TemplateResult {
  const mine = context.judgement.spans.map((span, index) => ({ span, index })).filter(entry => entry.span.response === response);
  const limit = (context.guideline.spanLimit || 15) * context.judgement.ratings.length;
  const full = context.judgement.spans.length >= limit;
  return html`<section class="part" aria-labelledby="spans-${response}-title"><div class="row"><h2 id="spans-${response}-title">Marked text</h2><span class="quiet push">${context.judgement.spans.length} of ${limit}</span></div>
    <p class="quiet">Select text in the response, or focus it and press <kbd>M</kbd> to mark by keyboard.</p>
    ${mine.length === 0 ? nothing : html`<ol class="entries">${mine.map(({ span, index }) => entry(context, span, index))}</ol>`}
    ${missingToo(context.earlier, context.judgement, response).slice(0, 6).map(span => html`<p class="carry"><button class="btn small" type="button" ?disabled=${full}
      @click=${(event: Event) => add(context, span, event)}>${icon('plus')} Missing here too</button> <span dir="auto">${span.missingText}</span></p>`)}
    <div><button class="btn small" type="button" id="omit-${response}" ?disabled=${full} @click=${say('add-omission', response)}>${icon('plus')} Something is missing</button></div>
  </section>`;
}

function entry(context: FormContext, span: Span, index: number): TemplateResult {
  const errors = Object.keys(context.errors).filter(path => path.startsWith(`judgement.spans[${index}]`)).flatMap(path => errorsFor(context, path));
  const severity = span.severity ? ` · ${nameOf(context.guideline.severities, span.severity)}` : '';
  const what = span.start === null ? 'Missing' : nameOf(context.guideline.kinds, span.kind);
  return html`<li class="entry" id="spans-${index}" tabindex="-1">
    <p class="row"><span class="chip m-${span.kind}">${span.code}</span><strong>${what}${severity}</strong><span class="quiet">${codeName(context.guideline, span.code)}</span></p>
    <p class="entry-quote" dir="auto">${span.start === null ? span.missingText : html`<q>${span.quote}</q>`}</p>
    ${span.comment ? html`<p dir="auto">${span.comment}</p>` : nothing}
    ${span.suggestion ? html`<p dir="auto" class="quiet">Better: ${span.suggestion}</p>` : nothing}
    ${errors.length ? html`<span class="error">${icon('warn')}${errors.join(' ')}</span>` : nothing}
    <p class="row tools">
      ${span.start === null ? nothing : html`<button class="btn plain small" type="button" @click=${say('jump', `spans-${index}`)}>${icon('target')} Show</button>`}
      <button class="btn plain small" type="button" aria-label="Edit ${span.code}" @click=${say('edit-span', index)}>${icon('pen')} Edit</button>
      <button class="btn plain small" type="button" aria-label="Delete ${span.code}" @click=${(event: Event) => remove(context, span, index, event)}>${icon('trash')} Delete</button>
    </p>
  </li>`;
}

function add(context: FormContext, span: Span, event: Event): void {
  focusAfter(event, `#spans-${context.judgement.spans.length}`);
  context.update(`Add ${span.code}`, judgement => ({ ...judgement, spans: [...judgement.spans, span] }));
}

function remove(context: FormContext, span: Span, index: number, event: Event): void {
  focusAfter(event, `#spans-${index}`, `#spans-${index - 1}`, `#omit-${span.response}`);
  context.update(`Delete ${span.code}`, judgement => ({ ...judgement, spans: removeAt(judgement.spans, index) }));
}
