import { html, type TemplateResult } from 'lit';
import { fieldId } from '../../logic/field-id';
import { setScore } from '../../logic/form';
import type { Answer, DimensionKey } from '../../logic/judgement';
import { errorsFor, noticesFor, type FormContext } from './context';
import './rating';

/** The ratings of all responses at once: a row for each dimension, so that one yardstick is laid on all of them. */
export function ratingGrid(context: FormContext): TemplateResult {
  const { ratings } = context.judgement;
  return html`<section class="part" aria-labelledby="grid-title"><h2 id="grid-title">Ratings side by side</h2>
    <p class="quiet">One dimension after the other, across the responses. Harm, marks and claims are with each response.</p>
    <div class="rating-grid" role="group" aria-label="Ratings of all responses">
      ${context.guideline.dimensions.map(dimension => html`<div class="rating-row"><h3>${dimension.name}</h3><p class="quiet">${dimension.question}</p>
        <div class="cells">${ratings.map((rating, index) => cell(context, index, rating.response, dimension.key as DimensionKey))}</div></div>`)}
    </div></section>`;
}

function cell(context: FormContext, index: number, response: string, key: DimensionKey): TemplateResult {
  const dimension = context.guideline.dimensions.find(entry => entry.key === key)!;
  const path = `judgement.ratings[${index}].${key}`;
  return html`<div class="grid-cell" data-response=${response}><span class="response-key" aria-hidden="true">${response}</span><he-rating cell=${response} .dimension=${dimension} .value=${context.judgement.ratings[index]?.[key] ?? null}
    .field=${fieldId(path)} .errors=${errorsFor(context, path)} .notices=${noticesFor(context, path)}
    @rate=${(event: CustomEvent<Answer | null>) => context.update(`${dimension.name} of ${response}`, judgement => setScore(judgement, response, key, event.detail))}></he-rating></div>`;
}
