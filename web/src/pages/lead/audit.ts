import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, downloads } from '../../api';
import type { AuditEntry, AuditPage, TrailCheck } from '../../api/audit';
import { sayError } from '../../api/problem';
import type { Project } from '../../api/projects';
import { count } from '../../lead/words';
import { dayAndTime } from '../../logic/time';
import { selectField, textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { note } from '../../ui/pieces';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';

interface Known {
  page: AuditPage;
  names: Map<string, string>;
}

/** Who did what in a project, newest first, and whether the chain of it is whole. */
@customElement('he-audit')
export class AuditTrail extends Light {
  @property({ attribute: false }) project!: Pick<Project, 'projectId'>;
  @state() private action = '';
  @state() private by = '';
  @state() private from = '';
  @state() private until = '';
  @state() private check: TrailCheck | null = null;
  private readonly known = new Load<Known>(this, 'the audit trail', async () => {
    const [page, people] = await Promise.all([api.audit(this.project.projectId, this.filter()), api.people()]);
    return { page, names: new Map(people.map(person => [person.personId, person.name])) };
  });

  private filter(continuation?: string): Record<string, string> {
    const all = { action: this.action, by: this.by, from: this.from && `${this.from}T00:00:00Z`, until: this.until && dayAfter(this.until), continuation: continuation ?? '' };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
  }

  private set(patch: Record<string, string>): void {
    Object.assign(this, patch);
    void this.known.run();
  }

  private async more({ page, names }: Known): Promise<void> {
    try {
      const next = await api.audit(this.project.projectId, this.filter(page.continuation ?? ''));
      this.known.value = { page: { ...next, entries: [...page.entries, ...next.entries] }, names };
      this.requestUpdate();
    } catch (error) {
      toast(`No more entries: ${sayError(error)}`);
    }
  }

  private async verify(): Promise<void> {
    try {
      this.check = await api.auditCheck(this.project.projectId);
    } catch (error) {
      toast(`Not checked: ${sayError(error)}`);
    }
  }

  private filters({ page, names }: Known): TemplateResult {
    return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
      ${selectField({ id: 'audit-action', label: 'What', value: this.action, choices: page.actions.map(key => ({ key, name: words(key) })), none: 'Everything', onInput: value => this.set({ action: value }) })}
      ${selectField({ id: 'audit-by', label: 'Who', value: this.by, choices: [...names].map(([key, name]) => ({ key, name })), none: 'Everybody', onInput: value => this.set({ by: value }) })}
      ${textField({ id: 'audit-from', label: 'From (UTC)', type: 'date', value: this.from, onInput: value => this.set({ from: value }) })}
      ${textField({ id: 'audit-until', label: 'To', type: 'date', value: this.until, onInput: value => this.set({ until: value }) })}
    </form>`;
  }

  private checked(): TemplateResult | typeof nothing {
    if (!this.check) return nothing;
    const { whole, entries, head, faults } = this.check;
    return whole
      ? note(html`<strong>The chain is whole: ${count(entries, 'entry', 'entries')}, none changed or left out.</strong>
          ${head ? html`<span>Its end is <code>${head}</code>. Noted elsewhere, it proves later that nothing up to here was changed: <code>healtheval audit verify --project ${this.project.projectId} --head ${head}</code></span>` : nothing}`, 'good', 'status')
      : note(html`<strong>The chain is broken.</strong><ul>${faults.map(fault => html`<li>${fault}</li>`)}</ul>`, 'bad', 'alert');
  }

  private table({ page, names }: Known): TemplateResult {
    return dataTable<AuditEntry>('Who did what, newest first', [
      { head: 'No.', num: true, cell: one => one.number },
      { head: 'When', cell: one => dayAndTime(one.at) },
      { head: 'Who', cell: one => names.get(one.by) ?? one.by },
      { head: 'What', rowHead: true, cell: one => words(one.action) },
      { head: 'About', cell: one => (one.about ? html`<code>${names.get(one.about) ?? one.about}</code>` : nothing) },
      { head: 'From', cell: one => (one.from ? html`<code>${one.from}</code>` : nothing) },
      { head: 'To', cell: one => (one.to ? html`<code>${one.to}</code>` : nothing) },
    ], page.entries, 'Nothing fits.');
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">${this.known.show(known => html`
      ${this.filters(known)}
      <div class="row">
        <a class="btn small" href=${downloads.audit(this.project.projectId)} download>Export (JSON lines)</a>
        <button class="btn small" type="button" @click=${() => this.verify()}>Check the chain</button>
      </div>
      ${this.checked()}${this.table(known)}
      ${known.page.continuation ? html`<button class="btn" type="button" @click=${() => this.more(known)}>Earlier entries</button>` : nothing}`)}</div>`;
  }
}

/** 'link.asked-for' is 'Link: asked for'. */
function words(action: string): string {
  const [thing = '', what = ''] = action.replaceAll('-', ' ').split('.');
  return `${thing.charAt(0).toUpperCase()}${thing.slice(1)}: ${what}`;
}

function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString();
}
