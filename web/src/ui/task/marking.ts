import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { emptyClaim, emptySpan, removeAt, replaceAt } from '../../logic/form';
import type { Span } from '../../logic/judgement';
import type { TaskSession } from '../../task/session';
import type { Picked } from '../reading/response-view';
import { toast } from '../toast';
import type { SpanEdit } from './span-editor';

/** The panel of one mark: opened by a selection, by an entry of the list or by a mark in the text. */
export class Marking implements ReactiveController {
  edit: SpanEdit | null = null;

  constructor(private readonly host: ReactiveControllerHost & HTMLElement) {
    host.addController(this);
  }

  hostUpdate(): void {}

  pick({ response, start, end, quote, near }: Picked): void {
    this.open({ ...emptySpan(response), start, end, quote }, null, near);
  }

  omission(response: string, near: DOMRect): void {
    this.open({ ...emptySpan(response), kind: 'unsafe_reasoning', code: '' }, null, near);
  }

  existing(session: TaskSession, index: number, near: DOMRect | null): void {
    const span = session.judgement.spans[index];
    if (span) this.open(span, index, near);
  }

  save(session: TaskSession, { span, index }: SpanEdit): void {
    const limit = session.guideline.spanLimit || 15;
    if (index === null && session.judgement.spans.length >= limit) return toast(`No more marks: the guideline allows ${limit} a task. Delete one first.`);
    session.update(index === null ? `Add ${span.code}` : `Edit ${span.code}`, judgement => ({ ...judgement, spans: index === null ? [...judgement.spans, span] : replaceAt(judgement.spans, index, span) }));
    session.said = index === null ? `Added ${span.code}` : `Changed ${span.code}`;
    this.close();
  }

  remove(session: TaskSession, index: number | null): void {
    if (index !== null) session.update('Delete mark', judgement => ({ ...judgement, spans: removeAt(judgement.spans, index) }));
    this.close();
  }

  /** The selection becomes a claim instead; answers the field to go on with. */
  claim(session: TaskSession, { response, start, end, quote }: Span): string {
    const index = session.judgement.claims.length;
    session.update('Add claim', judgement => ({ ...judgement, claims: [...judgement.claims, { ...emptyClaim(response), start, end, quote }] }));
    this.edit = null;
    document.getSelection()?.removeAllRanges();
    this.host.requestUpdate();
    return `judgement.claims[${index}].type`;
  }

  /** Closes the panel and puts the focus back to where it was opened from. */
  close(): void {
    const edit = this.edit;
    this.edit = null;
    document.getSelection()?.removeAllRanges();
    this.host.requestUpdate();
    if (!edit) return;
    const back = edit.index !== null ? `#spans-${edit.index}` : edit.span.start === null ? '' : `#answer-${edit.span.response}`;
    void this.host.updateComplete.then(() => back && this.host.querySelector<HTMLElement>(back)?.focus({ preventScroll: true }));
  }

  reset(): void {
    this.edit = null;
  }

  private open(span: Span, index: number | null, near: DOMRect | null): void {
    this.edit = { span, index, near };
    this.host.requestUpdate();
  }
}
