import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api } from '../api';
import { readable } from '../logic/readable';
import { when } from '../logic/time';
import { outboxOf } from '../task/my-outbox';
import type { Outbox, Waiting } from '../task/outbox';
import { Light } from './light';
import { note } from './pieces';
import { toast } from './toast';

/** Says what waits on this device to be handed in, on every page, and sends it as soon as the server answers. */
@customElement('he-outbox')
export class OutboxStrip extends Light {
  @property() personId = '';
  private box: Outbox | null = null;

  private readonly onChange = () => this.requestUpdate();
  private readonly onOnline = () => void this.box?.flush();
  private readonly onStorage = () => this.requestUpdate();
  private readonly onSent = (event: Event) => toast(`Handed in: the judgement that waited on this device (${(event as CustomEvent<Waiting>).detail.projectName}).`);

  override connectedCallback(): void {
    super.connectedCallback();
    this.box = outboxOf(this.personId);
    this.box.addEventListener('change', this.onChange);
    this.box.addEventListener('sent', this.onSent);
    addEventListener('online', this.onOnline);
    addEventListener('storage', this.onStorage);
    void this.box.flush();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.box?.removeEventListener('change', this.onChange);
    this.box?.removeEventListener('sent', this.onSent);
    removeEventListener('online', this.onOnline);
    removeEventListener('storage', this.onStorage);
    this.box?.stop();
  }

  private async copy(entry: Waiting): Promise<void> {
    try {
      const guideline = await api.guideline(entry.guideline.id, entry.guideline.version);
      await navigator.clipboard.writeText(readable(entry.judgement, guideline));
      toast('Copied.');
    } catch {
      toast('Not copied: the guideline cannot be fetched, or the browser does not allow it here. Try again when the server can be reached.');
    }
  }

  private refused(entry: Waiting): TemplateResult {
    return note(html`<strong>Not handed in: a judgement of ${entry.projectName}, written ${when(entry.queuedAt)}.</strong><span>${entry.refused} It is kept on this device until you decide.</span>
      <div class="row"><button class="btn primary small" type="button" @click=${() => this.box?.flush(entry)}>Try again</button>
        <button class="btn small" type="button" @click=${() => this.copy(entry)}>Copy what I wrote</button>
        <button class="btn danger small" type="button" @click=${() => this.box?.discard(entry)}>Delete it from this device</button></div>`, 'bad', 'alert');
  }

  protected override render(): TemplateResult | typeof nothing {
    const waiting = this.box?.waiting ?? [];
    const open = waiting.filter(entry => !entry.refused).length;
    if (waiting.length === 0) return nothing;
    return html`<div class="outbox">
      ${open === 0 ? nothing : note(html`<span><strong>${open === 1 ? 'A judgement waits' : `${open} judgements wait`} on this device to be handed in.</strong> The server cannot be reached; it is sent by itself as soon as it can, also after a reload.</span>
        <div class="row"><button class="btn small" type="button" @click=${() => this.box?.flush()}>Try now</button></div>`, 'warn', 'status')}
      ${waiting.filter(entry => entry.refused).map(entry => this.refused(entry))}
    </div>`;
  }
}
