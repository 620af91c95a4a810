import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { GoldImport, GoldItem, GoldRater } from '../../api/gold';
import { sayError } from '../../api/problem';
import type { Estimate, Project } from '../../api/projects';
import { percent, sayEstimate } from '../../lead/estimate';
import { count, number } from '../../lead/words';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, note } from '../../ui/pieces';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';

interface Known {
  share: number;
  items: GoldItem[];
  raters: GoldRater[];
}

/** What is known of the raters themselves, from items whose right judgement is known. */
@customElement('he-gold')
export class GoldSection extends Light {
  @property({ attribute: false }) project!: Project;
  @state() private result: GoldImport | null = null;
  @state() private sending = false;
  private readonly known = new Load<Known>(this, 'the gold items', async () => {
    const id = this.project.projectId;
    const [{ share, items }, { raters }] = await Promise.all([api.gold(id), api.goldRaters(id)]);
    return { share, items, raters };
  });

  private async take(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    this.sending = true;
    try {
      this.result = await api.importGold(this.project.projectId, file);
      await this.known.run();
    } catch (error) {
      toast(sayError(error));
    } finally {
      this.sending = false;
      input.value = '';
    }
  }

  private async retire(item: GoldItem): Promise<void> {
    const why = prompt('Why is it handed out no more? What was judged against it stays.')?.trim();
    if (!why) return;
    try {
      await api.retireGold(this.project.projectId, item.goldId, why);
      await this.known.run();
    } catch (error) {
      toast(sayError(error));
    }
  }

  private outcome({ added, unchanged, errors }: GoldImport): TemplateResult {
    const words = `${count(added, 'gold item')} added${unchanged ? `, ${number(unchanged)} as before` : ''}${errors.length ? `, ${number(errors.length)} refused` : ''}.`;
    const reason = (reasons: Record<string, string[]>) => Object.entries(reasons).map(([field, why]) => `${field}: ${why[0]}`).join(' ');
    return note(html`<span>${words}</span>${errors.length ? html`<ul>${errors.slice(0, 20).map(one => html`<li>Line ${one.line}: ${reason(one.reasons)}</li>`)}</ul>` : nothing}`, errors.length ? 'warn' : 'good', 'status');
  }

  private people(raters: GoldRater[]): TemplateResult {
    const cell = (estimate: Estimate, show?: (value: number) => string) => estimate.value === null
      ? html`<span class="quiet">${estimate.undefined}</span>` : html`${sayEstimate(estimate, show)} <span class="quiet">n\u00a0${estimate.n}</span>`;
    return dataTable('Raters against gold: scores that experts accept too, planted critical errors found, false alarms on clean controls, verdicts as in the reference', [
      { head: 'Rater', rowHead: true, cell: one => html`${one.rater} ${one.simulated ? badge('simulated', 'violet') : nothing}` },
      { head: 'Gold items', num: true, cell: one => number(one.gold.items) },
      { head: 'Scores accepted', cell: one => cell(one.gold.accuracy, percent) },
      { head: 'κ, quadratic', cell: one => cell(one.gold.kappa) },
      { head: 'Criticals found', cell: one => cell(one.gold.sensitivity, percent) },
      { head: 'False alarms', cell: one => cell(one.gold.falseAlarms, percent) },
      { head: 'Same verdicts', cell: one => cell(one.gold.verdicts, percent) },
      { head: 'Bias (+ lenient)', cell: one => cell(one.gold.bias) },
    ], raters, 'Nobody has judged a gold item yet.');
  }

  private items(items: GoldItem[]): TemplateResult {
    return dataTable('Gold items', [
      { head: 'What it holds', rowHead: true, cell: one => html`${one.clean ? 'clean control' : one.planted.join(', ')}${one.version > 1 ? html` <span class="quiet">version ${one.version}</span>` : nothing}` },
      { head: 'Sub-domain and language', cell: one => one.lane.replace('|', ', ') },
      { head: 'Judged by', num: true, cell: one => number(one.judged) },
      { head: 'Why it is right', cell: one => html`<span class="pre">${one.note ?? '–'}</span>` },
      { head: 'State', cell: one => html`${one.retiredAt ? `retired${one.retiredWhy ? `: ${one.retiredWhy}` : ''} ` : html`<button class="btn small" type="button" @click=${() => this.retire(one)}>Retire</button>`} <a class="btn small" href="#/items/${this.project.projectId}/${encodeURIComponent(one.goldId)}/gold">${one.retiredAt ? 'Write it anew …' : 'Change …'}</a>` },
    ], items);
  }

  protected override render(): TemplateResult {
    return html`<section class="stack" aria-labelledby="gold-head">
      <h2 id="gold-head">Are the raters right?</h2>
      ${this.known.show(({ share, items, raters }) => html`
        <p class="quiet">Gold items have a known right judgement. They come in between, unseen, each at most once to a rater, and enter no figure of the customer.
          ${share > 0 ? `${percent(share, 0)} of tasks are to be gold (project settings).` : 'None is handed out: the project’s share of hidden gold tasks is 0 (project settings).'}</p>
        ${this.result ? this.outcome(this.result) : nothing}
        <div class="row"><a class="btn" href="#/items/${this.project.projectId}">Write one: choose an item</a>
        <label class="btn" aria-busy=${this.sending}>${this.sending ? 'Reading …' : 'Add gold items from a file'}
          <input class="sr" type="file" accept=".jsonl,.json" ?disabled=${this.sending} @change=${(event: Event) => this.take(event.target as HTMLInputElement)}></label></div>
        ${items.length === 0 ? emptyState('No gold items yet', 'Open an item under Items and choose “Write gold”, or add expert judgements of items that this project has from a file: one JSON object a line, as in samples/gold.jsonl.') : html`${this.people(raters)}${this.items(items)}`}`)}
    </section>`;
  }
}
