import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { emptyClaim, emptySpan, removeAt, replaceAt } from '../../logic/form';
import { isWhole, saysSomething } from '../../logic/mark';
import type { Span } from '../../logic/judgement';
import type { PendingMark, TaskSession } from '../../task/session';
import type { Picked } from '../reading/response-view';
import { toast } from '../toast';
import type { SpanEdit } from './span-editor';

/** What is needed of a task, or of a correction, to mark in it. */
type Marked = Pick<TaskSession, 'judgement' | 'guideline' | 'keys' | 'update' | 'keepMark'>;

/** The panel of one mark: opened by a selection, by an entry of the list or by a mark in the text. What is typed in it is never dropped unasked. */
export class Marking implements ReactiveController {
  edit: SpanEdit | null = null;
  private now: Span | null = null;

  constructor(private readonly host: ReactiveControllerHost & HTMLElement, private readonly session: () => Marked | null | undefined) {
    host.addController(this);
  }

  hostUpdate(): void {}

  /** The stretch of text that the open panel is about, for it to stay in sight. */
  get pending(): Span | null {
    return this.edit?.index === null ? this.edit.span : null;
  }

  pick({ response, start, end, quote, near }: Picked): void {
    this.open({ ...emptySpan(response), start, end, quote }, null, near);
  }

  omission(response: string, near: DOMRect): void {
    this.open({ ...emptySpan(response), kind: 'unsafe_reasoning', code: '' }, null, near);
  }

  existing(session: Marked, index: number, near: DOMRect | null): void {
    const span = session.judgement.spans[index];
    if (span) this.open(span, index, near);
  }

  /** What the panel says now. */
  typed(span: Span): void {
    this.now = span;
    this.session()?.keepMark(this.unfinished ? { span, index: this.edit?.index ?? null } : null);
  }

  get unfinished(): boolean {
    return this.edit !== null && this.now !== null && saysSomething(this.now, this.edit.span);
  }

  /** After a reload: the panel with what was in it. */
  restore(mark: PendingMark | null): void {
    if (!mark) return;
    const { span, index } = mark;
    this.show({ span: index === null ? { ...span, comment: null, suggestion: null, missingText: null } : (this.session()?.judgement.spans[index] ?? span), index, near: null, begun: span });
  }

  save(session: Marked, { span, index }: PendingMark): void {
    if (this.record(session, span, index)) this.leave();
  }

  remove(session: Marked, index: number | null): void {
    if (index !== null) session.update('Delete mark', judgement => ({ ...judgement, spans: removeAt(judgement.spans, index) }));
    this.leave(index === null ? null : index);
  }

  /** The selection becomes a claim instead, with the words written so far; answers the field to go on with. */
  claim(session: Marked, span: Span): string {
    const { response, start, end, quote } = span;
    const index = session.judgement.claims.length;
    const correction = [span.suggestion, span.comment].filter(Boolean).join('\n') || null;
    session.update('Add claim', judgement => ({ ...judgement, claims: [...judgement.claims, { ...emptyClaim(response), start, end, quote, correction }] }));
    this.reset();
    document.getSelection()?.removeAllRanges();
    return `judgement.claims[${index}].type`;
  }

  /** Closes the panel; with something typed in it, asks first. */
  close(): void {
    if (this.unfinished) this.ask('close');
    else this.leave();
  }

  /** Answers the question: what was typed is to go. */
  drop(): void {
    const next = this.edit?.asks;
    if (next && next !== 'close') this.show(next);
    else this.leave();
  }

  goOn(): void {
    if (this.edit) this.edit = { ...this.edit, asks: undefined };
    this.host.requestUpdate();
  }

  reset(): void {
    this.edit = this.now = null;
    this.session()?.keepMark(null);
    this.host.requestUpdate();
  }

  private open(span: Span, index: number | null, near: DOMRect | null): void {
    const next: SpanEdit = { span, index, near };
    const session = this.session();
    if (!this.unfinished || !session || !this.edit || !this.now) return this.show(next);
    // What is whole becomes a mark of its own, which undo takes back; what is not is asked about.
    if (!isWhole(this.now)) return this.ask(next);
    if (!this.record(session, this.now, this.edit.index)) return;
    toast(`${this.edit.index === null ? 'Added' : 'Changed'} ${this.now.code}. Undo takes it back.`);
    this.show(next);
  }

  private ask(next: SpanEdit | 'close'): void {
    if (this.edit) this.edit = { ...this.edit, asks: next };
    document.getSelection()?.removeAllRanges();
    this.host.requestUpdate();
  }

  private show(edit: SpanEdit): void {
    this.edit = edit;
    this.now = edit.begun ?? edit.span;
    if (!edit.begun) this.session()?.keepMark(null);
    this.host.requestUpdate();
  }

  private record(session: Marked, span: Span, index: number | null): boolean {
    const limit = (session.guideline.spanLimit || 15) * session.keys.length;
    if (index === null && session.judgement.spans.length >= limit) {
      toast(`No more marks: the guideline allows ${limit} here. Delete one first.`);
      return false;
    }
    const clean = span.kind === 'strength' ? { ...span, severity: null, suggestion: null } : span;
    session.update(index === null ? `Add ${span.code}` : `Edit ${span.code}`, judgement => ({ ...judgement, spans: index === null ? [...judgement.spans, clean] : replaceAt(judgement.spans, index, clean) }));
    return true;
  }

  /** Takes the panel away and puts the focus back to where it was opened from. */
  private leave(deleted: number | null = null): void {
    const edit = this.edit;
    this.reset();
    document.getSelection()?.removeAllRanges();
    if (!edit) return;
    const { response } = edit.span;
    const back = deleted !== null ? [`#spans-${deleted}`, `#spans-${deleted - 1}`, `#omit-${response}`]
      : edit.index !== null ? [`#spans-${edit.index}`] : edit.span.start === null ? [`#omit-${response}`] : [`#answer-${response}`];
    void this.host.updateComplete.then(() => back.map(at => this.host.querySelector<HTMLElement>(at)).find(found => found)?.focus({ preventScroll: true }));
  }
}
