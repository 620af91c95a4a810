import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { GuidelineDifference } from '../../api/projects';
import { count } from '../../lead/words';
import { shortHash } from '../../ui/copy';
import { selectField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState } from '../../ui/pieces';
import { dataTable } from '../../ui/table';

/** What is different from an earlier version, part by part, in the words before and after. */
@customElement('he-guideline-changes')
export class GuidelineChanges extends Light {
  @property() guideline = '';
  @property() version = '';
  @state() private since = '';
  @state() private only = '';
  private readonly difference = new Load<GuidelineDifference | null>(this, 'the difference', () => this.read());

  private read(): Promise<GuidelineDifference | null> {
    const since = this.since || String(Number(this.version) - 1);
    return Number(since) >= 1 ? api.guidelineChanges(this.guideline, this.version, since) : Promise.resolve(null);
  }

  private choose(since: string): void {
    this.since = since;
    void this.difference.run();
  }

  private table(all: GuidelineDifference): TemplateResult {
    const parts = [...new Set(all.changes.map(change => change.part))];
    const shown = all.changes.filter(change => !this.only || change.part === this.only);
    const earlier = Array.from({ length: Number(this.version) - 1 }, (_, index) => String(index + 1));
    return html`<form class="filters" @submit=${(event: Event) => event.preventDefault()}>
        ${earlier.length > 1 ? selectField({ id: 'changes-since', label: 'Since version', value: this.since || String(all.since), choices: earlier.map(key => ({ key, name: key })), onInput: value => this.choose(value) }) : nothing}
        ${selectField({ id: 'changes-part', label: 'Part', value: this.only, none: 'Every part', choices: parts.map(key => ({ key, name: key })), onInput: value => (this.only = value) })}
        <p class="quiet push" role="status">${count(shown.length, 'change')}</p>
      </form>
      <p class="quiet">From version ${all.since} ${shortHash(all.sinceSha256, 'SHA-256 of the earlier version')} to version ${all.version} ${shortHash(all.sha256, 'SHA-256 of this version')}. Judgements made under the earlier version keep its words.</p>
      ${dataTable('What changed', [
        { head: 'Part and entry', rowHead: true, cell: one => html`${one.part}<br /><code>${one.entry}</code>` },
        { head: 'Edit', cell: one => badge(one.what) },
        { head: 'Before', cell: one => html`<span class="pre">${one.before}</span>` },
        { head: 'After', cell: one => html`<span class="pre">${one.after}</span>` },
      ], shown, 'Nothing changed in this part.')}`;
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">${this.difference.show(all => (all ? this.table(all) : emptyState('The first version: there is nothing to compare it with', nothing)))}</div>`;
  }
}
