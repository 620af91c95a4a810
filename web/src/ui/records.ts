import { html, nothing, type TemplateResult } from 'lit';

type Content = TemplateResult | string | typeof nothing;

/** One thing in a list: what it is, what is known about it, what can be done with it. */
export interface Entry {
  title: Content;
  badges?: Content;
  text?: Content;
  facts?: [name: string, value: Content][];
  actions?: Content;
  below?: Content;
}

/** A list of things too rich for a table; side by side on a wide screen, one under the other on a phone. */
export function records(label: string, entries: Entry[]): TemplateResult {
  return html`<ul class="records" aria-label=${label}>${entries.map(record)}</ul>`;
}

function record({ title, badges, text, facts, actions, below }: Entry): TemplateResult {
  return html`<li class="record">
    <div class="record-main">
      <div class="row"><h2>${title}</h2>${badges ?? nothing}</div>
      ${text ? html`<p class="quiet">${text}</p>` : nothing}
      ${facts ? factList(facts) : nothing}
      ${below ?? nothing}
    </div>
    ${actions && actions !== nothing ? html`<div class="row record-actions">${actions}</div>` : nothing}
  </li>`;
}

/** Names and values, beside each other as far as there is room. */
export function factList(facts: [name: string, value: Content][]): TemplateResult {
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
