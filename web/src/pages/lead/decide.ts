import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { Decided, DecisionKind, HeldDetail } from '../../api/held';
import { sayError } from '../../api/problem';
import { decisions, question } from '../../lead/held';
import { sent, type Marked } from '../../lead/redaction';
import { count, number } from '../../lead/words';
import { dialog } from '../../ui/dialog';
import { areaField } from '../../ui/field';
import { Light } from '../../ui/light';
import { meter, note } from '../../ui/pieces';
import './held-text';

/** What is to be decided about: some items, or all of the batch. */
export interface Question {
  kind: DecisionKind;
  taskIds: string[] | null;
  items: number;
  /** To mark what goes, when it is about one item. */
  detail: HeldDetail | null;
}

/** Asks why, carries the decision out and shows how far it is; fires `decided` with a Decided, `closed` when nothing is asked any more. */
@customElement('he-decide')
export class Decide extends Light {
  @property() project = '';
  @property() batch = '';
  @property({ attribute: false }) about: Question | null = null;
  @state() private why = '';
  @state() private error = '';
  @state() private done: number | null = null;
  @state() private places: Marked[] = [];

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('about')) return;
    [this.error, this.done] = ['', null];
    this.places = (this.about?.detail?.places ?? []).map(({ path, start, end, class: kind }) => ({ path, start, end, class: kind, on: true }));
  }

  private async decide(about: Question, kind: DecisionKind): Promise<void> {
    const why = this.why.trim();
    if (!why) return void (this.error = 'Say why; it is kept with the decision.');
    if (kind === 'redact' && about.detail && sent(this.places).length === 0) return void (this.error = 'Nothing is marked to go. Mark a place, or release the item.');
    [this.error, this.done] = ['', 0];
    try {
      const last = about.detail
        ? await api.decideHeld(this.project, this.batch, about.detail.taskId, kind === 'redact' ? { decision: kind, why, places: sent(this.places) } : { decision: kind, why })
        : await this.decideAll(about, kind, why);
      this.dispatchEvent(new CustomEvent<Decided>('decided', { detail: last }));
    } catch (error) {
      this.error = `${sayError(error)}${this.done ? ` ${count(this.done, 'item')} were decided before that.` : ''}`;
    }
    this.done = null;
  }

  /** By the hundred, until none is left or none of them can be decided. */
  private async decideAll({ taskIds, items }: Question, decision: DecisionKind, why: string): Promise<Decided> {
    let [last, total] = [{ count: 0, left: items, state: null } as Decided, 0];
    for (let from = 0; from < (taskIds?.length ?? Infinity); from += 100) {
      last = await api.decideManyHeld(this.project, this.batch, taskIds ? { decision, why, taskIds: taskIds.slice(from, from + 100) } : { decision, why });
      this.done = total += last.count;
      if (!taskIds && (last.count === 0 || last.left === 0)) break;
    }
    return { ...last, count: total };
  }

  private body(about: Question): TemplateResult {
    const busy = this.done !== null;
    return html`<div class="stack">
      ${about.detail ? html`<he-held-text .detail=${about.detail} .places=${this.places} @marked=${(event: CustomEvent<Marked[]>) => (this.places = event.detail)}></he-held-text>`
        : html`<p>${decisions[about.kind].effect}${about.kind === 'redact' ? ' Here that is every place the screen has found; what it cannot find stays in the text.' : ''}</p>`}
      ${about.detail?.more ? note(`${number(about.detail.more)} more places look like personal data than can be redacted here. Drop the item, unless all of them are false alarms.`, 'bad') : nothing}
      ${areaField({ id: 'decide-why', label: 'Why', value: this.why, rows: 2, hint: 'Kept for good with your name, the time and what was found where.', onInput: why => (this.why = why) })}
      ${about.detail ? note(html`<span><strong>Redact</strong> and <strong>Drop</strong> remove the original text from the store for good. No decision can be taken back.</span>`, 'warn')
        : note('No decision can be taken back.', 'warn')}
      ${this.error ? note(this.error, 'bad', 'alert') : nothing}
      ${busy && !about.detail ? meter('Decided', this.done ?? 0, about.items, `${number(this.done ?? 0)} of ${number(about.items)}`) : nothing}
    </div>`;
  }

  private foot(about: Question): TemplateResult {
    const kinds: DecisionKind[] = about.detail ? ['drop', 'release', 'redact'] : [about.kind];
    const words = (kind: DecisionKind) => (about.detail ? (kind === 'redact' ? `Redact ${count(sent(this.places).length, 'place')}` : decisions[kind].verb) : `${decisions[kind].verb} ${count(about.items, 'item')}`);
    const look = (kind: DecisionKind) => (kind === 'drop' ? 'danger' : kind === about.kind ? 'primary' : '');
    return html`<button class="btn plain" type="button" ?disabled=${this.done !== null} @click=${() => this.close()}>Cancel</button>
      ${kinds.map(kind => html`<button class="btn ${look(kind)}" type="button" ?disabled=${this.done !== null} @click=${() => this.decide(about, kind)}>${words(kind)}</button>`)}`;
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('closed'));
  }

  protected override render(): TemplateResult {
    const { about } = this;
    return dialog({
      heading: about ? (about.detail ? `Line ${about.detail.line}` : question(about.kind, about.items)) : '',
      open: about !== null,
      kind: about?.detail ? 'wide' : '',
      onClose: () => this.close(),
      body: about ? this.body(about) : html``,
      foot: about ? this.foot(about) : html``,
    });
  }
}
