import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { sayError } from '../../api/problem';
import type { TaskSession } from '../../task/session';
import { dialog } from '../dialog';
import { areaField } from '../field';
import { Light } from '../light';
import { note } from '../pieces';
import { toast } from '../toast';

export interface Passage {
  response: string;
  start: number;
  end: number;
  quote: string;
}

/** A question to the leads, pinned to a passage or to the task. What is written stays until it is sent. Fires `close`. */
@customElement('he-ask')
export class Ask extends Light {
  @property({ attribute: false }) session!: TaskSession;
  @property({ attribute: false }) passage: Passage | null = null;
  @state() private text = '';
  @state() private pinned = true;
  @state() private error = '';
  @state() private busy = false;
  /** One id for one question, however often it is sent. */
  private readonly questionId = crypto.randomUUID();

  override connectedCallback(): void {
    super.connectedCallback();
    this.text = this.session.question;
  }

  protected override firstUpdated(): void {
    requestAnimationFrame(() => this.querySelector<HTMLElement>('#ask-text')?.focus());
  }

  private write(text: string): void {
    this.text = this.session.question = text;
  }

  private async send(): Promise<void> {
    const { projectId, taskId } = this.session.task;
    const where = this.passage && this.pinned ? { response: this.passage.response, start: this.passage.start, end: this.passage.end } : {};
    this.busy = true;
    this.error = '';
    try {
      await api.ask(projectId, this.questionId, { taskId, text: this.text.trim(), ...where });
      this.session.question = '';
      toast('Asked. The answer will stand in the guideline panel and on your home page.');
      this.leave();
    } catch (error) {
      this.error = sayError(error);
    } finally {
      this.busy = false;
    }
  }

  /** By the box's own way, which puts the focus back to where it was. */
  private leave(): void {
    this.querySelector('dialog')?.close();
  }

  protected override render(): TemplateResult {
    const { passage } = this;
    return html`${dialog({
      heading: 'Ask the lead',
      open: true,
      onClose: () => this.dispatchEvent(new CustomEvent('close')),
      body: html`<div class="stack"><p class="quiet">One answer, for everybody who judges under this guideline where it helps others. Go on with the task; you can hand in without waiting.</p>
        ${passage ? html`<blockquote class="picked" dir="auto">${passage.quote}</blockquote><label class="check" for="ask-pinned"><input id="ask-pinned" type="checkbox" .checked=${this.pinned}
          @change=${(event: Event) => (this.pinned = (event.target as HTMLInputElement).checked)} /><span>About this passage of response ${passage.response}</span></label>` : nothing}
        ${areaField({ id: 'ask-text', label: 'Your question', rows: 4, value: this.text, onInput: text => this.write(text) })}
        ${this.error ? note(this.error, 'bad', 'alert') : nothing}</div>`,
      foot: html`<button class="btn" type="button" @click=${() => this.leave()}>Later</button>
        <button class="btn primary" type="button" ?disabled=${this.busy || this.text.trim() === ''} @click=${() => void this.send()}>Ask</button>`,
    })}`;
  }
}
