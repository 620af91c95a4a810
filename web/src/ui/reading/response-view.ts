import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TaskResponse } from '../../api/tasks';
import { codePoints, type CodePoints } from '../../logic/code-points';
import { selected, type Cursor } from '../../logic/cursor';
import { leavesOf } from '../../logic/leaves';
import type { Mark } from '../../logic/paint';
import { stretchOf, trimmed, type Stretch } from '../../logic/selection';
import { icon } from '../icon';
import { Light } from '../light';
import { enter, steer, Walk } from './keyboard';
import { nodes } from './nodes';

export interface Picked extends Stretch {
  response: string;
  quote: string;
  /** Where on the screen, for the panel that opens beside it. */
  near: DOMRect | null;
}

/** One blinded answer: read it, select in it with the mouse, or walk through it with the keyboard. */
@customElement('he-response')
export class ResponseView extends Light {
  @property({ attribute: false }) response!: TaskResponse;
  @property({ attribute: false }) marks: Mark[] = [];
  @property({ type: Boolean }) reveal = false;
  @property() language = 'en';
  /** To be read only: nothing can be marked. */
  @property({ type: Boolean }) fixed = false;
  @state() private cursor: Cursor | null = null;
  @state() private spoken = '';
  /** What is selected by finger: there is no end of the gesture to wait for, so a button waits for the person. */
  @state() private offer: Stretch | null = null;

  /** Marking ends when one goes elsewhere, but not to the panel of the mark. */
  private readonly onFocus = (event: FocusEvent) => {
    const target = event.target as HTMLElement;
    if (this.cursor && target !== this.body && !target.closest?.('.span-editor')) this.cursor = null;
  };

  private readonly onSelection = () => {
    this.offer = this.selection()?.stretch ?? null;
  };

  private source: CodePoints = codePoints('');
  private walk = new Walk([], 'en', 0);

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('focusin', this.onFocus);
    if (!this.fixed && matchMedia('(pointer: coarse)').matches) document.addEventListener('selectionchange', this.onSelection);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('focusin', this.onFocus);
    document.removeEventListener('selectionchange', this.onSelection);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('response')) return;
    this.source = codePoints(this.response.text);
    this.walk = new Walk(leavesOf(this.response.view, this.source), this.language, this.source.length);
    this.cursor = null;
  }

  private get body(): HTMLElement {
    return this.querySelector<HTMLElement>('.answer')!;
  }

  private pick(stretch: Stretch, near: DOMRect | null): void {
    this.offer = null;
    const detail: Picked = { ...stretch, response: this.response.key, quote: this.source.slice(stretch.start, stretch.end), near };
    this.dispatchEvent(new CustomEvent<Picked>('picked', { detail, bubbles: true }));
  }

  /** What the browser has selected in this response, without blanks at its ends. */
  private selection(): { stretch: Stretch; near: DOMRect } | null {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.body)) return null;
    const stretch = stretchOf(this.body, range);
    const clean = stretch && trimmed(this.response.text, stretch);
    return clean && { stretch: clean, near: range.getBoundingClientRect() };
  }

  /** The end of a selection by mouse, wherever the button is let go, opens the panel beside it. */
  private released(event: PointerEvent): void {
    if (this.fixed || event.pointerType !== 'mouse') return;
    setTimeout(() => {
      const found = this.selection();
      if (found) this.pick(found.stretch, found.near);
    });
  }

  private clicked(event: MouseEvent): void {
    if (document.getSelection()?.isCollapsed === false) return;
    const mark = (event.target as HTMLElement).closest<HTMLElement>('[data-mark]');
    if (mark?.dataset['mark'] && !['cursor', 'spot'].includes(mark.dataset['mark'])) this.dispatchEvent(new CustomEvent('mark-clicked', { detail: mark.dataset['mark'], bubbles: true }));
  }

  private key(event: KeyboardEvent): void {
    if (this.fixed || event.target !== this.body) return;
    if (!this.cursor) {
      if (event.key.toLowerCase() !== 'm' && event.key !== 'Enter') return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.cursor = enter(this.walk);
      this.say(this.cursor ? 'Marking. ' : 'There is nothing to mark. ');
      return;
    }
    const outcome = steer(event, this.cursor, this.walk);
    if (outcome === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (outcome === 'leave') {
      this.cursor = null;
      this.spoken = 'Marking ended.';
    } else if (outcome === 'choose') this.pick(selected(this.cursor), this.querySelector('.m-cursor')?.getBoundingClientRect() ?? null);
    else {
      this.cursor = outcome;
      this.say('');
    }
  }

  private say(before: string): void {
    if (!this.cursor) return;
    const { start, end } = selected(this.cursor);
    this.spoken = before + this.source.slice(start, end);
    void this.updateComplete.then(() => this.querySelector('.m-cursor')?.scrollIntoView({ block: 'nearest' }));
  }

  protected override render(): TemplateResult {
    const { key, text } = this.response;
    const cursor: Mark[] = this.cursor ? [{ id: 'cursor', ...selected(this.cursor), kind: 'cursor', label: '' }] : [];
    const drawing = { source: this.source, marks: [...this.marks, ...cursor], reveal: this.reveal };
    return html`
      ${this.response.reasoning ? html`<details class="reasoning"><summary>What the model thought before it answered (not part of the answer)</summary>
        <div class="prose" lang=${this.language || nothing} tabindex="0" role="region" aria-label="Response ${key}, reasoning">${this.response.reasoning}</div></details>` : nothing}
      <div class="answer prose ${this.cursor ? 'marking' : ''}" id="answer-${key}" tabindex="0" role="region" aria-label="Response ${key}, text"
        aria-describedby=${this.fixed ? nothing : 'marking-help'} lang=${this.language || nothing}
        @pointerdown=${() => addEventListener('pointerup', event => this.released(event), { once: true })}
        @click=${(event: MouseEvent) => this.clicked(event)} @keydown=${(event: KeyboardEvent) => this.key(event)}>
        ${text.trim() === '' ? html`<p class="blank">(empty answer)</p>` : nodes(this.response.view, drawing)}
      </div>
      ${this.cursor ? html`<p class="marking-bar"><strong>Marking by keyboard</strong> <kbd>←</kbd> <kbd>→</kbd> word
        <kbd>↑</kbd> <kbd>↓</kbd> sentence <kbd>PgUp</kbd> <kbd>PgDn</kbd> paragraph · with <kbd>Shift</kbd> extend ·
        <kbd>Enter</kbd> mark · <kbd>Esc</kbd> leave</p>` : nothing}
      ${this.offer ? html`<button class="btn primary offer" type="button" @click=${() => this.offer && this.pick(this.offer, null)}>${icon('pen')} Mark the selected text</button>` : nothing}
      <span class="sr" aria-live="polite">${this.spoken}</span>`;
  }
}
