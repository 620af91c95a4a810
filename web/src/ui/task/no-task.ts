import { html, nothing, type TemplateResult } from 'lit';
import { emptyState, loading, pageHead } from '../pieces';

/** The task page without a task: still asking, could not ask, or there is none. */
/** `all`: to look in the other projects too, where one was chosen. */
export function noTask(asking: boolean, error: string, again: () => void, all: (() => void) | null): TemplateResult {
  if (error) return page(emptyState('The task could not be fetched', error, html`<button class="btn primary" type="button" @click=${again}>Try again</button>`));
  if (asking) return html`<div class="narrow">${loading('the task')}</div>`;
  return page(emptyState('Nothing for you now', 'Every task in your sub-domains and languages is done, judged by you already, or with a colleague. Look again in half an hour, or after the next batch.',
    html`<div class="row"><a class="btn primary" href="#/">Home</a><button class="btn" type="button" @click=${again}>Look again</button>
      ${all ? html`<button class="btn" type="button" @click=${all}>Look in all my projects</button>` : nothing}</div>`));
}

function page(content: TemplateResult): TemplateResult {
  return html`<div class="narrow">${pageHead('Task')}${content}</div>`;
}
