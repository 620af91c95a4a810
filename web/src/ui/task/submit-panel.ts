import { html, nothing, type TemplateResult } from 'lit';
import type { GateNotice } from '../../api/tasks';
import type { Missing } from '../../logic/completeness';
import { checkField, textField } from '../field';
import { icon } from '../icon';
import { note } from '../pieces';

export interface SubmitState {
  missing: Missing[];
  faults: Missing[];
  gates: GateNotice[];
  acknowledged: string[];
  error: string;
  toField: (field: string) => void;
  acknowledge: (gate: string, yes: boolean) => void;
  reasons: Record<string, string>;
  explain: (gate: string, reason: string) => void;
}

/** What stands between the judgement and handing it in: links to what is missing, contradictions to resolve or to stand by. */
export function submitPanel(state: SubmitState): TemplateResult | typeof nothing {
  const { missing, gates, error } = state;
  if (missing.length === 0 && gates.length === 0 && !error) return nothing;
  return html`<section class="submit-panel" id="submit-panel" tabindex="-1" aria-labelledby="submit-title">
    <h2 id="submit-title">${missing.length > 0 ? 'Still needed' : gates.length > 0 ? 'Please look at this again' : 'Not handed in'}</h2>
    ${error ? note(error, 'bad', 'alert') : nothing}
    ${state.faults.length > 0 ? html`<ul>${state.faults.map(entry => html`<li>${link(state, entry.field, entry.label)}</li>`)}</ul>` : nothing}
    ${missing.length > 0 ? html`<ul class="missing">${missing.map(entry => html`<li>${link(state, entry.field, entry.label)}</li>`)}</ul>` : nothing}
    ${missing.length === 0 && gates.length > 0 ? html`<p class="quiet">Change one side of each contradiction, or tick that you stand by it.</p>
      <ul class="gates">${gates.map(gate => html`<li><p>${icon('warn')}<span>${gate.message} ${link(state, gate.field, 'Go there')}</span></p>
        ${checkField(`ack-${gate.gate.replace(/\W/g, '-')}`, responseOf(gate) ? `I stand by it (response ${responseOf(gate)})` : 'I stand by it', state.acknowledged.includes(gate.gate), yes => state.acknowledge(gate.gate, yes))}${reason(state, gate)}</li>`)}</ul>` : nothing}
  </section>`;
}

function reason(state: SubmitState, gate: GateNotice): TemplateResult | typeof nothing {
  if (!gate.needsReason || !state.acknowledged.includes(gate.gate)) return nothing;
  const given = state.reasons[gate.gate] ?? '';
  return textField({ id: `why-${gate.gate.replace(/\W/g, '-')}`, label: 'Why', value: given, onInput: text => state.explain(gate.gate, text), ...(given.trim() ? {} : { hint: 'A few words; they are kept with your judgement.' }) });
}

function link(state: SubmitState, field: string, words: string): TemplateResult {
  return html`<a href="#" class="field-link" @click=${(event: Event) => (event.preventDefault(), state.toField(field))}>${words}</a>`;
}

function responseOf(gate: GateNotice): string {
  return gate.gate.split(':')[1] ?? '';
}

/** Always in sight at the bottom of the form. */
export function submitBar(open: number, busy: boolean, submit: () => void): TemplateResult {
  return html`<div class="submit-bar">
    <span class="quiet">${open === 0 ? html`${icon('check')} Everything needed is there` : `${open} still needed`}</span>
    <button class="btn primary push" type="button" title="Ctrl+Enter" ?disabled=${busy} @click=${submit}>${busy ? 'Handing in …' : 'Hand in'}</button>
  </div>`;
}
