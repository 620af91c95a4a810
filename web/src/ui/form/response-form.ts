import { html, nothing, type TemplateResult } from 'lit';
import { fieldId } from '../../logic/field-id';
import { replaceAt, setHarm, setScore, textOrNull } from '../../logic/form';
import type { Answer, DimensionKey } from '../../logic/judgement';
import { areaField } from '../field';
import { icon } from '../icon';
import { choices } from './choices';
import { errorsFor, noticesFor, type FormContext } from './context';
import { claimSection } from './claims';
import { behaviourSection, rubricSection, rulesSection } from './checklists';
import { conclusionOf, harmDetails, nothingToCheck } from './per-response';
import { spanSection } from './spans';
import './rating';

/** Everything that is said about one response. */
export function responseForm(context: FormContext, response: string): TemplateResult {
  const index = context.judgement.ratings.findIndex(rating => rating.response === response);
  const of = context.judgement.ratings.length > 1 ? ` of response ${response}` : '';
  if (context.judgement.mode === 'fact_check') return html`${claimSection(context, response)}${nothingToCheck(context, response)}`;
  const quick = context.judgement.mode === 'quick';
  return html`
    <section class="part" aria-labelledby="ratings-${response}"><h2 id="ratings-${response}">Ratings${of}</h2>
      ${context.guideline.dimensions.map(dimension => ratingRow(context, index, response, dimension.key as DimensionKey))}
      ${rationale(context, index, response)}
    </section>
    <section class="part" aria-labelledby="harm-${response}"><h2 id="harm-${response}">Harm${of}</h2>${harm(context, index, response)}</section>
    ${spanSection(context, response)}
    ${quick ? nothing : html`${claimSection(context, response)}${behaviourSection(context, response)}`}
    ${rulesSection(context, response)}
    ${rubricSection(context, response)}
    ${conclusionOf(context, index, response)}`;
}

function ratingRow(context: FormContext, index: number, response: string, key: DimensionKey): TemplateResult {
  const dimension = context.guideline.dimensions.find(entry => entry.key === key)!;
  const path = `judgement.ratings[${index}].${key}`;
  return html`<he-rating .dimension=${dimension} .value=${context.judgement.ratings[index]?.[key] ?? null} .field=${fieldId(path)}
    .errors=${errorsFor(context, path)} .notices=${noticesFor(context, path)}
    @rate=${(event: CustomEvent<Answer | null>) => context.update(`${dimension.name} of ${response}`, judgement => setScore(judgement, response, key, event.detail))}></he-rating>`;
}

function rationale(context: FormContext, index: number, response: string): TemplateResult {
  const path = `judgement.ratings[${index}].rationale`;
  return html`${areaField({
    id: fieldId(path), label: 'Rationale', rows: 2, value: context.judgement.ratings[index]?.rationale ?? '', errors: errorsFor(context, path),
    hint: 'A sentence on what decided your scores; needed when a score is 2 or lower.',
    onInput: text => context.update(`Rationale of ${response}`, judgement => ({ ...judgement, ratings: replaceAt(judgement.ratings, index, { rationale: textOrNull(text) }) }), path),
  })}${noticesFor(context, path).map(notice => html`<span class="gate">${icon('warn')}${notice.message}</span>`)}`;
}

function harm(context: FormContext, index: number, response: string): TemplateResult {
  const value = context.judgement.harm[index];
  const pick = (part: 'extent' | 'likelihood' | 'mechanism', legend: string, required: boolean) => {
    const path = `judgement.harm[${index}].${part}`;
    return choices({
      id: fieldId(path), legend, required, options: context.guideline.harm[part], value: value?.[part] ?? null, errors: errorsFor(context, path),
      onPick: key => context.update(`${legend}, response ${response}`, judgement => setHarm(judgement, response, { [part]: key })),
    });
  };
  const some = value?.extent && value.extent !== 'none';
  return html`${pick('extent', 'Worst plausible extent', true)}${some ? html`${pick('likelihood', 'Likelihood of that extent', false)}${pick('mechanism', 'Where it comes from', false)}${harmDetails(context, index, response)}` : nothing}`;
}
