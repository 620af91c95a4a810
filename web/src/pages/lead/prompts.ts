import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, downloads } from '../../api';
import type { Me } from '../../api/people';
import type { Project } from '../../api/projects';
import type { PromptSummary } from '../../api/prompts';
import { count, spelled } from '../../lead/words';
import { languageName } from '../../logic/names';
import { found } from '../../logic/search';
import { dayAndTime } from '../../logic/time';
import { textField } from '../../ui/field';
import { icon } from '../../ui/icon';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { runs } from './project-entry';

/** The workshop of a project: every prompt with its current version, found by its words. */
@customElement('he-prompts')
export class Prompts extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @state() private query = '';
  private readonly prompts = new Load<PromptSummary[]>(this, 'the prompts', () => api.prompts(this.project.projectId));

  private href(id: string): string {
    return `#/prompts/${this.project.projectId}/${id}`;
  }

  private entry(prompt: PromptSummary): Entry {
    return {
      title: html`<a href=${this.href(prompt.promptId)}>${prompt.title}</a>`,
      badges: html`${badge(`Version ${prompt.version}`)}${prompt.tags.map(tag => badge(tag))}`,
      text: html`<span dir="auto">${prompt.begins}</span>`,
      facts: [['Sub-domain', spelled(prompt.subdomain)], ['Language', languageName(prompt.language)], ['Last change', html`<code>${prompt.author}</code>, ${dayAndTime(prompt.changedAt)}`]],
      actions: html`<a class="btn small" href=${this.href(prompt.promptId)} aria-label="Refine ${prompt.title}">Refine</a>`,
    };
  }

  private list(all: PromptSummary[]): TemplateResult {
    const add = html`<a class="btn primary" href=${this.href('_new')}>${icon('plus')}New prompt</a>`;
    if (all.length === 0) return emptyState('No prompt yet', 'Write what a patient or a colleague might ask a health assistant. Every refinement is kept as a version of its own with the reason for it.', add);
    const shown = all.filter(prompt => found(this.query, prompt.title, prompt.begins, prompt.author, prompt.subdomain, ...prompt.tags))
      .toSorted((one, other) => other.changedAt.localeCompare(one.changedAt));
    return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
        ${textField({ id: 'prompts-query', label: 'Find', type: 'search', value: this.query, placeholder: 'Title, words, tag, author', onInput: value => (this.query = value) })}
        ${add}
        ${runs(this.me) ? html`<a class="btn" href=${downloads.prompts(this.project.projectId)} download>${icon('down')}All, for a model (JSON Lines)</a>` : nothing}
        <p class="quiet push" role="status">${shown.length === all.length ? count(all.length, 'prompt') : `${shown.length} of ${count(all.length, 'prompt')}`}</p>
      </form>
      ${shown.length ? records('Prompts', shown.map(prompt => this.entry(prompt))) : emptyState('No prompt has these words', nothing, html`<button class="btn" type="button" @click=${() => (this.query = '')}>Show all</button>`)}`;
  }

  protected override render(): TemplateResult {
    return this.prompts.show(all => this.list(all));
  }
}
