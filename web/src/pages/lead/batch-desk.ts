import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { batchDesk, type BatchActResult, type BatchProgress } from '../../api/batch-desk';
import { sayError } from '../../api/problem';
import type { Project } from '../../api/projects';
import { refusals, states } from '../../lead/acts';
import { fixed } from '../../lead/estimate';
import { sayFinish } from '../../lead/pace';
import { count, number } from '../../lead/words';
import { dayAndTime } from '../../logic/time';
import { dialog } from '../../ui/dialog';
import { areaField, selectField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { meter, note } from '../../ui/pieces';
import { factList } from '../../ui/records';
import { dataTable } from '../../ui/table';

type Asking = 'withdraw' | 'bring-back' | 'place';

const asks: Record<Asking, { heading: string; verb: string; effect: string }> = {
  withdraw: {
    heading: 'Withdraw the batch', verb: 'Withdraw',
    effect: 'Items that nobody has judged are handed out no more. Judgements of the others are set aside: they are in no figure and no file from the next report on, which says so. Reports that were delivered stay. It can be brought back.',
  },
  'bring-back': { heading: 'Bring the batch back', verb: 'Bring back', effect: 'The items are handed out again, and the judgements that were set aside with the batch count again.' },
  place: { heading: 'When it is judged', verb: 'Move', effect: 'Its open items go to this place in the order of work, before what their risk tier has. Who holds one keeps it.' },
};
const places = [{ key: 'first', name: 'Before everything else' }, { key: 'usual', name: 'In its turn' }, { key: 'last', name: 'When nothing else waits' }];

/** How far the judging of a batch is, by model and with the day it may end; taking it back. */
@customElement('he-batch-desk')
export class BatchDesk extends Light {
  @property({ attribute: false }) project!: Project;
  @property() batchId = '';
  @state() private asking: Asking | null = null;
  @state() private why = '';
  @state() private place = 'first';
  @state() private error = '';
  @state() private through = -1;
  @state() private refused: BatchActResult['refused'] = [];
  private readonly known = new Load<BatchProgress>(this, 'the progress', () => batchDesk.progress(this.project.projectId, this.batchId));

  /** By the hundred, as one act. */
  private async act(): Promise<void> {
    const what = this.asking!;
    const why = this.why.trim();
    if (!why) return void (this.error = 'Say why; it is kept with the batch.');
    [this.error, this.through, this.refused] = ['', 0, []];
    try {
      this.refused = await batchDesk.actOnAll(this.project.projectId, this.batchId, what, why, through => (this.through = through), what === 'place' ? this.place : undefined);
      this.asking = null;
      await this.known.run();
    } catch (error) {
      this.error = `${sayError(error)} ${count(this.through, 'item')} were done before that; do it again to go on.`;
    }
    this.through = -1;
  }

  private shown(progress: BatchProgress): TemplateResult {
    const { pace } = progress;
    const partly = progress.looked < progress.items;
    return html`<div class="stack">
      ${progress.withdrawn ? note(html`<span>Withdrawn ${dayAndTime(progress.withdrawn.at)}: ${progress.withdrawn.why}</span>`, 'warn') : nothing}
      ${this.refused.length ? note(html`<span>${count(this.refused.length, 'item')} were left as they are:</span><ul class="links">${refusals(this.refused).map(({ why, count: n }) => html`<li>${number(n)} × ${why}</li>`)}</ul>`, 'warn', 'status') : nothing}
      ${partly ? note(`Read from the first ${number(progress.looked)} of ${number(progress.items)} items; the number of items itself is exact.`, 'info') : nothing}
      ${progress.wanted ? meter('Judgements', progress.judged, progress.wanted, `${number(progress.judged)} of ${number(progress.wanted)}`) : nothing}
      ${factList([
        ['Items', number(progress.items)],
        ...states.filter(state => progress.states[state.key]).map(state => [state.name, number(progress.states[state.key] ?? 0)] as [string, string]),
        ['Pace', pace.perDay === undefined ? 'nothing judged yet' : `${fixed(pace.perDay, 1)} judgements a day${pace.deviation === undefined ? '' : ` (standard deviation ${fixed(pace.deviation, 1)})`}, over ${count(pace.whole, 'day')}`],
        ['Expected end', sayFinish(pace, new Date())],
        ['When it is judged', places.find(place => place.key === progress.place)?.name ?? 'In its turn, or as its risk tiers are'],
      ])}
      ${progress.models.length > 1 ? dataTable('By model', [
        { head: 'Model', rowHead: true, cell: one => one.model },
        { head: 'Items', num: true, cell: one => number(one.items) },
        { head: 'Judgements', num: true, cell: one => `${number(one.judged)} of ${number(one.wanted)}` },
        { head: 'Share', num: true, cell: one => (one.wanted ? `${fixed((100 * one.judged) / one.wanted, 0)}\u00a0%` : '–') },
      ], progress.models) : nothing}
      <div class="row"><a class="btn small" href="#/items/${this.project.projectId}">Items</a>
        ${progress.withdrawn ? nothing : html`<button class="btn small" type="button" ?disabled=${progress.items === 0} @click=${() => this.ask('place', progress.place)}>When it is judged …</button>`}
        ${progress.withdrawn
          ? html`<button class="btn small" type="button" @click=${() => this.ask('bring-back')}>Bring back …</button>`
          : html`<button class="btn small danger" type="button" ?disabled=${progress.items === 0} @click=${() => this.ask('withdraw')}>Withdraw this batch …</button>`}</div></div>`;
  }

  private ask(what: Asking, place = 'first'): void {
    [this.asking, this.why, this.error, this.place] = [what, '', '', place];
  }

  private body(what: Asking, items: number): TemplateResult {
    return html`<div class="stack"><p>${asks[what].effect}</p>
      ${what === 'place' ? selectField({ id: 'batch-place', label: 'Place', value: this.place, choices: places, onInput: place => (this.place = place) }) : nothing}
      ${areaField({ id: 'batch-why', label: 'Why', value: this.why, rows: 2, hint: 'Kept with your name and the time.', onInput: why => (this.why = why) })}
      ${this.error ? note(this.error, 'bad', 'alert') : nothing}
      ${this.through >= 0 ? meter('Done', this.through, items) : nothing}</div>`;
  }

  protected override render(): TemplateResult {
    const what = this.asking;
    return html`<section class="stack" aria-labelledby="batch-desk-head"><h2 id="batch-desk-head">How far it is</h2>
      ${this.known.show(progress => html`${this.shown(progress)}${dialog({
        heading: what ? asks[what].heading : '', open: what !== null, onClose: () => (this.asking = null),
        body: what ? this.body(what, progress.items) : html``,
        foot: what ? html`<button class="btn plain" type="button" @click=${() => (this.asking = null)}>Cancel</button>
          <button class="btn ${what === 'withdraw' ? 'danger' : 'primary'}" type="button" ?disabled=${this.through >= 0} @click=${() => this.act()}>${asks[what].verb}</button>` : html``,
      })}`)}</section>`;
  }
}
