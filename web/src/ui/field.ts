import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon } from './icon';

export interface FieldOptions {
  id: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string | undefined;
  errors?: string[] | undefined;
  required?: boolean;
  placeholder?: string;
}

function frame(options: FieldOptions, control: (describedBy: string | typeof nothing) => TemplateResult): TemplateResult {
  const { id, label, hint, errors } = options;
  const described = [hint ? `${id}-hint` : '', errors?.length ? `${id}-error` : ''].filter(Boolean).join(' ');
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${control(described || nothing)}
    ${hint ? html`<span class="hint" id="${id}-hint">${hint}</span>` : nothing}
    ${errors?.length ? html`<span class="error" id="${id}-error">${icon('warn')}${errors.join(' ')}</span>` : nothing}
  </div>`;
}

const typed = (event: Event) => (event.target as HTMLInputElement).value;

export function textField(options: FieldOptions & { type?: string; autocomplete?: AutoFill; list?: string; dir?: string }): TemplateResult {
  const { id, value, onInput, errors, required, placeholder, type, autocomplete, list } = options;
  return frame(options, described => html`<input class="input" id=${id} type=${type ?? 'text'} .value=${live(value)} ?required=${required ?? false}
    placeholder=${placeholder ?? nothing} autocomplete=${autocomplete ?? 'off'} list=${list ?? nothing} dir=${options.dir ?? nothing}
    aria-invalid=${errors?.length ? 'true' : nothing} aria-describedby=${described} @input=${(event: Event) => onInput(typed(event))} />`);
}

export function areaField(options: FieldOptions & { rows?: number }): TemplateResult {
  const { id, value, onInput, errors, placeholder, rows } = options;
  return frame(options, described => html`<textarea id=${id} rows=${rows ?? 3} dir="auto" .value=${live(value)} placeholder=${placeholder ?? nothing}
    aria-invalid=${errors?.length ? 'true' : nothing} aria-describedby=${described} @input=${(event: Event) => onInput(typed(event))}></textarea>`);
}

export type Choice = { key: string; name: string; description?: string };

export function selectField(options: FieldOptions & { choices: Choice[]; none?: string }): TemplateResult {
  const { id, value, onInput, errors, choices, none } = options;
  return frame(options, described => html`<select id=${id} aria-invalid=${errors?.length ? 'true' : nothing} aria-describedby=${described}
    @change=${(event: Event) => onInput(typed(event))}>
    ${none === undefined ? nothing : html`<option value="" ?selected=${value === ''}>${none}</option>`}
    ${choices.map(choice => html`<option value=${choice.key} ?selected=${choice.key === value}>${choice.name}</option>`)}
  </select>`);
}

export function checkField(id: string, label: string | TemplateResult, checked: boolean, onChange: (checked: boolean) => void): TemplateResult {
  return html`<label class="check" for=${id}><input id=${id} type="checkbox" .checked=${live(checked)}
    @change=${(event: Event) => onChange((event.target as HTMLInputElement).checked)} /><span>${label}</span></label>`;
}

/** Several of a list, as checkboxes under one legend. */
export function checkGroup(id: string, legend: string, choices: Choice[], chosen: string[], onChange: (chosen: string[]) => void, hint?: string, errors?: string[]): TemplateResult {
  const toggle = (key: string, on: boolean) => onChange(choices.map(choice => choice.key).filter(other => (other === key ? on : chosen.includes(other))));
  return html`<fieldset class="field" id=${id} aria-describedby=${errors?.length ? `${id}-error` : nothing}><legend>${legend}</legend>
    ${hint ? html`<span class="hint">${hint}</span>` : nothing}
    ${choices.map(choice => checkField(`${id}-${choice.key}`, choice.name, chosen.includes(choice.key), on => toggle(choice.key, on)))}
    ${errors?.length ? html`<span class="error" id="${id}-error">${icon('warn')}${errors.join(' ')}</span>` : nothing}
  </fieldset>`;
}
