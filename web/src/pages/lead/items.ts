import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { oversight, type ItemLine, type ItemPage } from '../../api/oversight';
import type { Me, Person } from '../../api/people';
import { sayError } from '../../api/problem';
import type { Project, Receipt } from '../../api/projects';
import { actKinds, filterOf, states } from '../../lead/acts';
import { count, number, spelled, subdomains } from '../../lead/words';
import { languageName } from '../../logic/names';
import { checkField, selectField, textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, note } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { toast } from '../../ui/toast';
import type { Acted, Acting } from './item-acts';
import './item-acts';

interface Known {
  page: ItemPage;
  looked: number;
}

const themes = ['emergency_referrals', 'context_seeking', 'global_health', 'health_data_tasks', 'expertise_tailored_communication', 'responding_under_uncertainty', 'response_depth'];
const taskTypes = ['clinical_decision_support', 'clinical_note_generation', 'patient_communication', 'research_assistance', 'administration_workflow'];
const filters = ['state', 'batch', 'model', 'subdomain', 'risk', 'language', 'disagreement', 'harm', 'flag', 'audience', 'theme', 'taskType', 'q'] as const;
type Filters = Record<(typeof filters)[number], string>;
const nothingSet = () => Object.fromEntries(filters.map(key => [key, ''])) as Filters;

/** What was asked last, so that one comes back to it from an item. */
const kept = new Map<string, Filters>();
/** So long it looks further by itself, in milliseconds. */
const patience = 3_000;
const mostSelected = 2_000;

/** Every item of a project: found, selected, acted on. */
@customElement('he-items')
export class ItemsPage extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @state() private filter: Filters = nothingSet();
  @state() private chosen = new Set<string>();
  @state() private acting: Acting | null = null;
  @state() private done: Acted | null = null;
  @state() private gathering = false;
  private batches: Receipt[] = [];
  private people: Person[] = [];
  private readonly known = new Load<Known>(this, 'the items', () => this.find());
  private timer = 0;

  override connectedCallback(): void {
    this.filter = kept.get(this.project.projectId) ?? nothingSet();
    super.connectedCallback();
    void Promise.all([api.batches(this.project.projectId), api.people()]).then(([{ batches }, people]) => {
      [this.batches, this.people] = [batches, people];
      this.requestUpdate();
    }).catch((error: unknown) => toast(sayError(error)));
  }

  /** Goes on by itself for a while when little fits: each request looks at a bounded part. */
  private async find(continuation = '', before: ItemLine[] = [], beforeLooked = 0): Promise<Known> {
    let page: ItemPage = { items: before, looked: 0 };
    let looked = beforeLooked;
    const wanted = before.length + 1;
    const begun = performance.now();
    do {
      const next = await oversight.items(this.project.projectId, filterOf({ ...this.filter, continuation }));
      looked += next.looked;
      page = { ...next, items: [...page.items, ...next.items], ...(next.total === undefined ? {} : { total: next.total }) };
      continuation = next.continuation ?? '';
    } while (continuation && page.items.length < wanted && performance.now() - begun < patience);
    return { page, looked };
  }

  private set(key: keyof Filters, value: string): void {
    this.filter = { ...this.filter, [key]: value };
    kept.set(this.project.projectId, this.filter);
    this.chosen = new Set();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.known.run(), key === 'q' || key === 'model' || key === 'language' ? 400 : 0);
  }

  private async more({ page, looked }: Known): Promise<void> {
    try {
      const all = await this.find(page.continuation, page.items, looked);
      this.known.value = page.total === undefined ? all : { ...all, page: { ...all.page, total: page.total } };
      this.requestUpdate();
    } catch (error) {
      toast(`No more items: ${sayError(error)}`);
    }
  }

  private toggle(taskId: string, on: boolean): void {
    const chosen = new Set(this.chosen);
    if (on) chosen.add(taskId);
    else chosen.delete(taskId);
    this.chosen = chosen;
  }

  /** Everything that fits, also what is not shown yet, up to a limit that is said. */
  private async chooseAll(): Promise<void> {
    this.gathering = true;
    try {
      const chosen = new Set<string>();
      let continuation = '';
      do {
        const page = await oversight.items(this.project.projectId, filterOf({ ...this.filter, continuation }));
        for (const item of page.items) chosen.add(item.taskId);
        continuation = page.continuation ?? '';
        this.chosen = new Set(chosen);
      } while (continuation && chosen.size < mostSelected);
      if (continuation) toast(`${number(chosen.size)} are selected, the most at once. Do these first, then select again.`);
    } catch (error) {
      toast(sayError(error));
    } finally {
      this.gathering = false;
    }
  }

  private async acted(done: Acted): Promise<void> {
    [this.acting, this.chosen, this.done] = [null, new Set(), done];
    await this.known.run();
    dispatchEvent(new Event('focus-page'));
  }

  private async undo(done: Acted): Promise<void> {
    const why = prompt('Why is it taken back?')?.trim();
    if (!why) return;
    try {
      let back = 0;
      for (const act of done.acts) back += (await oversight.undo(this.project.projectId, act, why)).done;
      toast(`${count(back, 'item')} as before.`);
      this.done = null;
      await this.known.run();
    } catch (error) {
      toast(`Not taken back: ${sayError(error)}`);
    }
  }

  private fields(): TemplateResult {
    const { filter } = this;
    const pick = (key: keyof Filters, label: string, choices: { key: string; name: string }[], none: string) =>
      selectField({ id: `items-${key}`, label, value: filter[key], choices, none, onInput: value => this.set(key, value) });
    const word = (key: keyof Filters, label: string, placeholder: string) =>
      textField({ id: `items-${key}`, label, type: 'search', value: filter[key], placeholder, onInput: value => this.set(key, value) });
    return html`<form class="filters many" role="search" aria-label="Filter the items" @submit=${(event: Event) => event.preventDefault()}>
      ${word('q', 'Words in the text', 'in the conversation or an answer')}
      ${pick('state', 'State', states, 'Every state')}
      ${pick('batch', 'Batch', this.batches.map(batch => ({ key: batch.batchId, name: batch.file })), 'Every batch')}
      ${word('model', 'Model', 'its name in the file')}
      ${pick('subdomain', 'Sub-domain', subdomains, 'Every sub-domain')}
      ${pick('risk', 'Risk', ['routine', 'elevated', 'emergency'].map(key => ({ key, name: spelled(key) })), 'Every risk')}
      ${pick('language', 'Language', this.project.languages.map(key => ({ key, name: languageName(key) })), 'Every language')}
      ${pick('audience', 'Audience', ['lay', 'clinician', 'unknown'].map(key => ({ key, name: spelled(key) })), 'Every audience')}
      ${pick('theme', 'Theme', themes.map(key => ({ key, name: spelled(key) })), 'Every theme')}
      ${pick('taskType', 'Task type', taskTypes.map(key => ({ key, name: spelled(key) })), 'Every type')}
      ${pick('disagreement', 'Scores apart', ['1', '2', '3', '4'].map(key => ({ key, name: `${key} or more` })), 'Any distance')}
      ${pick('harm', 'Harm', ['mild', 'moderate', 'severe', 'death'].map(key => ({ key, name: key === 'death' ? 'Death' : `${spelled(key)} or worse` })), 'Any harm')}
      ${pick('flag', 'Flag', [{ key: 'any', name: 'Any flag' }], 'Flagged or not')}
    </form>`;
  }

  private toolbar({ page }: Known): TemplateResult {
    const n = this.chosen.size;
    const whole = page.items.length > 0 && page.items.every(item => this.chosen.has(item.taskId));
    return html`<div class="card held-bar" role="group" aria-label="Do something with several">
      ${checkField('items-shown', `All ${number(page.items.length)} shown`, whole, on => (this.chosen = new Set(on ? page.items.map(item => item.taskId) : [])))}
      ${page.continuation ? html`<button class="btn small" type="button" aria-busy=${this.gathering} @click=${() => this.chooseAll()}>${this.gathering ? 'Selecting …' : 'Select all that fit'}</button>` : nothing}
      <span class="quiet push" role="status">${n ? `${count(n, 'item')} selected` : 'None selected'}</span>
      <label class="act"><span class="sr">With the selected items</span><select id="items-act" ?disabled=${n === 0} @change=${(event: Event) => this.choose(event.target as HTMLSelectElement)}>
        <option value="">With the selected …</option>${actKinds.map(kind => html`<option value=${kind.key}>${kind.verb}</option>`)}</select></label>
    </div>`;
  }

  private choose(select: HTMLSelectElement): void {
    if (select.value) this.acting = { kind: select.value, taskIds: [...this.chosen] };
    select.value = '';
  }

  private entry(item: ItemLine): Entry {
    const state = states.find(one => one.key === item.state)!;
    const { findings } = item;
    const batch = this.batches.find(one => one.batchId === item.batchId)?.file ?? item.batchId;
    return {
      title: html`<span class="row pick"><input type="checkbox" aria-label="Select ${item.itemId ?? item.taskId}" .checked=${this.chosen.has(item.taskId)} @change=${(event: Event) => this.toggle(item.taskId, (event.target as HTMLInputElement).checked)}>
        <a dir="auto" href="#/items/${this.project.projectId}/${item.taskId}">${item.asked.trim() || '(no question)'}</a></span>`,
      badges: html`${badge(item.stopped ? `${state.name}: ${item.stopped}` : state.name, state.tone)}
        ${findings?.harm && !['none'].includes(findings.harm) ? badge(`Harm: ${findings.harm}`, findings.harm === 'mild' ? 'warn' : 'bad') : nothing}
        ${findings?.critical ? badge('Critical error', 'bad') : nothing}
        ${findings && findings.spread >= 2 ? badge(`Scores ${findings.spread} apart`, 'warn') : nothing}
        ${findings?.flags.map(flag => badge(`Flag: ${spelled(flag).toLowerCase()}`, 'warn')) ?? nothing}`,
      facts: [
        ['Judged', `${item.judged} of ${item.overlap}${item.held ? `, ${item.held} at work` : ''}`],
        ['Models', item.models.join(', ') || 'not named'],
        ['Sub-domain', subdomains.find(one => one.key === item.subdomain)?.name ?? item.subdomain],
        ['Risk and language', `${spelled(item.risk)}, ${languageName(item.language)}`],
        ['From', html`<a href="#/batches/${this.project.projectId}/${item.batchId}">${batch}</a>, line ${number(item.line)}${item.itemId ? html` · <code>${item.itemId}</code>` : nothing}`],
      ],
    };
  }

  private how({ page, looked }: Known): string {
    if (page.total !== undefined) return `${number(page.items.length)} of ${count(page.total, 'item')}`;
    return page.continuation ? `${number(page.items.length)} found in the first ${number(looked)} looked at` : `${count(page.items.length, 'item')} found, ${number(looked)} looked at`;
  }

  private said(done: Acted): TemplateResult {
    return note(html`<span>Done to ${count(done.done, 'item')}${done.refused ? `; ${number(done.refused)} were left as they are` : ''}.</span>
      ${done.canBeUndone && done.acts.length ? html`<div><button class="btn small" type="button" @click=${() => this.undo(done)}>Undo</button></div>` : nothing}`, 'good', 'status');
  }

  private list(known: Known): TemplateResult {
    const { page } = known;
    const any = filters.some(key => this.filter[key]);
    return html`<p class="quiet" role="status" aria-busy=${this.known.busy}>${this.how(known)}</p>
      ${page.items.length === 0
        ? any ? emptyState('Nothing fits', page.continuation ? 'Nothing so far; there is more to look at.' : 'No item fits these filters.', page.continuation
          ? html`<button class="btn primary" type="button" @click=${() => this.more(known)}>Look further</button>`
          : html`<button class="btn" type="button" @click=${() => ((this.filter = nothingSet()), kept.delete(this.project.projectId), void this.known.run())}>Show everything</button>`)
          : emptyState('No items yet', 'Items come with batches.', html`<a class="btn primary" href="#/batches/${this.project.projectId}">Batches</a>`)
        : html`${this.toolbar(known)}${records('Items', page.items.map(item => this.entry(item)))}
          ${page.continuation ? html`<button class="btn" type="button" @click=${() => this.more(known)}>More items</button>` : nothing}`}`;
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">${this.fields()}${this.done ? this.said(this.done) : nothing}${this.known.show(known => this.list(known))}</div>
      <he-item-acts .project=${this.project.projectId} .about=${this.acting} .people=${this.people}
        @acted=${(event: CustomEvent<Acted>) => this.acted(event.detail)} @closed=${() => (this.acting = null)}></he-item-acts>`;
  }
}
