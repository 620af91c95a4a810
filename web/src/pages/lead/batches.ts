import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api } from '../../api';
import type { Project, Receipt } from '../../api/projects';
import { exampleLines } from '../../lead/example';
import { isFinal, opened, sayReceipt, stateBadge } from '../../lead/receipt';
import { bytes, dayAndTime } from '../../logic/time';
import { copyButton } from '../../ui/copy';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, meter } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { toast } from '../../ui/toast';
import { shares } from './shares';
import './upload-list';

/** A project's batches, newest first; while one is being read, its progress. */
@customElement('he-batches')
export class Batches extends Light {
  @property({ attribute: false }) project!: Project;
  private readonly batches = new Load<Receipt[]>(this, 'the batches', () => this.read(), all => (all.every(isFinal) ? null : 1000));

  private async read(): Promise<Receipt[]> {
    const before = this.batches.value ?? [];
    const now = await api.batches(this.project.projectId);
    for (const batch of now) if (isFinal(batch) && before.some(one => one.batchId === batch.batchId && !isFinal(one))) toast(`${batch.file}: ${sayReceipt(batch)}`);
    return now;
  }

  private entry(batch: Receipt): Entry {
    const { words, tone } = stateBadge[batch.state];
    const loaded = batch.state === 'loaded' || batch.state === 'loaded_with_rejects';
    return {
      title: html`<a href="#/batches/${this.project.projectId}/${batch.batchId}">${batch.file}</a>`,
      badges: badge(words, tone, tone === 'good' ? 'check' : tone === 'info' ? 'clock' : 'warn'),
      text: html`${bytes(batch.bytes)} · received ${dayAndTime(batch.receivedAt)}`,
      below: html`${loaded ? shares(batch) : nothing}<p>${loaded ? opened(batch) : sayReceipt(batch)}</p>${loaded ? nothing : isFinal(batch) ? nothing : meter('Read', batch.bytesRead, batch.bytes, `${bytes(batch.bytesRead)} of ${bytes(batch.bytes)}`)}`,
      actions: html`<a class="btn small" href="#/batches/${this.project.projectId}/${batch.batchId}" aria-label="Receipt of ${batch.file}">Receipt</a>`,
    };
  }

  private none(): TemplateResult {
    const text = exampleLines.join('\n');
    return html`${emptyState('No batch yet', html`A batch is a file with one prompt and its answer on each line (JSONL), or a table with the columns <code>prompt</code>, <code>response</code> and, if you like, <code>model</code> (CSV). Two lines to begin with:`,
      html`<div class="example"><pre tabindex="0">${text}</pre>${copyButton(text, 'two lines', 'Copy these lines')}</div>`)}`;
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <he-upload-list .project=${this.project.projectId} @received=${() => this.batches.run()}></he-upload-list>
      ${this.batches.show(all => (all.length ? records('Batches', all.map(batch => this.entry(batch))) : this.none()))}
    </div>`;
  }
}
