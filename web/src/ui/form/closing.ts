import { html, nothing, type TemplateResult } from 'lit';
import { setFlagNote, setFlags, setPreference, textOrNull } from '../../logic/form';
import { hasFirst, placeOf, ranked } from '../../logic/ranking';
import type { DimensionKey, Judgement } from '../../logic/judgement';
import { nameOf } from '../../logic/guideline';
import { areaField, checkField, checkGroup, textField } from '../field';
import { opens } from '../opens';
import { choices, type Option } from './choices';
import { errorsFor, type FormContext } from './context';

const strengths: Option[] = [{ key: '1', name: 'Slight' }, { key: '2', name: 'Clear' }, { key: '3', name: 'Strong' }];

/** What is asked once a task: which response is better, and how sure the person is. */
export function closingForm(context: FormContext): TemplateResult {
  const several = context.judgement.ratings.length > 1;
  return html`${several && context.judgement.mode !== 'fact_check' ? preference(context) : nothing}
    <section class="part" aria-labelledby="closing-title"><h2 id="closing-title">${context.guideline.perResponse ? 'The task as a whole' : 'Conclusion'}</h2>
      ${context.guideline.perResponse ? nothing : html`${number(context, 'confidence', 'Your confidence', context.guideline.confidence, true)}
      ${number(context, 'overall', 'Overall (optional)', context.guideline.overall, false)}`}
      <details ${opens(context.judgement.flags.length > 0, context.task.taskId)}><summary>Flags${context.judgement.flags.length ? ` (${context.judgement.flags.length})` : ''}</summary>
        ${checkGroup('flags', 'Anything a lead should look at', context.guideline.flags.map(flag => ({ key: flag.key, name: `${flag.name}: ${flag.description}` })), context.judgement.flags, flags => context.update('Flags', judgement => setFlags(judgement, flags)))}
        ${context.judgement.flags.map(flag => flagNote(context, flag))}
      </details>
    </section>
    ${writing(context, 'refinedPrompt', 'Refined prompt', 'How the person could have asked so that a good answer is more likely.')}
    ${writing(context, 'idealResponse', 'Ideal answer', 'The answer that you would have been content to see.')}`;
}

function flagNote(context: FormContext, flag: string): TemplateResult {
  return textField({
    id: `flag-note-${flag}`, label: `${nameOf(context.guideline.flags, flag)}: what a lead should know (optional)`, value: context.judgement.flagNotes?.[flag] ?? '',
    onInput: text => context.update('Note on a flag', judgement => setFlagNote(judgement, flag, text), `flag-note-${flag}`),
  });
}

function number(context: FormContext, name: 'confidence' | 'overall', legend: string, levels: { level: number; name: string; description: string }[], required: boolean): TemplateResult {
  const path = `judgement.${name}`;
  return choices({
    id: name, legend, required, optional: !required, errors: errorsFor(context, path), value: context.judgement[name]?.toString() ?? null,
    options: levels.map(level => ({ key: String(level.level), name: `${level.level} · ${level.name}`, description: level.description })),
    onPick: key => context.update(legend, judgement => ({ ...judgement, [name]: key === null ? null : Number(key) })),
  });
}

function preference(context: FormContext): TemplateResult {
  const now = context.judgement.preference;
  const keys = context.judgement.ratings.map(rating => rating.response);
  const set = (label: string, change: Partial<NonNullable<Judgement['preference']>>, typingIn = '') => context.update(label, judgement => setPreference(judgement, change), typingIn);
  const stands = keys.length > 2 ? hasFirst(now) : keys.includes(now?.winner ?? '');
  return html`<section class="part" aria-labelledby="preference-title"><h2 id="preference-title">Which is better?</h2>
    ${keys.length > 2 ? ranking(context, keys) : winner(context, keys)}
    ${!stands ? nothing : choices({ id: 'preference-strength', legend: 'How much better', options: strengths, value: now?.strength?.toString() ?? null, errors: errorsFor(context, 'judgement.preference.strength'), onPick: key => set('Strength of preference', { strength: key === null ? null : Number(key) }) })}
    <details class="checklist"><summary>By dimension</summary>${context.guideline.dimensions.map(dimension => perDimension(context, dimension.key as DimensionKey, dimension.name, keys))}</details>
    ${areaField({ id: 'preference-rationale', label: 'Why', rows: 2, value: now?.rationale ?? '', errors: errorsFor(context, 'judgement.preference.rationale'), onInput: text => set('Reason of preference', { rationale: textOrNull(text) }, 'preference') })}
  </section>`;
}

function winner(context: FormContext, keys: string[]): TemplateResult {
  const now = context.judgement.preference;
  const winners = [...keys.map(key => ({ key, name: `Response ${key}` })), { key: 'tie', name: 'Equally good' }, { key: 'both_bad', name: 'Both bad' }];
  return choices({
    id: 'preference-winner', legend: 'Preferred response', required: true, options: winners, value: now?.winner ?? null, errors: errorsFor(context, 'judgement.preference.winner'),
    onPick: key => context.update('Preference', judgement => setPreference(judgement, { winner: key, strength: keys.includes(key ?? '') ? (now?.strength ?? null) : null })),
  });
}

/** A place for each response; the same place says that they are equally good. One digit each. */
function ranking(context: FormContext, keys: string[]): TemplateResult {
  const now = context.judgement.preference;
  const places = keys.map((_, index) => ({ key: String(index + 1), name: index === 0 ? '1 best' : String(index + 1) }));
  return html`<p class="quiet">Give each response its place. The same place means equally good.</p>
    ${keys.map(key => choices({
      id: `preference-rank-${key}`, legend: `Response ${key}`, required: true, small: true, options: places, value: placeOf(now, key)?.toString() ?? null, errors: errorsFor(context, `judgement.preference.rank-${key}`),
      onPick: place => context.update(`Place of ${key}`, judgement => ranked(judgement, key, place === null ? null : Number(place))),
    }))}
    ${errorsFor(context, 'judgement.preference.ranking').map(error => html`<span class="gate">${error}</span>`)}
    ${checkField('preference-bothBad', 'None of them will do', now?.bothBad === true, bad => context.update('None will do', judgement => setPreference(judgement, { bothBad: bad ? true : null })))}`;
}

function perDimension(context: FormContext, key: DimensionKey, name: string, keys: string[]): TemplateResult {
  const given = context.judgement.preference?.perDimension ?? {};
  const options = [...keys.map(response => ({ key: response, name: response })), { key: 'tie', name: 'Tie' }];
  const pick = (winner: string | null) => {
    const { [key]: _, ...others } = given;
    context.update(`Preference on ${name}`, judgement => setPreference(judgement, { perDimension: winner === null ? others : { ...others, [key]: winner } }));
  };
  return choices({ id: `preference-perDimension-${key}`, legend: name, options, value: given[key] ?? null, small: true, onPick: pick });
}

function writing(context: FormContext, name: 'refinedPrompt' | 'idealResponse', title: string, hint: string): TemplateResult {
  const value = context.judgement[name] ?? '';
  return html`<details class="part" ${opens(value !== '', context.task.taskId)}><summary><h2>${title}</h2><span class="quiet push">optional</span></summary>
    ${areaField({ id: name, label: title, value, hint, rows: 5, errors: errorsFor(context, `judgement.${name}`), onInput: text => context.update(title, judgement => ({ ...judgement, [name]: textOrNull(text) }), name) })}
  </details>`;
}
