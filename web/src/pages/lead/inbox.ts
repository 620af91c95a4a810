import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { json, seg, send } from '../../api/http';
import type { Me, Person } from '../../api/people';
import { sayError } from '../../api/problem';
import type { Project } from '../../api/projects';
import { raters, type Notice } from '../../api/raters';
import { fixed } from '../../lead/estimate';
import { count, spelled } from '../../lead/words';
import { dayAndTime } from '../../logic/time';
import { dialog } from '../../ui/dialog';
import { areaField, selectField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, note, type Tone } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { toast } from '../../ui/toast';

interface Known {
  notices: Notice[];
  people: Person[];
}

type Asking = { notice: Notice; what: 'done' | 'go_on' | 'cancel' };

const kinds: Record<Notice['kind'], { name: string; tone: Tone }> = {
  danger: { name: 'Danger', tone: 'bad' },
  notice: { name: 'Watch over raters', tone: 'warn' },
  question: { name: 'Question of a rater', tone: 'info' },
  failed_batch: { name: 'Failed file', tone: 'bad' },
  held: { name: 'Held items', tone: 'warn' },
  case: { name: 'Disagreements', tone: 'info' },
};

const asks = {
  done: { verb: 'Done', heading: 'Say that it is done', hint: 'What came of it; kept with the notice.' },
  go_on: { verb: 'Let it be judged on', heading: 'Let the item be judged on?', hint: 'Why nobody is in danger; kept with the item.' },
  cancel: { verb: 'Cancel the item', heading: 'Keep the item from everybody?', hint: 'Why; kept with the item.' },
};

const naps = [{ key: '1', name: 'Until tomorrow' }, { key: '3', name: 'For 3 days' }, { key: '7', name: 'For a week' }];

/** What waits for the leads of a project: who has it, until when it was put off, what came of it. */
@customElement('he-inbox')
export class Inbox extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @state() private wanted = 'open';
  @state() private kind = '';
  @state() private asking: Asking | null = null;
  @state() private why = '';
  @state() private error = '';
  private readonly known = new Load<Known>(this, 'the inbox', async () => {
    const [notices, people] = await Promise.all([raters.notices(this.project.projectId), api.people()]);
    return { notices, people };
  }, () => 60_000);

  private async change(notice: Notice, action: string, more: Record<string, unknown> = {}): Promise<void> {
    try {
      await json(`oversight/${seg(this.project.projectId)}/inbox/${seg(notice.noticeId)}`, { method: 'POST', json: { action, scope: notice.scope, ...more } });
      await this.known.run();
    } catch (error) {
      toast(sayError(error));
    }
  }

  private async decide(): Promise<void> {
    const { notice, what } = this.asking!;
    const why = this.why.trim();
    if (!why) return void (this.error = 'Say why; it is kept.');
    try {
      if (what === 'done') await json(`oversight/${seg(this.project.projectId)}/inbox/${seg(notice.noticeId)}`, { method: 'POST', json: { action: 'done', scope: notice.scope, why } });
      else await send(`quality/${seg(this.project.projectId)}/danger/${seg(notice.taskId ?? '')}`, { method: 'POST', json: { decision: what, why } });
      this.asking = null;
      await this.known.run();
      dispatchEvent(new Event('focus-page'));
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private ask(notice: Notice, what: Asking['what']): void {
    [this.asking, this.why, this.error] = [{ notice, what }, '', ''];
  }

  private link(notice: Notice): TemplateResult | typeof nothing {
    const id = this.project.projectId;
    if (notice.kind === 'held') return html`<a class="btn small" href="#/batches/${id}/${notice.batchId}/held">Decide about them</a>`;
    if (notice.code === 'unanswered') return html`<a class="btn small" href="#/questions/${id}">Answer it</a>`;
    if (notice.kind === 'case') return html`<a class="btn small" href="#/items/${id}">Items</a>`;
    if (notice.batchId) return html`<a class="btn small" href="#/batches/${id}/${notice.batchId}">Receipt</a>`;
    if (notice.taskId) return html`<a class="btn small" href="#/items/${id}/${notice.taskId}">Item</a>`;
    return notice.personId ? html`<a class="btn small" href="#/raters/${id}/${notice.personId}">Rater</a>` : nothing;
  }

  private actions(notice: Notice, people: Person[]): TemplateResult {
    const leads = people.filter(person => person.active && person.roles.some(role => role === 'lead' || role === 'admin') && (person.projects.includes('*') || person.projects.includes(this.project.projectId)));
    const id = `inbox-${notice.noticeId}`;
    if (notice.state === 'done') return html`${this.link(notice)}<button class="btn small" type="button" @click=${() => this.change(notice, 'reopen')}>Open again</button>`;
    return html`${this.link(notice)}
      ${notice.kind === 'danger' && notice.taskId
        ? html`<button class="btn small primary" type="button" @click=${() => this.ask(notice, 'go_on')}>${asks.go_on.verb} …</button><button class="btn small danger" type="button" @click=${() => this.ask(notice, 'cancel')}>${asks.cancel.verb} …</button>`
        : ['case', 'held'].includes(notice.kind) || notice.code === 'unanswered' ? nothing : html`<button class="btn small primary" type="button" @click=${() => this.ask(notice, 'done')}>Done …</button>`}
      <label class="act"><span class="sr">Who takes it</span><select id="${id}-who" @change=${(event: Event) => this.change(notice, 'assign', { assignTo: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${!notice.assignedTo}>Nobody’s yet</option>${leads.map(person => html`<option value=${person.personId} ?selected=${person.personId === notice.assignedTo}>${person.name}</option>`)}</select></label>
      <label class="act"><span class="sr">Put it off</span><select id="${id}-nap" @change=${(event: Event) => this.nap(notice, event.target as HTMLSelectElement)}>
        <option value="">Put off …</option>${naps.map(nap => html`<option value=${nap.key}>${nap.name}</option>`)}</select></label>`;
  }

  private nap(notice: Notice, select: HTMLSelectElement): void {
    const days = Number(select.value);
    select.value = '';
    if (days) void this.change(notice, 'snooze', { until: new Date(Date.now() + days * 86_400_000).toISOString() });
  }

  private entry(notice: Notice, { people }: Known): Entry {
    const name = (id: string | undefined) => people.find(person => person.personId === id)?.name ?? id ?? '';
    const { figure } = notice;
    const reach = figure?.low === undefined || figure.high === undefined ? '' : ` (95\u00a0%: ${fixed(figure.low)} to ${fixed(figure.high)})`;
    return {
      title: notice.words,
      badges: html`${badge(kinds[notice.kind].name, kinds[notice.kind].tone)}${notice.paused ? badge('Paused for it', 'bad') : nothing}${notice.state === 'snoozed' ? badge(`Put off until ${dayAndTime(notice.snoozedUntil ?? '')}`) : nothing}${notice.state === 'done' ? badge('Done', 'good') : nothing}`,
      facts: [
        ['When', dayAndTime(notice.at)],
        ...(notice.personId ? [['Who', name(notice.personId)] as [string, string]] : []),
        ...(figure ? [['Figure', `${spelled(figure.measure)} ${fixed(figure.value)}${reach}, n ${figure.n}, limit ${fixed(figure.limit)}`] as [string, string]] : []),
        ...(notice.assignedTo ? [['Taken on by', name(notice.assignedTo)] as [string, string]] : []),
        ...(notice.doneBy ? [['Done', `${name(notice.doneBy)}, ${dayAndTime(notice.doneAt ?? '')}: ${notice.outcome ?? ''}`] as [string, string]] : []),
      ],
      actions: this.actions(notice, people),
    };
  }

  private list(known: Known): TemplateResult {
    const of = (state: string) => known.notices.filter(notice => (state === 'mine' ? notice.state === 'open' && notice.assignedTo === this.me.personId : notice.state === state));
    const shown = of(this.wanted).filter(notice => !this.kind || notice.kind === this.kind).sort((one, other) => Number(other.kind === 'danger') - Number(one.kind === 'danger') || other.at.localeCompare(one.at));
    return html`<form class="filters" @submit=${(event: Event) => event.preventDefault()}>
        ${selectField({ id: 'inbox-state', label: 'State', value: this.wanted, choices: [{ key: 'open', name: `Open (${of('open').length})` }, { key: 'mine', name: `Mine (${of('mine').length})` }, { key: 'snoozed', name: `Put off (${of('snoozed').length})` }, { key: 'done', name: 'Done' }], onInput: wanted => (this.wanted = wanted) })}
        ${selectField({ id: 'inbox-kind', label: 'Kind', value: this.kind, choices: Object.entries(kinds).map(([key, { name }]) => ({ key, name })), none: 'Every kind', onInput: kind => (this.kind = kind) })}
        <p class="quiet push" role="status">${count(shown.length, 'notice')}</p>
      </form>
      ${shown.length ? records('Inbox', shown.map(notice => this.entry(notice, known))) : emptyState('Nothing here', this.wanted === 'open' ? 'Nothing waits for a lead.' : 'No notice is in this state.')}`;
  }

  protected override render(): TemplateResult {
    const ask = this.asking && asks[this.asking.what];
    return html`<div class="stack">${this.known.show(known => this.list(known))}</div>
      ${dialog({
        heading: ask?.heading ?? '', open: this.asking !== null, onClose: () => (this.asking = null),
        body: ask ? html`<div class="stack"><p>${this.asking!.notice.words}</p>
          ${areaField({ id: 'inbox-why', label: 'Why', value: this.why, rows: 2, hint: ask.hint, onInput: why => (this.why = why) })}${this.error ? note(this.error, 'bad', 'alert') : nothing}</div>` : html``,
        foot: ask ? html`<button class="btn plain" type="button" @click=${() => (this.asking = null)}>Cancel</button>
          <button class="btn ${this.asking!.what === 'cancel' ? 'danger' : 'primary'}" type="button" @click=${() => this.decide()}>${ask.verb}</button>` : html``,
      })}`;
  }
}
