import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { Usage } from '../../api/projects';
import { sayError } from '../../api/problem';
import { uploadBatch } from '../../api/upload';
import { screenLimits } from '../../lead/held';
import { isTooLarge, sayLargest, sayTooLarge } from '../../lead/largest';
import { bytes } from '../../logic/time';
import { checkField } from '../../ui/field';
import { Light } from '../../ui/light';
import { meter } from '../../ui/pieces';
import { toast } from '../../ui/toast';
import '../../ui/drop';

interface Upload {
  file: File;
  sent: number;
  error: string;
  stop: AbortController | null;
}

/** Sends files one after the other, streamed from disk; fires `received`, with the batch's id, for each that has arrived. */
@customElement('he-upload-list')
export class UploadList extends Light {
  @property() project = '';
  @property() label = 'Drop a batch here';
  @state() private attested = false;
  @state() private uploads: Upload[] = [];
  @state() private usage: Usage | null = null;
  private sending = false;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('beforeunload', this.onUnload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('beforeunload', this.onUnload);
  }

  private readonly onUnload = (event: BeforeUnloadEvent) => {
    if (this.sending) event.preventDefault();
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('project') && this.project) void this.measure();
  }

  /** What may be sent is said before anybody chooses. Where it is not known, the server says so when it refuses. */
  private async measure(): Promise<void> {
    this.usage = await api.usage(this.project).catch(() => null);
  }

  private add(files: File[]): void {
    this.uploads = [...this.uploads, ...files.map(file => ({ file, sent: 0, error: sayTooLarge(file.size, this.usage), stop: null }))];
    if (!this.attested) {
      toast('The files are kept here. They are sent as soon as you state, below, that they hold no personal data.');
      this.querySelector<HTMLElement>('#attested')?.focus();
    }
    void this.sendAll();
  }

  private attest(on: boolean): void {
    this.attested = on;
    void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let next = this.waiting(); next; next = this.waiting()) await this.send(next);
    this.sending = false;
  }

  private waiting(): Upload | undefined {
    return this.attested ? this.uploads.find(upload => !upload.error && !upload.stop) : undefined;
  }

  private async send(upload: Upload): Promise<void> {
    const stop = new AbortController();
    this.change(upload, { stop, sent: 0 });
    try {
      const { state, batchId } = await uploadBatch(this.project, upload.file, sent => this.change(upload, { sent }), stop.signal);
      this.drop(upload);
      if (!['received', 'reading'].includes(state)) toast(`${upload.file.name}: this very file was here before; its receipt is below. Nothing loads twice.`);
      this.dispatchEvent(new CustomEvent('received', { detail: batchId }));
    } catch (error) {
      if (stop.signal.aborted) this.drop(upload);
      else this.change(upload, { stop: null, error: sayError(error) });
      toast(stop.signal.aborted ? `${upload.file.name}: stopped. Nothing of it was kept.` : `${upload.file.name} did not arrive.`);
    }
  }

  private again(upload: Upload): void {
    this.change(upload, { error: '' });
    void this.sendAll();
  }

  private change(upload: Upload, patch: Partial<Upload>): void {
    Object.assign(upload, patch);
    this.requestUpdate();
  }

  private drop(upload: Upload): void {
    this.uploads = this.uploads.filter(other => other !== upload);
  }

  private row(upload: Upload): TemplateResult {
    const { file, sent, error, stop } = upload;
    const words = stop ? `${bytes(sent)} of ${bytes(file.size)} sent` : error ? 'not sent' : this.attested ? 'waiting for the one before' : 'waiting for your statement below';
    return html`<li>
      ${meter(file.name, sent, file.size, words)}
      ${error ? html`<p class="error" role="alert">${error}</p>` : nothing}
      <div class="row">
        ${error && !isTooLarge(file.size, this.usage) ? html`<button class="btn small" type="button" @click=${() => this.again(upload)}>Send again</button>` : nothing}
        <button class="btn small plain" type="button" aria-label="${stop ? 'Stop' : 'Remove'} ${file.name}" @click=${() => (stop ? stop.abort() : this.drop(upload))}>${stop ? 'Stop' : 'Remove'}</button>
      </div>
    </li>`;
  }

  protected override render(): TemplateResult {
    return html`<he-drop .label=${this.label} .hint=${`JSON Lines, JSON, CSV, TSV, Excel, XML or a log of Inspect, as it is or packed with gzip or zip. Texts are kept to the byte, and nothing loads twice.${sayLargest(this.usage)}`} .accept=${'.jsonl,.ndjson,.json,.csv,.tsv,.xlsx,.xml,.eval,.gz,.zip'}
        @files=${(event: CustomEvent<File[]>) => this.add(event.detail)}></he-drop>
      <div class="attest">
        ${checkField('attested', 'I state that these files hold no personal data of patients: no names, contact details, numbers or dates that identify somebody. My statement is kept with each batch.', this.attested, on => this.attest(on))}
        <details><summary>What the screen cannot find</summary><p class="quiet">${screenLimits}</p></details>
      </div>
      ${this.uploads.length ? html`<ul class="uploads card" aria-label="Files on their way">${this.uploads.map(upload => this.row(upload))}</ul>` : nothing}`;
  }
}
