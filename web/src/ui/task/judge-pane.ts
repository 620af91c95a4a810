import { html, nothing, type TemplateResult } from 'lit';
import { progressOf } from '../../logic/completeness';
import { preferenceIsSaid } from '../../logic/ranking';
import type { TaskSession } from '../../task/session';
import { closingForm } from '../form/closing';
import type { FormContext } from '../form/context';
import { ratingGrid } from '../form/grid';
import { responseForm } from '../form/response-form';
import { icon } from '../icon';

export const closing = 'closing';
export const grid = 'grid';

/** The form: one part for each response and one for what is asked once; a single response needs no parts. */
export function judgePane(session: TaskSession, context: FormContext, part: string, show: (part: string) => void): TemplateResult {
  const several = session.keys.length > 1;
  if (!several) return html`${responseForm(context, session.keys[0] ?? 'A')}${closingForm(context)}`;
  return html`<div class="tabs parts" role="tablist" aria-label="Parts of the judgement" @keydown=${(event: KeyboardEvent) => arrow(event, session, part, show)}>
      ${session.keys.map(key => tab(key, `Response ${key}`, part, show, progress(session, key)))}
      ${tab(closing, 'Conclude', part, show, closed(session))}
      ${gridIsAsked(session) ? tab(grid, 'All ratings', part, show, html``) : nothing}
    </div>
    <div role="tabpanel" id="part-panel" aria-labelledby="part-${part}">${part === closing ? closingForm(context) : part === grid ? ratingGrid(context) : responseForm(context, part)}</div>`;
}

function tab(key: string, label: string, part: string, show: (part: string) => void, badge: TemplateResult): TemplateResult {
  return html`<button type="button" role="tab" id="part-${key}" aria-selected=${part === key} aria-controls=${part === key ? 'part-panel' : nothing} tabindex=${part === key ? 0 : -1} @click=${() => show(key)}>${label} ${badge}</button>`;
}

function progress(session: TaskSession, key: string): TemplateResult {
  const { done, of } = progressOf(session.judgement, session.guideline, key, session.given);
  return done === of ? html`<span class="done">${icon('check')}<span class="sr">complete</span></span>` : html`<span class="quiet num">${done}/${of}</span>`;
}

function closed(session: TaskSession): TemplateResult {
  const done = (session.guideline.perResponse || session.judgement.confidence !== null) && (session.judgement.mode === 'fact_check' || preferenceIsSaid(session.judgement));
  return done ? html`<span class="done">${icon('check')}<span class="sr">complete</span></span>` : html``;
}

function gridIsAsked(session: TaskSession): boolean {
  return session.judgement.mode !== 'fact_check';
}

function arrow(event: KeyboardEvent, session: TaskSession, part: string, show: (part: string) => void): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  const all = [...session.keys, closing, ...(gridIsAsked(session) ? [grid] : [])];
  const to = all[(all.indexOf(part) + by + all.length) % all.length] ?? closing;
  show(to);
  const list = event.currentTarget as HTMLElement;
  requestAnimationFrame(() => list.querySelector<HTMLElement>(`#part-${to}`)?.focus());
}
