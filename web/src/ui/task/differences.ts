import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TaskResponse } from '../../api/tasks';
import { wordDiff } from '../../logic/word-diff';
import { dialog } from '../dialog';
import { selectField } from '../field';
import { Light } from '../light';

/** Two answers word by word: what only the first says, and what only the second. Fires `close`. */
@customElement('he-differences')
export class Differences extends Light {
  @property({ attribute: false }) responses: TaskResponse[] = [];
  @property() first = 'A';
  @property() second = 'B';

  private pick(label: string, which: 'first' | 'second'): TemplateResult {
    const choices = this.responses.map(({ key }) => ({ key, name: `Response ${key}` }));
    return selectField({ id: `differences-${which}`, label, value: this[which], choices, onInput: key => (this[which] = key) });
  }

  /** By the box's own way, which puts the focus back to where it was. */
  private leave(): void {
    this.querySelector('dialog')?.close();
  }

  protected override render(): TemplateResult {
    const text = (key: string) => this.responses.find(response => response.key === key)?.text ?? '';
    const pieces = wordDiff(text(this.first), text(this.second));
    return html`${dialog({
      heading: 'Differences, word by word',
      open: true,
      onClose: () => this.dispatchEvent(new CustomEvent('close')),
      body: html`<div class="grid2">${this.pick('Struck out: only in', 'first')}${this.pick('Underlined: only in', 'second')}</div>
        <div class="differences prose" dir="auto" tabindex="0" role="region" aria-label="Differences">${pieces.map(piece =>
          piece.kind === 'out' ? html`<del>${piece.text}</del>` : piece.kind === 'in' ? html`<ins>${piece.text}</ins>` : piece.text)}</div>`,
      foot: html`<button class="btn primary" type="button" @click=${() => this.leave()}>Close</button>`,
    })}`;
  }
}
