import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { answerFor } from '../../logic/digits';
import { icon } from '../icon';

export interface Option {
  key: string;
  name: string;
  description?: string;
  /** A letter that gives this answer while the question has the focus; its digit does so in any case. */
  letter?: string;
}

export interface ChoiceParts {
  id: string;
  legend: string;
  options: Option[];
  value: string | null;
  onPick: (key: string | null) => void;
  required?: boolean;
  /** Passed over by the keys that go on to the next question. */
  optional?: boolean;
  errors?: string[];
  hint?: string;
  small?: boolean;
}

/**
 * A few options side by side as one radio group; the chosen one's meaning below. While it has the focus, digits and letters
 * are its own: they answer it and go on to the next question. Backspace takes the answer back.
 */
export function choices(parts: ChoiceParts): TemplateResult {
  const { id, legend, options, value, errors } = parts;
  const meaning = options.find(option => option.key === value)?.description;
  const below = meaning ?? parts.hint;
  return html`<fieldset class="field choices ${parts.small ? 'small' : ''}" id=${id} tabindex="-1" ?data-optional=${parts.optional ?? false} aria-describedby=${errors?.length ? `${id}-error` : nothing}
    @keydown=${(event: KeyboardEvent) => pressed(event, parts)}>
    <legend>${legend}${parts.required ? html` <span class="must" title="Needed">needed</span>` : nothing}</legend>
    <div class="choice-row">${options.map(option => html`<label title=${option.description ?? nothing}>
      <input type="radio" name=${id} value=${option.key} .checked=${live(option.key === value)} @change=${() => parts.onPick(option.key)} />
      <span>${option.name}${option.letter ? html` <kbd aria-hidden="true">${option.letter.toUpperCase()}</kbd>` : nothing}</span></label>`)}</div>
    ${below ? html`<p class="hint">${below}</p>` : nothing}
    ${errors?.length ? html`<span class="error" id="${id}-error">${icon('warn')}${errors.join(' ')}</span>` : nothing}
  </fieldset>`;
}

function pressed(event: KeyboardEvent, parts: ChoiceParts): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === 'Backspace' || event.key === 'Delete') {
    if (parts.value === null) return;
    event.preventDefault();
    return parts.onPick(null);
  }
  const answer = answerFor(event.key, parts.options);
  if (answer === null) return;
  event.preventDefault();
  parts.onPick(answer);
  event.currentTarget!.dispatchEvent(new CustomEvent('rated-by-key', { bubbles: true }));
}
