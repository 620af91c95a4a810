import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { sayError } from '../../api/problem';
import type { Project } from '../../api/projects';
import type { LibrarySource } from '../../api/questions';
import { found } from '../../logic/search';
import { textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState } from '../../ui/pieces';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';

/** The sources that raters have used in a project and are offered again: words and tier to be put right, or taken out. */
@customElement('he-sources')
export class SourcesPage extends Light {
  @property({ attribute: false }) project!: Project;
  @state() private words = '';
  @state() private edit: LibrarySource | null = null;
  private readonly sources = new Load<LibrarySource[]>(this, 'the sources', () => api.sources(this.project.projectId));

  private async save(source: LibrarySource): Promise<void> {
    try {
      await api.curateSource(this.project.projectId, source.sourceId, source);
      this.edit = null;
      await this.sources.run();
    } catch (error) {
      toast(`Not saved: ${sayError(error)}`);
    }
  }

  private form(source: LibrarySource): TemplateResult {
    const set = (change: Partial<LibrarySource>) => (this.edit = { ...source, ...change });
    return html`<section class="card stack" aria-labelledby="source-edit"><h2 id="source-edit" class="mono">${source.url}</h2>
      <div class="grid3">${textField({ id: 'source-title', label: 'Title', value: source.title ?? '', onInput: title => set({ title }) })}
        ${textField({ id: 'source-publisher', label: 'Publisher', value: source.publisher ?? '', onInput: publisher => set({ publisher }) })}
        ${textField({ id: 'source-tier', label: 'Tier', value: source.tier ?? '', onInput: tier => set({ tier }) })}</div>
      <div class="row"><button class="btn primary" type="button" @click=${() => this.save(source)}>Save</button><button class="btn" type="button" @click=${() => (this.edit = null)}>Leave it as it was</button></div></section>`;
  }

  private table(sources: LibrarySource[]): TemplateResult {
    const shown = sources.filter(source => found(this.words, source.title ?? null, source.publisher ?? null, source.url, source.tier ?? null));
    return dataTable('Sources of the project', [
      { head: 'Source', rowHead: true, cell: one => html`${one.title ?? one.publisher ?? ''} <span class="mono quiet">${one.url}</span>` },
      { head: 'Publisher', cell: one => one.publisher ?? '–' },
      { head: 'Tier', cell: one => one.tier ?? '–' },
      { head: 'State', cell: one => html`${one.retired ? badge('Taken out') : one.curated ? badge('Looked over', 'good', 'check') : nothing}` },
      { head: 'Change', cell: one => html`<button class="btn small" type="button" @click=${() => (this.edit = one)}>Edit</button>
        <button class="btn small" type="button" @click=${() => this.save({ ...one, retired: !one.retired })}>${one.retired ? 'Offer again' : 'Take out'}</button>` },
    ], shown, 'No source has these words.');
  }

  protected override render(): TemplateResult {
    return html`<p class="quiet">Every source that was attached to a claim, once. Raters find them by any word of address, title, publisher or tier. Judgements keep what they say, whatever is changed here.</p>
      ${this.sources.show(sources => (sources.length === 0
        ? emptyState('No sources yet', 'The first one comes with the first judgement that has a source.')
        : html`<div class="stack">${textField({ id: 'source-search', label: 'Search', value: this.words, onInput: words => (this.words = words) })}${this.edit ? this.form(this.edit) : nothing}${this.table(sources)}</div>`))}`;
  }
}
