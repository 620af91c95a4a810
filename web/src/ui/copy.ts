import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon } from './icon';
import { Light } from './light';
import { toast } from './toast';

/** A button that puts `text` on the clipboard and says so where it stands, since a message elsewhere may lie behind a dialog. */
@customElement('he-copy')
export class Copy extends Light {
  @property() text = '';
  @property() what = '';
  @property() label = '';
  @state() private done = false;

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text);
      this.done = true;
      setTimeout(() => (this.done = false), 2500);
    } catch {
      toast(`The browser does not allow copying here. Select the ${this.what} and copy it by hand.`);
    }
  }

  protected override render(): TemplateResult {
    const name = this.done ? `Copied the ${this.what}` : `Copy the ${this.what}`;
    return html`<button class="btn ${this.label ? '' : 'plain icon'} small" type="button" aria-label=${this.label ? nothing : name} title=${name} @click=${() => this.copy()}>
      ${icon(this.done ? 'check' : 'copy')}${this.label && (this.done ? 'Copied' : this.label)}</button>`;
  }
}

export function copyButton(text: string, what: string, label = ''): TemplateResult {
  return html`<he-copy .text=${text} .what=${what} .label=${label}></he-copy>`;
}

/** The beginning of a hash, with the whole of it one press away. */
export function shortHash(hash: string, what = 'SHA-256'): TemplateResult {
  return html`<span class="hash"><code title=${hash}>${hash.slice(0, 10)}…</code>${copyButton(hash, what)}</span>`;
}
