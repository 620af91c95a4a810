import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { icon } from './icon';
import { Light } from './light';

/** A modal box: draws `body` and `foot` with the caller's latest state; Escape and the cross close it. */
@customElement('he-dialog')
export class Dialog extends Light {
  @property() heading = '';
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) body: TemplateResult | null = null;
  @property({ attribute: false }) foot: TemplateResult | null = null;
  @property() kind = '';
  @query('dialog') private box!: HTMLDialogElement;

  protected override updated(): void {
    if (this.open && !this.box.open) this.box.showModal();
    if (!this.open && this.box.open) this.box.close();
  }

  private closed(): void {
    this.open = false;
    this.dispatchEvent(new CustomEvent('closed'));
  }

  protected override render(): TemplateResult {
    return html`<dialog class=${this.kind || nothing} aria-label=${this.heading} @close=${() => this.closed()}>
      ${this.open
        ? html`<div class="dialog-head">
              <h2>${this.heading}</h2>
              <button class="btn plain icon small" type="button" aria-label="Close" @click=${() => this.box.close()}>${icon('cross')}</button>
            </div>
            <div class="dialog-body">${this.body}</div>
            ${this.foot ? html`<div class="dialog-foot">${this.foot}</div>` : nothing}`
        : nothing}
    </dialog>`;
  }
}

export interface DialogParts {
  heading: string;
  open: boolean;
  body: TemplateResult;
  foot?: TemplateResult;
  kind?: string;
  onClose: () => void;
}

export function dialog(parts: DialogParts): TemplateResult {
  return html`<he-dialog .heading=${parts.heading} .open=${parts.open} .body=${parts.body} .foot=${parts.foot ?? null} .kind=${parts.kind ?? ''} @closed=${parts.onClose}></he-dialog>`;
}
