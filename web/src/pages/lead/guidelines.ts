import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { api } from '../../api';
import type { Me } from '../../api/people';
import type { GuidelineSummary } from '../../api/projects';
import { shortHash } from '../../ui/copy';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { emptyState, pageHead } from '../../ui/pieces';
import { records } from '../../ui/records';
import { runs } from './project-entry';
import './guideline-view';

/** Every guideline version there is, or one of them to read. */
@customElement('he-guidelines')
export class Guidelines extends Light {
  @property({ attribute: false }) me: Me | null = null;
  @property() guideline = '';
  @property() version = '';
  @property() section = '';
  /** Most who read a guideline never write one. */
  private readonly editor = new Load<unknown>(this, 'the editor', () => (this.section === 'edit' ? import('./guideline-edit') : Promise.resolve(null)));
  private readonly all = new Load<GuidelineSummary[]>(this, 'the guidelines', () => api.guidelines());

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('section') && this.section === 'edit' && this.hasUpdated) void this.editor.run();
  }

  private list(all: GuidelineSummary[]): TemplateResult {
    const rest = (one: GuidelineSummary) => `#/guidelines/${one.id}/${one.version}`;
    return all.length ? records('Guideline versions', all.map(one => ({
      title: html`<a href=${rest(one)}>${one.title}</a>`,
      text: html`<code>${one.id}</code> · version ${one.version}`,
      facts: [['SHA-256', shortHash(one.sha256, 'SHA-256 of the guideline')]],
      actions: html`<a class="btn small" href=${rest(one)} aria-label="Read ${one.title}, version ${one.version}">Read</a>
        ${this.me && runs(this.me) ? html`<a class="btn small" href="${rest(one)}/edit" aria-label="Write a version from ${one.title}, version ${one.version}">Write a version</a>` : nothing}`,
    }))) : emptyState('No guideline', nothing);
  }

  protected override render(): TemplateResult {
    if (this.version && this.section === 'edit') return this.editor.show(loaded => (loaded ? html`${keyed(`${this.guideline}/${this.version}`, html`<he-guideline-edit .guideline=${this.guideline} .version=${this.version}></he-guideline-edit>`)}` : html``));
    if (this.version) return html`${keyed(`${this.guideline}/${this.version}`, html`<he-guideline-view .guideline=${this.guideline} .version=${this.version} .section=${this.section} .shares=${this.me !== null && runs(this.me)}></he-guideline-view>`)}`;
    return html`${pageHead('Guidelines', 'What every judgement is made under. A version never changes; its hash is in every report.')}${this.all.show(all => this.list(all))}`;
  }
}
