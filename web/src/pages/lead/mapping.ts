import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { batchDesk } from '../../api/batch-desk';
import type { Preview, SeenField } from '../../api/mapping';
import type { Me } from '../../api/people';
import { sayError } from '../../api/problem';
import type { Project, Receipt } from '../../api/projects';
import { answers, choose, missing, parts, profileOf, promptParts, proposed, raise, sayDryRun, setModel, type Mapping, type Part } from '../../lead/mapping';
import { count, number, spelled } from '../../lead/words';
import { go } from '../../router';
import { areaField, selectField, textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { note } from '../../ui/pieces';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { runs } from './project-entry';

const firstRecords = 20;
const roleNames: Record<string, string> = { user: 'Person', assistant: 'AI, earlier turn', system: 'System rules', developer: 'System rules', tool: 'Tool result' };

/** "Tell us what is what": the fields of a file that could not be read, or was read wrongly, a menu for each, and what raters would see. */
@customElement('he-mapping')
export class MappingPage extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @property() batchId = '';
  @state() private why = '';
  @state() private mapping: Mapping | null = null;
  @state() private live: Preview | null = null;
  @state() private whole: Preview | null = null;
  @state() private busy = '';
  @state() private failure = '';
  private turn = 0;

  private readonly file = new Load<{ receipt: Receipt; seen: Preview }>(this, 'the file', async () => {
    const [receipt, seen] = await Promise.all([api.batch(this.project.projectId, this.batchId), api.previewBatch(this.project.projectId, this.batchId, null, firstRecords)]);
    this.change(proposed(receipt.file, seen.proposal));
    return { receipt, seen };
  });

  /** What is chosen is tried at once on the first records; answers that come late are not shown. */
  private change(mapping: Mapping): void {
    [this.mapping, this.whole, this.failure] = [mapping, null, ''];
    void this.tryOut(mapping);
  }

  private async tryOut(mapping: Mapping): Promise<void> {
    const turn = ++this.turn;
    if (missing(mapping)) return void (this.live = null);
    try {
      const live = await api.previewBatch(this.project.projectId, this.batchId, profileOf(mapping), firstRecords);
      if (turn === this.turn) this.live = live;
    } catch (error) {
      if (turn === this.turn) [this.live, this.failure] = [null, sayError(error)];
    }
  }

  private async run(what: string, action: () => Promise<void>): Promise<void> {
    [this.busy, this.failure] = [what, ''];
    try {
      await action();
    } catch (error) {
      this.failure = sayError(error);
    } finally {
      this.busy = '';
    }
  }

  private dryRun(mapping: Mapping): Promise<void> {
    return this.run('dry', async () => void (this.whole = await api.previewBatch(this.project.projectId, this.batchId, profileOf(mapping))));
  }

  private confirm(mapping: Mapping): Promise<void> {
    return this.run('load', async () => {
      await api.readAgain(this.project.projectId, this.batchId, profileOf(mapping));
      toast(`The profile “${mapping.name.trim()}” is kept: files with these fields are read by it from now on.`);
      go(`/batches/${this.project.projectId}/${this.batchId}`);
    });
  }

  /** What was read wrongly is judged no more before the file is read again. */
  private replace(mapping: Mapping): Promise<void> {
    return this.run('load', async () => {
      const why = this.why.trim();
      if (!why) throw new Error('Say why; it is kept with the batch.');
      const refused = await batchDesk.actOnAll(this.project.projectId, this.batchId, 'withdraw', why, () => undefined);
      if (refused.length) throw new Error(`${count(refused.length, 'item')} could not be withdrawn, so the file was not read again. The receipt says which.`);
      const again = await api.readWithdrawnAgain(this.project.projectId, this.batchId, profileOf(mapping));
      toast('The batch was withdrawn, and the file is read again.');
      go(`/batches/${this.project.projectId}/${again.batchId}`);
    });
  }

  private keep(mapping: Mapping): Promise<void> {
    return this.run('load', async () => {
      await api.keepProfile(this.project.projectId, profileOf(mapping));
      toast(`The profile “${mapping.name.trim()}” is kept: files with these fields are read by it from now on.`);
    });
  }

  private fields(mapping: Mapping, seen: Preview): TemplateResult {
    const of = (field: SeenField) => mapping.chosen.find(one => one.path === field.path);
    const why = (field: SeenField) => {
      const found = seen.proposal.find(one => one.paths.some(path => path === field.path || path.endsWith(`:${field.path}`)));
      return found ? html`<span class="quiet">Proposed: ${found.reason}</span>` : nothing;
    };
    return dataTable(`Fields of the first ${number(seen.lookedAt)} records`, [
      { head: 'In the file', rowHead: true, cell: field => html`<code>${field.path}</code>` },
      { head: 'Has it', num: true, cell: field => `${Math.round((100 * field.records) / Math.max(seen.lookedAt, 1))}\u00a0%` },
      { head: 'For example', cell: field => html`<span class="example-text" dir="auto">${field.example || '(empty)'}</span>` },
      { head: 'What it is', cell: field => html`${this.menu(mapping, field.path, of(field)?.part ?? '')}${why(field)}` },
    ], seen.fields, 'The file has no fields that could be read.');
  }

  private menu(mapping: Mapping, path: string, part: Part | ''): TemplateResult {
    return html`<select aria-label="What ${path} is" @change=${(event: Event) => this.change(choose(mapping, path, (event.target as HTMLSelectElement).value as Part | ''))}>
      <option value="" ?selected=${part === ''}>Metadata, kept beside</option>
      ${parts.map(one => html`<option value=${one.key} ?selected=${one.key === part}>${one.name}</option>`)}
    </select>`;
  }

  private details(mapping: Mapping): TemplateResult {
    const prompt = promptParts(mapping);
    const several = answers(mapping).length > 1 ? answers(mapping) : [];
    const model = mapping.chosen.some(one => one.part === 'model');
    const always = (patch: Partial<Mapping['always']>) => this.change({ ...mapping, always: { ...mapping.always, ...patch } });
    return html`<fieldset class="card stack"><legend>More about it</legend>
      ${prompt.length > 1 ? html`<div><p>The prompt is shown in this order:</p><ol>${prompt.map((one, at) => html`<li><code>${one.path}</code>
        ${at ? html`<button class="btn small plain" type="button" @click=${() => this.change(raise(mapping, one.path))}>Move ${one.path} up</button>` : nothing}</li>`)}</ol></div>` : nothing}
      <div class="grid2">
        ${several.map((one, at) => textField({ id: `model-of-${at}`, label: `Model that gave ${one.path}`, value: one.model, hint: 'Raters never see it.', onInput: name => this.change(setModel(mapping, one.path, name)) }))}
        ${model || several.length ? nothing : selectField({ id: 'model-from', label: 'Model', value: mapping.always.model === '$file' ? '$file' : mapping.always.model ? 'words' : '', none: 'Not known',
          choices: [{ key: '$file', name: 'The name of the file' }, { key: 'words', name: 'The same for all, as I write it' }], onInput: from => always({ model: from === 'words' ? 'model' : from }) })}
        ${!model && !several.length && mapping.always.model && mapping.always.model !== '$file' ? textField({ id: 'model-words', label: 'Name of the model', value: mapping.always.model, onInput: name => always({ model: name }) }) : nothing}
        ${mapping.chosen.some(one => one.part === 'language') ? nothing : textField({ id: 'language-words', label: 'Language of all records', value: mapping.always.language, hint: 'A code such as de; English when empty.', onInput: language => always({ language: language.trim() }) })}
        ${textField({ id: 'profile-name', label: 'Name of this profile', value: mapping.name, hint: 'On the receipt; said again under the same name it becomes the next version.', required: true, onInput: name => this.change({ ...mapping, name }) })}
      </div>
    </fieldset>`;
  }

  private shown(preview: Preview): TemplateResult {
    return html`${preview.items.map((item, at) => html`<article class="card stack" aria-label="Record ${at + 1} as raters would see it">
      <h3>Record ${at + 1}</h3>
      ${item.prompt.map(turn => html`<div class="turn turn-${turn.role}"><p class="who">${roleNames[turn.role] ?? turn.role}</p><p class="plain-text" dir="auto">${turn.content || '(empty)'}</p></div>`)}
      ${item.responses.map((one, index) => html`<div><p class="who">Response ${String.fromCharCode(65 + index)}${one.model ? html` <span class="quiet">(hidden from raters: ${one.model})</span>` : nothing}</p>
        <p class="plain-text" dir="auto">${one.content || '(empty answer)'}</p></div>`)}
      ${item.rubric.length ? html`<p class="quiet">Rubric: ${item.rubric.join(' · ')}</p>` : nothing}
    </article>`)}
    ${preview.errors.length ? dataTable('Why records would be rejected', [
      { head: 'Line', num: true, cell: error => error.line },
      { head: 'Field', cell: error => (error.path ? html`<code>${error.path}</code>` : 'whole record') },
      { head: 'Reason', cell: error => error.reason },
    ], preview.errors) : nothing}
    ${preview.notes.length ? html`<p class="quiet">${preview.notes.map(one => `${spelled(one.class)}: ${number(one.count)}`).join(' · ')}</p>` : nothing}`;
  }

  /** A file that failed is loaded; one that was loaded is withdrawn first, by a lead. */
  private ending(mapping: Mapping, { state }: Receipt, open: boolean): TemplateResult {
    const ready = Boolean(this.whole?.accepted) && !open && !this.busy;
    const button = (words: string, act: () => void) => html`<button class="btn primary" type="button" ?disabled=${!ready} aria-describedby="mapping-next" @click=${act}>${this.busy === 'load' ? 'Working …' : words}</button>`;
    const later = 'The profile is kept with the project, and files with these fields are read by it from now on.';
    const first = 'After a dry run that finds records you can go on.';
    if (state === 'failed') return html`<div>${button('This is right: load the file', () => this.confirm(mapping))}</div><p class="quiet" id="mapping-next">${this.whole?.accepted ? later : first}</p>`;
    if (!runs(this.me)) return html`<div>${button('Keep this for later files', () => this.keep(mapping))}</div><p class="quiet" id="mapping-next">${later} What this file brought stays as it was read until a lead withdraws the batch on this page and reads the file again: ask yours.</p>`;
    return html`<div>${areaField({ id: 'reread-why', label: 'Why it was wrong', value: this.why, rows: 2, hint: 'Kept with the batch, your name and the time.', onInput: why => (this.why = why) })}</div>
      <div>${button('Withdraw this batch and read the file again', () => this.replace(mapping))}</div>
      <p class="quiet" id="mapping-next">What was read wrongly is handed out no more, and judgements of it are set aside. The next reading is a batch of its own. ${later}</p>`;
  }

  private outcome(mapping: Mapping, receipt: Receipt): TemplateResult {
    const open = missing(mapping);
    const dry = this.whole;
    return html`<section class="stack" aria-labelledby="mapping-seen" aria-live="polite"><h2 id="mapping-seen">What raters would see</h2>
      ${open ? note(open) : this.live ? html`<p>${sayDryRun(this.live)}</p>${this.shown(this.live)}` : this.failure ? nothing : html`<p class="quiet" role="status">Reading the first records …</p>`}
      ${this.failure ? note(this.failure, 'bad', 'alert') : nothing}
      ${dry ? note(html`<strong>Dry run: nothing was changed.</strong> <span>${sayDryRun(dry)}</span>${dry.errors.length ? html`<span>The first: line ${dry.errors[0]?.line}: ${dry.errors[0]?.reason}</span>` : nothing}`, dry.accepted ? 'good' : 'bad', 'status') : nothing}
      <div class="row">
        <button class="btn" type="button" ?disabled=${Boolean(open || this.busy)} @click=${() => this.dryRun(mapping)}>${this.busy === 'dry' ? 'Reading the whole file …' : 'Dry run over the whole file'}</button>
      </div>
      ${this.ending(mapping, receipt, Boolean(open))}
    </section>`;
  }

  protected override render(): TemplateResult {
    return html`<p class="back"><a href="#/batches/${this.project.projectId}/${this.batchId}">← The receipt</a></p>
      ${this.file.show(({ receipt, seen }) => html`<div class="stack wide-gaps">
        <p>${receipt.file}: ${seen.format ? `would be read as ${seen.format}.` : seen.reason} Say what each field is; what is not said stays beside the item as metadata.</p>
        ${this.mapping ? html`${this.fields(this.mapping, seen)}${this.details(this.mapping)}${this.outcome(this.mapping, receipt)}` : nothing}
      </div>`)}`;
  }
}
