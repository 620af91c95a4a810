import { html, nothing, type TemplateResult } from 'lit';
import { differences } from '../../logic/diff';
import { completed } from '../../logic/form';
import { when } from '../../logic/time';
import type { TaskSession } from '../../task/session';
import { dialog } from '../dialog';
import { areaField } from '../field';
import { choices } from '../form/choices';
import './ask';
import type { Passage } from './ask';
import './differences';
import { help } from './help';

export type DialogName = 'help' | 'release' | 'compare' | 'ask' | 'differences' | null;

export interface DialogState {
  open: DialogName;
  reason: string | null;
  close: () => void;
  setReason: (reason: string | null) => void;
  /** What a lead should know about it. */
  note: string;
  setNote: (note: string) => void;
  release: () => void;
  redraw: () => void;
  /** What a question is pinned to; null for the task. */
  passage: Passage | null;
  active: string;
}

export function dialogs(session: TaskSession, state: DialogState): TemplateResult {
  return html`
    ${dialog({ heading: 'Keys', open: state.open === 'help', onClose: state.close, body: help(session.guideline, state.redraw) })}
    ${releaseDialog(session, state)}
    ${compareDialog(session, state)}
    ${state.open === 'ask' ? html`<he-ask .session=${session} .passage=${state.passage} @close=${state.close}></he-ask>` : nothing}
    ${state.open === 'differences' ? html`<he-differences .responses=${session.task.item.responses} .first=${session.keys[0]} .second=${state.active === session.keys[0] ? session.keys[1] : state.active} @close=${state.close}></he-differences>` : nothing}`;
}

function releaseDialog(session: TaskSession, state: DialogState): TemplateResult {
  return dialog({
    heading: 'Give this task back',
    open: state.open === 'release',
    onClose: state.close,
    body: html`<div class="stack"><p>Somebody else will get it. A missing judgement is better than a guessed one; nobody counts it against you. What you wrote here is deleted.</p>
      ${choices({ id: 'release-reason', legend: 'Why', options: session.guideline.releaseReasons, value: state.reason, onPick: state.setReason })}
      ${areaField({ id: 'release-note', label: 'What a lead should know (optional)', rows: 2, value: state.note, hint: 'It goes to the leads with your reason.', onInput: state.setNote })}</div>`,
    foot: html`<button class="btn" type="button" @click=${state.close}>Keep it</button>
      <button class="btn danger" type="button" ?disabled=${state.reason === null} @click=${state.release}>Give it back</button>`,
  });
}

function compareDialog(session: TaskSession, state: DialogState): TemplateResult {
  const status = session.queue.status;
  const current = status.kind === 'newer_elsewhere' ? status.current : null;
  const rows = current ? differences(session.judgement, completed(current.judgement, session.keys), session.guideline) : [];
  return dialog({
    heading: 'Two drafts of this task',
    open: state.open === 'compare' && current !== null,
    onClose: state.close,
    body: current === null ? html`` : html`<p>The other one was saved at ${when(current.savedAt)}. Taking it can be undone.</p>
      ${rows.length === 0 ? html`<p>They say the same.</p>` : html`<div class="table-wrap" tabindex="0" role="region" aria-label="Differences"><table>
        <thead><tr><th scope="col">Where</th><th scope="col">Here</th><th scope="col">There (newer)</th></tr></thead>
        <tbody>${rows.map(row => html`<tr><th scope="row">${row.label}</th><td dir="auto">${row.here}</td><td dir="auto">${row.there}</td></tr>`)}</tbody></table></div>`}`,
    foot: current === null ? html`${nothing}` : html`<button class="btn" type="button" @click=${() => (session.keepMine(), state.close())}>Keep what is here</button>
      <button class="btn primary" type="button" @click=${() => (session.takeNewer(), state.close())}>Take the newer one</button>`,
  });
}
