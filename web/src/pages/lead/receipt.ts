import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api, downloads } from '../../api';
import type { Me } from '../../api/people';
import { sayError } from '../../api/problem';
import type { Project, Receipt } from '../../api/projects';
import { sayAdded } from '../../lead/benchmarks';
import { screenLimits } from '../../lead/held';
import { isFinal, moreErrors, pace, progress, sayReceipt, stateBadge } from '../../lead/receipt';
import { count, number, spelled } from '../../lead/words';
import { bytes, dayAndTime, duration } from '../../logic/time';
import { go } from '../../router';
import { copyButton } from '../../ui/copy';
import { icon } from '../../ui/icon';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, meter, note } from '../../ui/pieces';
import { factList } from '../../ui/records';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { runs } from './project-entry';
import { shares } from './shares';
import './upload-list';

/** What became of one file, line by line where something was wrong. */
@customElement('he-receipt')
export class ReceiptPage extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @property() batchId = '';
  private readonly receipt = new Load<Receipt>(this, 'the receipt', () => api.batch(this.project.projectId, this.batchId), one => (!isFinal(one) ? 1000 : one.state === 'waiting' ? 15_000 : null));

  private result(receipt: Receipt): TemplateResult {
    const { words, tone } = stateBadge[receipt.state];
    const live = !isFinal(receipt);
    return html`<section class="card stack" aria-labelledby="receipt-file">
      <div class="row"><h2 id="receipt-file">${receipt.file}</h2>${badge(words, tone)}</div>
      <p class="lead-line">${sayReceipt(receipt)}</p>
      ${live ? meter('Read', receipt.bytesRead, receipt.bytes, `${progress(receipt)} · ${bytes(receipt.bytesRead)} of ${bytes(receipt.bytes)}`) : nothing}
      ${!live && receipt.read > 0 ? shares(receipt) : nothing}
      ${receipt.held ? this.waiting(receipt) : nothing}
      ${live ? nothing : this.prompts(receipt)}
      ${live ? nothing : this.mustHaves(receipt)}
      ${receipt.state === 'failed' ? note(`${receipt.accepted > 0 ? 'What had been read before that stays loaded.' : 'Nothing of this file was loaded.'} Put right what is said above and drop the file again; nothing loads twice.`, 'bad') : nothing}
      ${receipt.state === 'failed' && receipt.bytes > 0 ? html`<div><a class="btn primary" href="#/batches/${this.project.projectId}/${receipt.batchId}/mapping">Tell us what is what</a>
        <p class="quiet">If the file is whole and only its fields have other names: say which is which, once.</p></div>` : nothing}
      ${receipt.reading ? html`<p>This is reading ${receipt.reading} of the file; <a href="#/batches/${this.project.projectId}/${receipt.firstReading}">the first</a> was withdrawn.</p>` : nothing}
      ${receipt.readAgainAs ? note(html`<span>This reading was withdrawn, and the file read again: <a href="#/batches/${this.project.projectId}/${receipt.readAgainAs}">the batch of the next reading</a>.</span>`, 'info') : nothing}
    </section>`;
  }

  /** Prompts that came without answers lead somewhere: they can be what answers are measured by. */
  private prompts({ batchId, warnings = [] }: Receipt): TemplateResult | typeof nothing {
    return warnings.some(warning => warning.class === 'prompt_without_response')
      ? html`<div><button class="btn" type="button" @click=${() => this.makeBenchmark(batchId)}>Make a benchmark of the prompts</button></div>`
      : nothing;
  }

  /** What raters do not see, and where that is said. */
  private mustHaves({ warnings = [] }: Receipt): TemplateResult | typeof nothing {
    if (!warnings.some(warning => warning.class === 'must_have_list_stays_hidden') || this.project.showMustHave) return nothing;
    const edit = runs(this.me) ? html` <a href="#/projects/${this.project.projectId}">Settings of the project</a>` : nothing;
    return html`<p>References of this file list what an answer must have. Raters do not see the list unless the project says <em>Must-have list</em>; it then holds for these tasks too.${edit}</p>`;
  }

  private async makeBenchmark(batchId: string): Promise<void> {
    try {
      toast(sayAdded(await api.benchmarkOf(this.project.projectId, batchId)));
      go(`/batches/${this.project.projectId}/_benchmarks`);
    } catch (error) {
      toast(sayError(error));
    }
  }

  private waiting({ batchId, held = 0 }: Receipt): TemplateResult {
    return runs(this.me)
      ? html`<div><a class="btn primary" href="#/batches/${this.project.projectId}/${batchId}/held">Decide about ${count(held, 'held item')}</a></div>`
      : html`<p>A lead looks at ${held === 1 ? 'it' : 'each of them'} and releases, redacts or drops it; this page then says so. There is nothing for you to do.</p>`;
  }

  private recognised({ batchId, format, mapping, state, readAgainAs, bytes: size }: Receipt): TemplateResult | typeof nothing {
    const wrong = (state === 'loaded' || state === 'loaded_with_rejects') && !readAgainAs && size > 0;
    const rows = Object.entries(mapping ?? {});
    if (!format && rows.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="receipt-format">
      <h2 id="receipt-format">What was recognised</h2>
      <p>Format: <strong>${format ?? 'not recognised'}</strong>. Nothing was guessed in silence: this is where each thing was found, or which default was taken.
        ${wrong ? html`If a field is something else than it was taken for, <a href="#/batches/${this.project.projectId}/${batchId}/mapping">tell us what is what</a>.` : nothing}</p>
      ${rows.length ? dataTable('Where things were found', [
        { head: 'In HealthEval', rowHead: true, cell: ([ours]) => spelled(ours) },
        { head: 'In the file', cell: ([, theirs]) => html`<code>${theirs}</code>` },
      ], rows) : nothing}
    </section>`;
  }

  private rejects(receipt: Receipt): TemplateResult | typeof nothing {
    if (receipt.rejected === 0 && receipt.errors.length === 0) return nothing;
    const more = moreErrors(receipt);
    return html`<section class="stack" aria-labelledby="receipt-rejects">
      <div class="row"><h2 id="receipt-rejects">${count(receipt.rejected, 'rejected record')}</h2>
        <a class="btn small push" href=${downloads.rejects(this.project.projectId, receipt.batchId)} download>${icon('down')}Rejects with their reasons (JSONL)</a></div>
      ${dataTable(more ? `The first ${receipt.errors.length}, and ${number(more)} more: see the download` : 'Why they were not taken', [
        { head: 'Line', num: true, cell: error => error.line },
        { head: 'Field', cell: error => (error.path ? html`<code>${error.path}</code>` : 'whole line') },
        { head: 'Reason', cell: error => error.reason },
      ], receipt.errors)}
      ${note(html`<strong>To put it right:</strong><span>correct these lines in your own file and drop the whole file here again. What is already here is recognised by its content and not loaded a second time, so only the corrected lines are new. A record that was accepted and has to change needs a new id.</span>`)}
      <he-upload-list .project=${this.project.projectId} .label=${'Drop the corrected file here'} @received=${(event: CustomEvent<string>) => go(`/batches/${this.project.projectId}/${event.detail}`)}></he-upload-list>
    </section>`;
  }

  private privacy({ suspicions, attested }: Receipt): TemplateResult {
    const limits = `${screenLimits} Silence does not make a file free of personal data: it must be free of it when you send it.`;
    return html`<section class="stack" aria-labelledby="receipt-privacy">
      <h2 id="receipt-privacy">Personal data</h2>
      ${suspicions.length ? dataTable('Patterns that look like personal data', [
        { head: 'Looks like', rowHead: true, cell: one => spelled(one.class) },
        { head: 'Places', num: true, cell: one => number(one.count) },
      ], suspicions) : html`<p>No suspicion is on record.</p>`}
      <p>${attested ? `Who sent the file stated on ${dayAndTime(attested.at)} that it holds no personal data.` : 'Nobody was asked to state that this file holds no personal data: it did not come through this page.'}</p>
      ${note(limits, suspicions.length ? 'warn' : 'info')}
    </section>`;
  }

  private remarks({ warnings = [] }: Receipt): TemplateResult | typeof nothing {
    return warnings.length ? dataTable('Loaded, but worth a look', [
      { head: 'What', rowHead: true, cell: one => spelled(one.class) },
      { head: 'Records', num: true, cell: one => number(one.count) },
    ], warnings) : nothing;
  }

  private provenance(receipt: Receipt): TemplateResult {
    const speed = receipt.read > 0 ? pace(receipt) : null;
    return html`<section class="stack" aria-labelledby="receipt-where"><h2 id="receipt-where">The file</h2>
      ${factList([
        ['Size', `${bytes(receipt.bytes)} (${number(receipt.bytes)} bytes)`],
        ['Received', dayAndTime(receipt.receivedAt)],
        ...(receipt.finishedAt ? [['Finished', dayAndTime(receipt.finishedAt)] as [string, string]] : []),
        ...(speed ? [['Took', `${speed.seconds < 1 ? `${Math.round(speed.seconds * 1000)} ms` : speed.seconds < 10 ? `${speed.seconds.toFixed(1)} s` : duration(speed.seconds)}, ${number(Math.round(speed.perSecond))} records a second`] as [string, string]] : []),
        ['Batch', html`<code>${receipt.batchId}</code>`],
      ])}
      <p class="hash-line"><span class="quiet">SHA-256</span> <code>${receipt.sha256}</code>${copyButton(receipt.sha256, 'SHA-256')}</p>
    </section>`;
  }

  protected override render(): TemplateResult {
    return html`<p class="back"><a href="#/batches/${this.project.projectId}">← All batches</a></p>
      ${this.receipt.show(receipt => html`<div class="stack wide-gaps">
        ${this.result(receipt)}
        ${isFinal(receipt) ? html`${this.rejects(receipt)}${this.remarks(receipt)}${receipt.state === 'failed' ? nothing : this.privacy(receipt)}` : nothing}
        ${this.recognised(receipt)}${this.provenance(receipt)}
      </div>`)}`;
  }
}
