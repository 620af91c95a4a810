import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon } from '../icon';

export interface Option {
  key: string;
  name: string;
  description?: string;
}

export interface ChoiceParts {
  id: string;
  legend: string;
  options: Option[];
  value: string | null;
  onPick: (key: string | null) => void;
  required?: boolean;
  errors?: string[];
  hint?: string;
  small?: boolean;
}

/** A few options side by side as one radio group; the chosen one's meaning below. Backspace takes the answer back. */
export function choices(parts: ChoiceParts): TemplateResult {
  const { id, legend, options, value, errors } = parts;
  const meaning = options.find(option => option.key === value)?.description;
  const below = meaning ?? parts.hint;
  return html`<fieldset class="field choices ${parts.small ? 'small' : ''}" id=${id} tabindex="-1" aria-describedby=${errors?.length ? `${id}-error` : nothing}
    @keydown=${(event: KeyboardEvent) => (event.key === 'Backspace' || event.key === 'Delete') && value !== null && (event.preventDefault(), parts.onPick(null))}>
    <legend>${legend}${parts.required ? html` <span class="must" title="Needed">needed</span>` : nothing}</legend>
    <div class="choice-row">${options.map(option => html`<label title=${option.description ?? nothing}>
      <input type="radio" name=${id} value=${option.key} .checked=${live(option.key === value)} @change=${() => parts.onPick(option.key)} />
      <span>${option.name}</span></label>`)}</div>
    ${below ? html`<p class="hint">${below}</p>` : nothing}
    ${errors?.length ? html`<span class="error" id="${id}-error">${icon('warn')}${errors.join(' ')}</span>` : nothing}
  </fieldset>`;
}
