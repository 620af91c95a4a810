import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { Decided, DecisionKind, HeldItem, PrivacyDecision } from '../../api/held';
import { sayError } from '../../api/problem';
import type { Project, Receipt } from '../../api/projects';
import { decisions, screenLimits, whereWords } from '../../lead/held';
import { stateBadge } from '../../lead/receipt';
import { count, number, spelled } from '../../lead/words';
import { dayAndTime } from '../../logic/time';
import { checkField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, note } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import type { Question } from './decide';
import './decide';

interface Known {
  receipt: Receipt;
  held: HeldItem[];
  decided: PrivacyDecision[];
  moreDecided: boolean;
  names: Record<string, string>;
}

/** What the privacy screen keeps from raters until a lead has looked at it. */
@customElement('he-held')
export class HeldPage extends Light {
  @property({ attribute: false }) project!: Project;
  @property() batchId = '';
  @state() private chosen = new Set<string>();
  @state() private everything = false;
  @state() private question: Question | null = null;
  private readonly known = new Load<Known>(this, 'the held items', () => this.read());

  private async read(): Promise<Known> {
    const [id, batch] = [this.project.projectId, this.batchId];
    const [{ held }, { decisions: decided, continuation }, people] = await Promise.all([api.held(id, batch), api.decisions(id, batch), api.people()]);
    return { held, decided, moreDecided: Boolean(continuation), receipt: await api.batch(id, batch), names: Object.fromEntries(people.map(one => [one.personId, one.name])) };
  }

  private toggle(taskId: string, on: boolean): void {
    this.everything = false;
    const chosen = new Set(this.chosen);
    if (on) chosen.add(taskId);
    else chosen.delete(taskId);
    this.chosen = chosen;
  }

  private async open(item: HeldItem): Promise<void> {
    try {
      this.question = { kind: 'redact', taskIds: [item.taskId], items: 1, detail: await api.heldItem(this.project.projectId, this.batchId, item.taskId) };
    } catch (error) {
      toast(`Line ${item.line}: ${sayError(error)}`);
      void this.known.run();
    }
  }

  private ask(kind: DecisionKind, { receipt }: Known): void {
    this.question = { kind, taskIds: this.everything ? null : [...this.chosen], items: this.everything ? (receipt.held ?? 0) : this.chosen.size, detail: null };
  }

  private async decided({ count: done, left, state: now }: Decided): Promise<void> {
    [this.question, this.chosen, this.everything] = [null, new Set(), false];
    toast(`${count(done, 'item')} decided. ${left > 0 ? `${number(left)} to go.` : `The batch is ${now === 'loaded' || now === 'loaded_with_rejects' ? 'loaded' : 'finished'}.`}`);
    await this.known.run();
    dispatchEvent(new Event('focus-page'));
  }

  private toolbar(known: Known): TemplateResult {
    const { held, receipt } = known;
    const all = receipt.held ?? held.length;
    const n = this.everything ? all : this.chosen.size;
    const whole = !this.everything && this.chosen.size === held.length;
    return html`<div class="card held-bar" role="group" aria-label="Decide about several">
      ${checkField('held-shown', `All ${number(held.length)} shown`, whole || this.everything, on => ((this.everything = false), (this.chosen = new Set(on ? held.map(item => item.taskId) : []))))}
      ${all > held.length ? checkField('held-all', `All ${number(all)} of the batch`, this.everything, on => ((this.everything = on), (this.chosen = new Set()))) : nothing}
      <span class="quiet push" role="status">${n ? `${count(n, 'item')} selected` : 'None selected'}</span>
      ${(['release', 'redact', 'drop'] as const).map(kind => html`<button class="btn small ${kind === 'drop' ? 'danger' : ''}" type="button" ?disabled=${n === 0} @click=${() => this.ask(kind, known)}>${decisions[kind].verb}${kind === 'redact' ? ' what was found' : ''} …</button>`)}
    </div>`;
  }

  private entry(item: HeldItem): Entry {
    const kinds = [...new Set(item.places.map(place => place.class))];
    return {
      title: checkField(`held-${item.taskId}`, `Line ${number(item.line)}`, this.everything || this.chosen.has(item.taskId), on => this.toggle(item.taskId, on)),
      badges: html`${kinds.map(kind => badge(spelled(kind), 'warn'))}${item.more ? badge(`${number(item.more)} more`) : nothing}`,
      below: html`<ul class="snippets">${item.places.map(({ path, before, masked, after }) => html`<li><span class="quiet">${whereWords(path)}</span> <span dir="auto">…${before}<mark>${masked}</mark>${after}…</span></li>`)}</ul>`,
      actions: html`<button class="btn small primary" type="button" aria-label="Look and decide about line ${item.line}" @click=${() => this.open(item)}>Look and decide</button>`,
    };
  }

  private history({ decided, moreDecided, names }: Known): TemplateResult | typeof nothing {
    return decided.length === 0 ? nothing : dataTable(moreDecided ? 'Decided (the latest hundred)' : 'Decided', [
      { head: 'Line', num: true, rowHead: true, cell: one => number(one.line) },
      { head: 'Decision', cell: one => badge(spelled(one.decision), one.decision === 'dropped' ? 'bad' : one.decision === 'redacted' ? 'warn' : 'good') },
      { head: 'What and where', cell: one => (one.redacted ?? one.suspicions).slice(0, 5).map(place => `${spelled(place.class)} in ${whereWords(place.path).toLowerCase()}, character ${place.start + 1}`).join('; ') },
      { head: 'Why', cell: one => one.why },
      { head: 'Who and when', cell: one => `${names[one.by] ?? one.by}, ${dayAndTime(one.at)}` },
    ], decided);
  }

  private none({ receipt }: Known): TemplateResult {
    const { words } = stateBadge[receipt.state];
    return emptyState('Nothing is held', html`No item of <strong>${receipt.file}</strong> waits for a decision. The batch is in the state “${words}”.`, html`<a class="btn" href="#/batches/${this.project.projectId}/${this.batchId}">Receipt</a>`);
  }

  protected override render(): TemplateResult {
    return html`<p class="back"><a href="#/batches/${this.project.projectId}/${this.batchId}">← Receipt</a></p>
      ${this.known.show(known => html`<div class="stack">
        ${known.held.length === 0 ? this.none(known) : html`
          <p class="lead-line">${count(known.receipt.held ?? 0, 'item')} of <strong>${known.receipt.file}</strong> ${known.receipt.held === 1 ? 'looks' : 'look'} as if there were personal data in ${known.receipt.held === 1 ? 'it' : 'them'}. Nobody who judges sees ${known.receipt.held === 1 ? 'it' : 'them'} before you decide.</p>
          ${note(screenLimits, 'warn')}
          ${this.toolbar(known)}${records('Held items', known.held.map(item => this.entry(item)))}`}
        ${this.history(known)}
        ${known.decided.some(one => one.decision !== 'released') ? note('The customer’s file itself still lies in the drop folder. Remove it there when what was in it must not be kept.', 'info') : nothing}
      </div>`)}
      <he-decide .project=${this.project.projectId} .batch=${this.batchId} .about=${this.question}
        @decided=${(event: CustomEvent<Decided>) => this.decided(event.detail)} @closed=${() => (this.question = null)}></he-decide>`;
  }
}
