import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TaskResponse } from '../../api/tasks';
import { codePoints, type CodePoints } from '../../logic/code-points';
import { selected, type Cursor } from '../../logic/cursor';
import { leavesOf } from '../../logic/leaves';
import type { Mark } from '../../logic/paint';
import { stretchOf, trimmed, type Stretch } from '../../logic/selection';
import { Light } from '../light';
import { enter, steer, Walk } from './keyboard';
import { nodes } from './nodes';

export interface Picked extends Stretch {
  response: string;
  quote: string;
  /** Where on the screen, for the panel that opens beside it. */
  near: DOMRect | null;
  byKeyboard: boolean;
}

/** One blinded answer: read it, select in it with the mouse, or walk through it with the keyboard. */
@customElement('he-response')
export class ResponseView extends Light {
  @property({ attribute: false }) response!: TaskResponse;
  @property({ attribute: false }) marks: Mark[] = [];
  @property({ type: Boolean }) reveal = false;
  @property() language = 'en';
  @state() private cursor: Cursor | null = null;
  @state() private spoken = '';

  /** Marking ends when one goes elsewhere, but not to the panel of the mark. */
  private readonly onFocus = (event: FocusEvent) => {
    const target = event.target as HTMLElement;
    if (this.cursor && target !== this.body && !target.closest?.('.span-editor')) this.cursor = null;
  };

  private source: CodePoints = codePoints('');
  private walk = new Walk([], 'en', 0);

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('focusin', this.onFocus);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('focusin', this.onFocus);
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

  private pick(stretch: Stretch, byKeyboard: boolean, near: DOMRect | null): void {
    const detail: Picked = { ...stretch, response: this.response.key, quote: this.source.slice(stretch.start, stretch.end), near, byKeyboard };
    this.dispatchEvent(new CustomEvent<Picked>('picked', { detail, bubbles: true }));
  }

  /** A selection made by mouse or finger becomes an offer to mark it. */
  private released(): void {
    setTimeout(() => {
      const selection = document.getSelection();
      if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
      const range = selection.getRangeAt(0);
      if (!this.body.contains(range.commonAncestorContainer) && !range.intersectsNode(this.body)) return;
      const stretch = stretchOf(this.body, range);
      const clean = stretch && trimmed(this.response.text, stretch);
      if (clean) this.pick(clean, false, range.getBoundingClientRect());
    });
  }

  private clicked(event: MouseEvent): void {
    if (document.getSelection()?.isCollapsed === false) return;
    const mark = (event.target as HTMLElement).closest<HTMLElement>('[data-mark]');
    if (mark?.dataset['mark'] && mark.dataset['mark'] !== 'cursor') this.dispatchEvent(new CustomEvent('mark-clicked', { detail: mark.dataset['mark'], bubbles: true }));
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.body) return;
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
    } else if (outcome === 'choose') this.pick(selected(this.cursor), true, this.querySelector('.m-cursor')?.getBoundingClientRect() ?? null);
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
      <div class="answer prose ${this.cursor ? 'marking' : ''}" id="answer-${key}" tabindex="0" role="region" aria-label="Response ${key}, text"
        aria-describedby="marking-help" lang=${this.language || nothing}
        @pointerup=${() => this.released()} @keyup=${(event: KeyboardEvent) => (event.shiftKey && !this.cursor ? this.released() : undefined)}
        @click=${(event: MouseEvent) => this.clicked(event)} @keydown=${(event: KeyboardEvent) => this.key(event)}>
        ${text.trim() === '' ? html`<p class="blank">(empty answer)</p>` : nodes(this.response.view, drawing)}
      </div>
      ${this.cursor ? html`<p class="marking-bar"><strong>Marking by keyboard</strong> <kbd>←</kbd> <kbd>→</kbd> word <kbd>↑</kbd> <kbd>↓</kbd> sentence <kbd>PgUp</kbd> <kbd>PgDn</kbd> paragraph · with <kbd>Shift</kbd> extend · <kbd>Enter</kbd> mark · <kbd>Esc</kbd> leave</p>` : nothing}
      <span class="sr" aria-live="polite">${this.spoken}</span>`;
  }
}
