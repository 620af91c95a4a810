import { html, nothing, type TemplateResult } from 'lit';
import { changeRating, setEquity, setHarm, textOrNull } from '../../logic/form';
import type { Equity } from '../../logic/judgement';
import { checkField, checkGroup, textField } from '../field';
import { choices } from './choices';
import { errorsFor, type FormContext } from './context';

/** What later guidelines ask of each response and the first one asked once a task: overall, confidence, and whom it would serve worse. */
export function conclusionOf(context: FormContext, index: number, response: string): TemplateResult | typeof nothing {
  if (!context.guideline.perResponse) return nothing;
  const of = context.judgement.ratings.length > 1 ? ` of response ${response}` : '';
  return html`<section class="part" aria-labelledby="conclusion-${response}"><h2 id="conclusion-${response}">Conclusion${of}</h2>
    ${level(context, index, 'confidence', 'Your confidence', true)}${level(context, index, 'overall', 'Overall (optional)', false)}
    ${equity(context, response)}
  </section>`;
}

function level(context: FormContext, index: number, name: 'confidence' | 'overall', legend: string, required: boolean): TemplateResult {
  const rating = context.judgement.ratings[index];
  const path = `judgement.ratings[${index}].${name}`;
  return choices({
    id: `ratings-${index}-${name}`, legend, required, optional: !required, errors: [...errorsFor(context, path), ...context.notices.filter(notice => notice.field === path).map(notice => notice.message)],
    value: rating?.[name]?.toString() ?? null,
    options: context.guideline[name].map(one => ({ key: String(one.level), name: `${one.level} · ${one.name}`, description: one.description })),
    onPick: key => context.update(legend, judgement => changeRating(judgement, rating?.response ?? '', { [name]: key === null ? null : Number(key) })),
  });
}

function equity(context: FormContext, response: string): TemplateResult | typeof nothing {
  const asked = context.guideline.equity;
  if (!asked || context.judgement.mode === 'quick') return nothing;
  const index = (context.judgement.equity ?? []).findIndex(entry => entry.response === response);
  const now = context.judgement.equity?.[index];
  const set = (change: Partial<Equity> | null, typingIn = '') => context.update(`Equity, response ${response}`, judgement => setEquity(judgement, response, change), typingIn);
  return html`${choices({
      id: `equity-${response}`, legend: `${asked.question} (optional)`, hint: asked.help, options: asked.answers, value: now?.answer ?? null, small: true, optional: true,
      errors: index < 0 ? [] : errorsFor(context, `judgement.equity[${index}].answer`), onPick: answer => set(answer === null ? null : { answer }),
    })}
    ${now && now.answer !== 'no' ? html`<div id="equity-${index}-groups" tabindex="-1">
      ${checkGroup(`equity-groups-${response}`, 'For whom', asked.groups, now.groups, groups => set({ groups }), undefined, errorsFor(context, `judgement.equity[${index}].groups`))}
      ${textField({ id: `equity-${response}-comment`, label: 'How', value: now.comment ?? '', onInput: text => set({ comment: textOrNull(text) }, `equity-${response}`) })}</div>` : nothing}`;
}

/** What is harmed, and who stands in between; asked where there is harm. */
export function harmDetails(context: FormContext, index: number, response: string): TemplateResult | typeof nothing {
  const { kinds, mediation } = context.guideline.harm;
  const now = context.judgement.harm[index];
  if (!kinds || !mediation) return nothing;
  const change = (label: string, value: Partial<NonNullable<typeof now>>) => context.update(`${label}, response ${response}`, judgement => setHarm(judgement, response, value));
  return html`${choices({ id: `harm-${index}-mediation`, legend: 'Who acts on it', options: mediation, value: now?.mediation ?? null, errors: errorsFor(context, `judgement.harm[${index}].mediation`), onPick: key => change('Who acts on it', { mediation: key }) })}
    ${checkGroup(`harm-${index}-kinds`, 'What is harmed', kinds.map(kind => ({ key: kind.key, name: kind.name })), now?.kinds ?? [], chosen => change('What is harmed', { kinds: chosen }))}`;
}

/** A fact-check of a response without anything to check ends here. */
export function nothingToCheck(context: FormContext, response: string): TemplateResult | typeof nothing {
  if (context.judgement.mode !== 'fact_check' || context.judgement.claims.some(claim => claim.response === response)) return nothing;
  const rating = context.judgement.ratings.find(entry => entry.response === response);
  return checkField(`nothing-to-check-${response}`, 'Nothing in this response can be checked', rating?.accuracy === 'NA',
    yes => context.update('Nothing to check', judgement => changeRating(judgement, response, { accuracy: yes ? 'NA' : null })));
}
