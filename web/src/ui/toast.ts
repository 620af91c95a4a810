import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { icon } from './icon';
import { Light } from './light';

interface Message {
  id: number;
  text: string;
}

let box: Toasts | null = null;

/** Says something once, on screen and to screen readers; never the only place where it is said. */
export function toast(text: string): void {
  box?.show(text);
}

@customElement('he-toasts')
export class Toasts extends Light {
  @state() private messages: Message[] = [];
  private count = 0;
  /** Where the focus was before it came here. */
  private from: HTMLElement | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    box = this;
  }

  show(text: string): void {
    const message = { id: ++this.count, text };
    this.messages = [message];
    setTimeout(() => this.drop(message.id), 5000);
  }

  private drop(id: number): void {
    const focused = this.contains(document.activeElement);
    this.messages = this.messages.filter(message => message.id !== id);
    if (focused && this.messages.length === 0) this.from?.focus();
  }

  private entered(from: EventTarget | null): void {
    if (from instanceof HTMLElement && !this.contains(from)) this.from = from;
  }

  protected override render(): TemplateResult {
    return html`<div class="toasts" role="status" aria-live="polite" @focusin=${(event: FocusEvent) => this.entered(event.relatedTarget)}>
      ${this.messages.map(message => html`<div class="toast"><span>${message.text}</span>
        <button type="button" aria-label="Dismiss" @click=${() => this.drop(message.id)}>${icon('cross')}</button></div>`)}
    </div>`;
  }
}
