import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { api } from '../../api';
import type { GuidelineSummary } from '../../api/projects';
import { shortHash } from '../../ui/copy';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { emptyState, pageHead } from '../../ui/pieces';
import { records } from '../../ui/records';
import './guideline-view';

/** Every guideline version there is, or one of them to read. */
@customElement('he-guidelines')
export class Guidelines extends Light {
  @property() guideline = '';
  @property() version = '';
  @property() section = '';
  private readonly all = new Load<GuidelineSummary[]>(this, 'the guidelines', () => api.guidelines());

  private list(all: GuidelineSummary[]): TemplateResult {
    const rest = (one: GuidelineSummary) => `#/guidelines/${one.id}/${one.version}`;
    return all.length ? records('Guideline versions', all.map(one => ({
      title: html`<a href=${rest(one)}>${one.title}</a>`,
      text: html`<code>${one.id}</code> · version ${one.version}`,
      facts: [['SHA-256', shortHash(one.sha256, 'SHA-256 of the guideline')]],
      actions: html`<a class="btn small" href=${rest(one)} aria-label="Read ${one.title}, version ${one.version}">Read</a>`,
    }))) : emptyState('No guideline', nothing);
  }

  protected override render(): TemplateResult {
    if (this.version) return html`${keyed(`${this.guideline}/${this.version}`, html`<he-guideline-view .guideline=${this.guideline} .version=${this.version} .section=${this.section}></he-guideline-view>`)}`;
    return html`${pageHead('Guidelines', 'What every judgement is made under. A version never changes; its hash is in every report.')}${this.all.show(all => this.list(all))}`;
  }
}
