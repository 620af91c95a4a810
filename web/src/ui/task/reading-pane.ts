import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { dosesIn } from '../../logic/doses';
import type { Mark } from '../../logic/paint';
import type { TaskResponse } from '../../api/tasks';
import type { TaskSession } from '../../task/session';
import { conversation } from '../reading/conversation';
import { marksOf } from '../reading/marks';
import { icon } from '../icon';
import '../reading/response-view';
import './pins';
import { scrollTogether } from './scroll-together';

export interface ReadingState {
  active: string;
  columns: boolean;
  /** Side by side, each in a box of its own that scrolls with the others. */
  together: boolean;
  reveal: boolean;
  /** Doses and units are shown. */
  doses: boolean;
  /** What is looked at just now: the text of an open panel, or the unit of the claim pass. */
  spot: (Pick<Mark, 'start' | 'end' | 'kind'> & { response: string }) | null;
  show: (response: string) => void;
  setColumns: (columns: boolean) => void;
  setTogether: (together: boolean) => void;
  differences: () => void;
}

/** Scrolling does not bubble: it is heard on its way down. */
const together = { handleEvent: scrollTogether, capture: true };

/** The conversation and the blinded answers: one at a time, or side by side. */
export function readingPane(session: TaskSession, state: ReadingState): TemplateResult {
  const several = session.keys.length > 1;
  const columns = several && state.columns;
  return html`<he-pins .session=${session}></he-pins>${conversation(session.task, state.reveal)}
    <div class="responses ${columns ? 'columns' : ''} ${columns && state.together ? 'together' : ''}" @scroll=${together}>
      ${several ? html`<div class="row response-switch">
        ${columns ? nothing : html`<div class="segmented" role="group" aria-label="Response shown">${session.keys.map(key => html`<button type="button" aria-pressed=${state.active === key} @click=${() => state.show(key)}>Response ${key}</button>`)}</div>`}
        <button class="btn plain small push" type="button" @click=${state.differences}>Differences</button>
        ${columns ? html`<button class="btn plain small" type="button" aria-pressed=${state.together} @click=${() => state.setTogether(!state.together)}>Scroll together</button>` : nothing}
        <button class="btn plain small" type="button" aria-pressed=${columns} @click=${() => state.setColumns(!columns)}>${icon('columns')} ${columns ? 'One at a time' : 'Side by side'}</button></div>` : nothing}
      ${session.task.item.responses.map(response => html`<section class="response" ?hidden=${several && !columns && response.key !== state.active} aria-labelledby="response-${response.key}-title">
        <h2 id="response-${response.key}-title">${several ? html`<span class="response-key">${response.key}</span> Response ${response.key}` : 'Response'}</h2>
        <he-response .response=${response} .marks=${guard([session.judgement.spans, session.judgement.claims, response, state.doses, state.spot?.response === response.key ? state.spot : null], () => marksFor(session, response, state))} .reveal=${state.reveal} .language=${session.task.item.language ?? 'en'}></he-response>
      </section>`)}
    </div>
    <p class="sr" id="marking-help">Press M to mark text by keyboard.</p>`;
}

function marksFor(session: TaskSession, response: TaskResponse, { spot, doses }: ReadingState): Mark[] {
  const marks = [...(doses ? dosesIn(response.text) : []), ...marksOf(session.judgement, response.key)];
  return spot?.response === response.key ? [...marks, { id: 'spot', start: spot.start, end: spot.end, kind: spot.kind, label: '' }] : marks;
}
