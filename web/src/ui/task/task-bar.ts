import { html, nothing, type TemplateResult } from 'lit';
import type { TaskSession } from '../../task/session';
import { myKeys } from '../../task/my-keys';
import { icon, type IconName } from '../icon';
import { badge } from '../pieces';
import { draftStatus, spokenStatus, timeSpent } from './status';

export interface BarActions {
  undo: () => void;
  redo: () => void;
  reveal: () => void;
  guideline: () => void;
  doses: () => void;
  ask: () => void;
  help: () => void;
  release: () => void;
}

/** What task this is, whether it is saved, and the tools that are always at hand. */
export function taskBar(session: TaskSession, shown: { reveal: boolean; drawer: boolean; doses: boolean }, actions: BarActions): TemplateResult {
  const { history, task } = session;
  const { keys } = myKeys();
  const tool = (name: IconName, label: string, key: string, action: () => void, more: { disabled?: boolean; pressed?: boolean } = {}) =>
    html`<button class="btn plain icon small" type="button" aria-label=${label} title="${label} (${key})" aria-pressed=${more.pressed ?? nothing} ?disabled=${more.disabled ?? false} @click=${action}>${icon(name)}</button>`;
  return html`<div class="task-bar">
    <h1 tabindex="-1">${task.projectName}</h1>
    ${task.simulatedProject ? badge('Demo · simulated', 'violet') : nothing}
    ${draftStatus(session)}
    ${timeSpent(session)}
    <span class="sr" role="status">${spokenStatus(session)}</span>
    <div class="row tools push" role="toolbar" aria-label="Task tools">
      ${tool('undo', `Undo${history.past.length ? `: ${history.past.at(-1)?.label}` : ''}`, 'Ctrl+Z', actions.undo, { disabled: history.past.length === 0 })}
      ${tool('redo', `Redo${history.future.length ? `: ${history.future[0]?.label}` : ''}`, 'Ctrl+Shift+Z', actions.redo, { disabled: history.future.length === 0 })}
      ${tool('eye', 'Show characters without a shape', keys.reveal, actions.reveal, { pressed: shown.reveal })}
      ${tool('file', 'Show doses and units', keys.doses, actions.doses, { pressed: shown.doses })}
      ${tool('book', 'Guideline', keys.guideline, actions.guideline, { pressed: shown.drawer })}
      ${tool('help', 'Keys', keys.help, actions.help)}
      <button class="btn plain small" type="button" title="Ask the lead (${keys.ask})" @click=${actions.ask}>Ask</button>
      <button class="btn plain small" type="button" @click=${actions.release}>Give back</button>
    </div>
  </div>`;
}
