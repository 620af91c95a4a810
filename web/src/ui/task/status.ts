import { html, nothing, type TemplateResult } from 'lit';
import type { DraftStatus } from '../../logic/draft-queue';
import { readable } from '../../logic/readable';
import { clock, duration, when } from '../../logic/time';
import type { TaskSession } from '../../task/session';
import { icon, type IconName } from '../icon';
import { note } from '../pieces';
import { toast } from '../toast';

const shape: Record<DraftStatus['kind'], [IconName, string]> = {
  untouched: ['cloud', ''], waiting: ['cloud', ''], saving: ['cloud', ''], saved: ['check', 'good'], offline: ['offline', 'warn'], newer_elsewhere: ['warn', 'warn'], lease_gone: ['warn', 'bad'], refused: ['warn', 'bad'],
};

function words(status: DraftStatus): string {
  switch (status.kind) {
    case 'untouched': return 'Nothing written yet';
    case 'waiting': return 'Not saved yet';
    case 'saving': return 'Saving …';
    case 'saved': return `Saved on server ${clock(status.at)}`;
    case 'offline': return status.kept ? 'Offline – kept on this device' : 'Offline – and this device refuses to keep a copy';
    case 'newer_elsewhere': return 'A newer draft exists elsewhere';
    case 'lease_gone': return 'Not saved – the task is no longer yours';
    case 'refused': return 'Not saved – the server refused it';
  }
}

/** What the server has acknowledged, in a few words that are always in sight. */
export function draftStatus(session: TaskSession): TemplateResult {
  const status = session.queue.status;
  const [symbol, tone] = shape[status.kind];
  return html`<p class="draft-status ${tone}" data-draft=${status.kind}>${icon(symbol)}<span>${words(status)}</span></p>`;
}

/** What has been counted so far: at work here, and reading sources in tabs of their own. */
export function timeSpent(session: TaskSession): TemplateResult {
  const checking = session.checkingSeconds;
  return html`<p class="time-spent">${icon('clock')}<span>${duration(session.activeSeconds)}${checking > 0 ? ` + ${duration(checking)} checking sources` : ''}${session.checking ? ' (running)' : ''}</span></p>`;
}

/** Spoken only when it matters: routine saving is not read out. */
export function spokenStatus(session: TaskSession): string {
  const { kind } = session.queue.status;
  return ['offline', 'newer_elsewhere', 'lease_gone', 'refused'].includes(kind) ? words(session.queue.status) : '';
}

export interface TroubleActions {
  compare: () => void;
  reclaim: () => void;
  next: () => void;
  retry: () => void;
}

async function copy(session: TaskSession): Promise<void> {
  await navigator.clipboard.writeText(readable(session.judgement, session.guideline));
  toast('Copied.');
}

/** What is wrong with draft or lease, and what can be done about it. */
export function trouble(session: TaskSession, actions: TroubleActions): TemplateResult | typeof nothing {
  const draft = session.queue.status;
  const lease = session.heartbeat.status;
  if (session.doneElsewhere)
    return note(html`<strong>You handed this task in, or gave it back, in another tab.</strong><div class="row"><button class="btn primary small" type="button" @click=${actions.next}>Next task</button></div>`, 'info', 'alert');
  if (lease.kind === 'lost' || draft.kind === 'lease_gone') {
    const detail = lease.kind === 'lost' ? lease.detail : draft.kind === 'lease_gone' ? draft.detail : '';
    return note(html`<strong>This task is no longer reserved for you.</strong><span>${detail} What you wrote is kept on this device. If nobody else has taken the task, you can have it back.</span>
      <div class="row"><button class="btn primary small" type="button" @click=${actions.reclaim}>Get it back</button>
        <button class="btn small" type="button" @click=${() => void copy(session)}>Copy what I wrote</button>
        <button class="btn small" type="button" @click=${actions.next}>Leave it, next task</button></div>`, 'bad', 'alert');
  }
  if (draft.kind === 'newer_elsewhere')
    return note(html`<strong>A newer draft of this task was saved in another tab or on another device at ${when(draft.current.savedAt)}.</strong>
      <span>Nothing more is saved from here until you choose.</span>
      <div class="row"><button class="btn primary small" type="button" @click=${actions.compare}>Show the differences</button></div>`, 'warn', 'alert');
  if (draft.kind === 'refused')
    return note(html`<strong>The server does not accept this draft.</strong><span>${draft.detail} It is kept on this device; change what it names and it is sent again.</span>`, 'bad', 'alert');
  if (draft.kind === 'offline')
    return note(html`<strong>The server cannot be reached.</strong><span>Go on working: ${draft.kept ? 'everything is kept on this device and sent as soon as the server answers.' : 'but do not close this page, because this device refuses to keep a copy.'}</span>
      <div class="row"><button class="btn small" type="button" @click=${actions.retry}>Try now</button></div>`, 'warn', 'status');
  if (lease.kind === 'unsure' && new Date(lease.until) < new Date())
    return note(html`<span>The reservation of this task could not be renewed and ended at ${when(lease.until)}. It is renewed when the server answers, unless somebody has taken the task.</span>`, 'warn', 'status');
  return nothing;
}
