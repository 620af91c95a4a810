import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { Me } from '../../api/people';
import { sayError } from '../../api/problem';
import type { Project, Receipt, Usage } from '../../api/projects';
import { exampleLines } from '../../lead/example';
import { arranged, decided, isFinal, opened, progress, sayReceipt, stateBadge } from '../../lead/receipt';
import { count, number } from '../../lead/words';
import { bytes, dayAndTime } from '../../logic/time';
import { copyButton } from '../../ui/copy';
import { selectField, textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, meter, note } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { toast } from '../../ui/toast';
import { runs } from './project-entry';
import { shares } from './shares';
import './upload-list';

/** A project's batches, newest first; while one is being read, its progress. */
@customElement('he-batches')
export class Batches extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @state() private words = '';
  @state() private wanted = '';
  @state() private order = '';
  @state() private older: Receipt[] = [];
  @state() private next: string | null | undefined;
  @state() private usage: Usage | null = null;
  private readonly batches = new Load<Receipt[]>(this, 'the batches', () => this.read(), all => (!all.every(isFinal) ? 1000 : all.some(one => one.state === 'waiting') ? 15_000 : null));

  private async read(): Promise<Receipt[]> {
    const before = this.batches.value ?? [];
    const { batches: now, continuation = null } = await api.batches(this.project.projectId);
    if (this.next === undefined) this.next = continuation;
    if (!this.usage || now.length !== before.length || before.some(one => !isFinal(one))) void this.measure();
    for (const batch of now) if (isFinal(batch) && before.some(one => one.batchId === batch.batchId && !isFinal(one))) toast(`${batch.file}: ${sayReceipt(batch)}`);
    return now;
  }

  /** What is not known is not shown; the batches do not wait for it. */
  private async measure(): Promise<void> {
    this.usage = await api.usage(this.project.projectId).catch(() => this.usage);
  }

  private room(): TemplateResult | typeof nothing {
    if (!this.usage) return nothing;
    const { items, mostItems, bytes: there, mostBytes } = this.usage;
    const full = items >= mostItems || there >= mostBytes;
    const words = `${number(items)} of ${number(mostItems)} items, ${bytes(there)} of ${bytes(mostBytes)} of files`;
    return full ? note(html`<strong>This project’s room is used up: ${words}.</strong> <span>Nothing more is loaded until whoever runs this installation gives it more.</span>`, 'warn', 'status')
      : html`<p class="quiet">The project has ${words}.</p>`;
  }

  private async showOlder(): Promise<void> {
    try {
      const { batches, continuation = null } = await api.batches(this.project.projectId, this.next ?? '');
      [this.older, this.next] = [[...this.older, ...batches], continuation];
    } catch (error) {
      toast(sayError(error));
    }
  }

  private held(batch: Receipt): TemplateResult | typeof nothing {
    if (!batch.held) return nothing;
    const words = `${number(batch.held)} held`;
    return runs(this.me) ? html`<a class="badge warn" href="#/batches/${this.project.projectId}/${batch.batchId}/held">${words}: decide</a>` : badge(words, 'warn');
  }

  private filters(shown: Receipt[], all: Receipt[]): TemplateResult | typeof nothing {
    if (all.length <= 8) return nothing;
    return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
      ${textField({ id: 'batches-words', label: 'Find', type: 'search', value: this.words, placeholder: 'File or batch', onInput: words => (this.words = words) })}
      ${selectField({ id: 'batches-state', label: 'State', value: this.wanted, choices: Object.entries(stateBadge).map(([key, { words }]) => ({ key, name: words })), none: 'Every state', onInput: wanted => (this.wanted = wanted) })}
      ${selectField({ id: 'batches-order', label: 'Order', value: this.order, choices: [{ key: 'name', name: 'By name' }, { key: 'rejected', name: 'Most rejected first' }], none: 'Newest first', onInput: order => (this.order = order) })}
      <p class="quiet push" role="status">${shown.length === all.length ? count(all.length, 'batch', 'batches') : `${number(shown.length)} of ${number(all.length)}`}${this.next ? ', older ones not loaded' : ''}</p>
    </form>`;
  }

  private list(newest: Receipt[]): TemplateResult {
    const all = [...newest, ...this.older.filter(one => !newest.some(other => other.batchId === one.batchId))];
    if (all.length === 0) return this.none();
    const shown = arranged(all, { words: this.words, state: this.wanted, order: this.order });
    return html`${this.filters(shown, all)}
      ${shown.length ? records('Batches', shown.map(batch => this.entry(batch))) : html`<p class="quiet">No batch fits.</p>`}
      ${this.next ? html`<div><button class="btn" type="button" @click=${() => this.showOlder()}>Show older batches</button></div>` : nothing}`;
  }

  private entry(batch: Receipt): Entry {
    const { words, tone } = stateBadge[batch.state];
    const loaded = batch.state === 'loaded' || batch.state === 'loaded_with_rejects';
    return {
      title: html`<a href="#/batches/${this.project.projectId}/${batch.batchId}">${batch.file}</a>`,
      badges: html`${badge(words, tone, tone === 'good' ? 'check' : tone === 'info' ? 'clock' : 'warn')}${this.held(batch)}`,
      text: html`${bytes(batch.bytes)} · received ${dayAndTime(batch.receivedAt)}`,
      below: html`${loaded ? shares(batch) : nothing}<p>${loaded ? `${opened(batch)}${decided(batch)}` : sayReceipt(batch)}</p>${loaded ? nothing : isFinal(batch) ? nothing : meter('Read', batch.bytesRead, batch.bytes, progress(batch))}`,
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
      <p class="row">${runs(this.me) ? html`<a class="btn small push" href="#/batches/${this.project.projectId}/_design">Compare models</a>` : nothing}<a class="btn small ${runs(this.me) ? '' : 'push'}" href="#/batches/${this.project.projectId}/_benchmarks">Benchmarks</a></p>
      <he-upload-list .project=${this.project.projectId} @received=${() => this.batches.run()}></he-upload-list>
      ${this.room()}${this.batches.show(all => this.list(all))}
    </div>`;
  }
}
