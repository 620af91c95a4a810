import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { json, seg } from '../../api/http';
import { Problem, sayError } from '../../api/problem';
import type { GuidelineSummary, Project } from '../../api/projects';
import { added, differences, entriesOf, moved, parts, removed, sent, shownValue, takeIn, withValue, type Draft, type Field, type Part } from '../../lead/guideline-draft';
import { count } from '../../lead/words';
import { go } from '../../router';
import { areaField, checkField, selectField, textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, note, pageHead } from '../../ui/pieces';
import { dataTable } from '../../ui/table';

interface Known {
  base: Draft;
  projects: Project[];
}

const builtIn = 'healtheval';
const views = [{ key: 'about', name: 'About' }, ...parts.map(({ key, name }) => ({ key, name })), { key: 'all', name: 'All of it' }, { key: 'difference', name: 'Difference' }];

/** Writes the next version of a guideline, or a guideline of one's own from another; published once, it never changes. */
@customElement('he-guideline-edit')
export class GuidelineEdit extends Light {
  @property() guideline = '';
  @property() version = '';
  @state() private draft: Draft = {};
  @state() private ownId = '';
  @state() private owner = '';
  @state() private view = 'about';
  @state() private open = 0;
  @state() private whole = '';
  @state() private said = '';
  @state() private error = '';
  @state() private errors: Record<string, string[]> = {};
  @state() private busy = false;
  private readonly known = new Load<Known>(this, 'the guideline', async () => {
    const [base, projects] = await Promise.all([api.guideline(this.guideline, this.version), api.projects()]);
    this.begin(base as unknown as Draft, projects);
    return { base: base as unknown as Draft, projects };
  });

  private get kept(): string {
    return `guideline-draft:${this.guideline}:${this.version}`;
  }

  /** What was written before a reload stays on this device until it is published or given up. */
  private begin(base: Draft, projects: Project[]): void {
    this.ownId = this.guideline === builtIn ? '' : this.guideline;
    this.owner = projects.length === 1 ? projects[0]!.projectId : '';
    this.draft = base;
    try {
      const before = JSON.parse(localStorage.getItem(this.kept) ?? 'null') as { draft: Draft; id: string } | null;
      if (before) [this.draft, this.ownId, this.said] = [before.draft, before.id, 'Your draft from this device is here again.'];
    } catch {
      // nothing that can be read is nothing
    }
  }

  private change(draft: Draft): void {
    this.draft = draft;
    this.keep();
  }

  private keep(): void {
    try {
      localStorage.setItem(this.kept, JSON.stringify({ draft: this.draft, id: this.ownId }));
    } catch {
      this.error = 'This device refuses to keep a copy of your draft. Publish it before you close this page.';
    }
  }

  private giveUp({ base }: Known): void {
    if (!confirm('Give up everything you have written here?')) return;
    localStorage.removeItem(this.kept);
    [this.draft, this.said, this.error, this.errors] = [base, '', '', {}];
  }

  private async take(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    try {
      const { draft, words } = takeIn(this.draft, await file.text());
      this.change(draft);
      [this.said, this.error] = [words, ''];
    } catch (error) {
      this.error = `${file.name}: ${sayError(error)}`;
    }
    input.value = '';
  }

  private async publish(): Promise<void> {
    [this.busy, this.error, this.errors] = [true, '', {}];
    try {
      const query = this.owner ? `?project=${seg(this.owner)}` : '';
      const made = await json<GuidelineSummary>(`guidelines/${seg(this.ownId)}${query}`, { method: 'PUT', json: sent(this.draft, this.ownId) });
      localStorage.removeItem(this.kept);
      go(`/guidelines/${made.id}/${made.version}`);
    } catch (error) {
      this.error = sayError(error);
      if (error instanceof Problem) this.errors = error.errors;
    }
    this.busy = false;
  }

  private about({ projects }: Known): TemplateResult {
    const word = (key: string) => String(this.draft[key] ?? '');
    return html`<div class="stack form">
      ${textField({ id: 'g-id', label: 'Id', value: this.ownId, hint: this.guideline === builtIn ? 'The built-in guideline stays as it is: yours gets an id of its own, in lower-case letters, digits and hyphens.' : 'The same id makes the next version of it; another one makes a guideline of its own.', errors: this.errors['id'], onInput: value => ((this.ownId = value.trim()), this.keep()) })}
      ${textField({ id: 'g-title', label: 'Title', value: word('title'), errors: this.errors['title'], onInput: title => this.change({ ...this.draft, title }) })}
      ${areaField({ id: 'g-summary', label: 'Summary', value: word('summary'), rows: 3, onInput: summary => this.change({ ...this.draft, summary }) })}
      ${textField({ id: 'g-date', label: 'Published on', type: 'date', value: word('publishedOn'), onInput: publishedOn => this.change({ ...this.draft, publishedOn }) })}
      ${selectField({ id: 'g-owner', label: 'For which project', value: this.owner, choices: projects.map(project => ({ key: project.projectId, name: `${project.name}, ${project.customer}` })), none: 'Every project of yours', errors: this.errors['project'], onInput: owner => (this.owner = owner) })}
      <div><label class="btn">Take over a file …<input class="sr" type="file" accept=".json" @change=${(event: Event) => this.take(event.target as HTMLInputElement)}></label>
      <p class="quiet">A whole guideline, a customer’s rules (as in samples/guideline-telehealth.json), or the criteria of a rubric (as in samples/rubric.json).</p></div>
    </div>`;
  }

  private field(part: Part, index: number, field: Field): TemplateResult {
    const entry = entriesOf(this.draft, part.key)[index]!;
    const value = shownValue(entry, field);
    const id = `g-${part.key}-${index}-${field.key}`;
    const onInput = (typed: string) => this.change(withValue(this.draft, part, index, field, typed));
    if (field.kind === 'check') return checkField(id, field.label, value === 'true', on => this.change(withValue(this.draft, part, index, field, on)));
    if (field.kind === 'choice') return selectField({ id, label: field.label, value, choices: field.choices!.map(key => ({ key, name: key })), onInput });
    return field.kind === 'text' ? textField({ id, label: field.label, value, onInput }) : areaField({ id, label: field.label, value, rows: field.kind === 'lines' ? 4 : 2, onInput });
  }

  private entries(part: Part): TemplateResult {
    const entries = entriesOf(this.draft, part.key);
    const name = (index: number) => String(entries[index]?.[part.id] ?? '').slice(0, 60) || `New, number ${index + 1}`;
    const extra = (index: number) => ['name', 'text', 'question'].map(key => entries[index]?.[key]).find(value => typeof value === 'string' && value !== entries[index]?.[part.id]) as string | undefined;
    return html`${part.hint ? html`<p class="quiet">${part.hint}</p>` : nothing}
      <ul class="records editor" aria-label=${part.name}>${entries.map((_, index) => html`<li class="record"><details ?open=${this.open === index} @toggle=${(event: Event) => {
        if ((event.target as HTMLDetailsElement).open) this.open = index;
        else if (this.open === index) this.open = -1;
      }}>
        <summary><strong>${name(index)}</strong> <span class="quiet">${extra(index)?.slice(0, 90) ?? ''}</span></summary>
        ${this.open === index ? html`<div class="stack form">${part.fields.filter(field => field.key !== 'key' || index >= (part.kept ?? 0)).map(field => this.field(part, index, field))}
          ${part.open && index >= (part.kept ?? 0) ? html`<div class="row">
            <button class="btn small" type="button" ?disabled=${index === (part.kept ?? 0)} @click=${() => this.move(part, index, -1)}>Move up</button>
            <button class="btn small" type="button" ?disabled=${index === entries.length - 1} @click=${() => this.move(part, index, 1)}>Move down</button>
            <button class="btn small danger" type="button" @click=${() => (this.change(removed(this.draft, part, index)), (this.open = -1))}>Remove</button></div>` : nothing}</div>` : nothing}
      </details></li>`)}</ul>
      ${part.open ? html`<div><button class="btn" type="button" @click=${() => (this.change(added(this.draft, part)), (this.open = entries.length))}>Add one</button></div>` : nothing}`;
  }

  private move(part: Part, index: number, by: -1 | 1): void {
    this.change(moved(this.draft, part, index, by));
    this.open = index + by;
  }

  private everything(): TemplateResult {
    const apply = () => {
      try {
        this.change(JSON.parse(this.whole) as Draft);
        [this.error, this.said] = ['', 'Taken over.'];
      } catch (error) {
        this.error = `This is not JSON yet: ${sayError(error)}`;
      }
    };
    return html`<p class="quiet">Harm, evidence tiers, sources, gates and calibration items are written here, as JSON; so is everything else.</p>
      ${areaField({ id: 'g-all', label: 'The document', value: this.whole, rows: 24, onInput: whole => (this.whole = whole) })}
      <div><button class="btn" type="button" @click=${apply}>Take over what stands here</button></div>`;
  }

  private difference({ base }: Known): TemplateResult {
    const all = differences(base, this.draft);
    return html`<p class="quiet">Against ${String(base['id'])}, version ${String(base['version'])}.</p>${dataTable('What is different', [
      { head: 'Part and entry', rowHead: true, cell: one => html`${one.part}<br><code>${one.entry}</code>` },
      { head: 'Edit', cell: one => badge(one.what) },
      { head: 'Before', cell: one => html`<span class="pre">${one.before.slice(0, 600)}</span>` },
      { head: 'After', cell: one => html`<span class="pre">${one.after.slice(0, 600)}</span>` },
    ], all, 'Nothing is different.')}`;
  }

  private look(view: string): void {
    [this.view, this.open] = [view, 0];
    if (view === 'all') this.whole = JSON.stringify(sent(this.draft, this.ownId), null, 2);
  }

  private faults(): TemplateResult | typeof nothing {
    const all = Object.entries(this.errors);
    return this.error ? note(html`<span>${this.error}</span>${all.length ? html`<ul class="links">${all.slice(0, 20).map(([field, reasons]) => html`<li><code>${field}</code> ${reasons.join(' ')}</li>`)}</ul>` : nothing}`, 'bad', 'alert') : nothing;
  }

  protected override render(): TemplateResult {
    return html`<p class="back"><a href="#/guidelines/${this.guideline}/${this.version}">← Version ${this.version}</a></p>
      ${pageHead('Write a guideline version', 'What is published never changes; judgements made under an earlier version keep its words.')}
      ${this.known.show(known => {
        const n = differences(known.base, this.draft).length;
        const part = parts.find(one => one.key === this.view);
        return html`<div class="stack">
          ${this.said ? note(this.said, 'info', 'status') : nothing}${this.faults()}
          <div class="card held-bar" role="group" aria-label="Publish"><span role="status">${n ? `${count(n, 'difference')} to version ${this.version}` : 'Nothing is different yet'}</span>
            <button class="btn small plain push" type="button" ?disabled=${n === 0} @click=${() => this.giveUp(known)}>Give up</button>
            <button class="btn small primary" type="button" ?disabled=${n === 0 || this.busy || !this.ownId} @click=${() => this.publish()}>Publish as a new version</button></div>
          <div class="tabs scroll row" role="group" aria-label="Parts">${views.map(view => html`<button class="btn small ${this.view === view.key ? 'primary' : 'plain'}" type="button" aria-pressed=${this.view === view.key} @click=${() => this.look(view.key)}>${view.name}</button>`)}</div>
          ${part ? this.entries(part) : this.view === 'about' ? this.about(known) : this.view === 'all' ? this.everything() : this.difference(known)}
        </div>`;
      })}`;
  }
}
