import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { oversight } from '../../api/oversight';
import { raters, type Notice, type RaterDesk, type RaterJudgement, type Standing, type VoidResult } from '../../api/raters';
import { sayError } from '../../api/problem';
import type { Project } from '../../api/projects';
import { refusals } from '../../lead/acts';
import { fixed, percent } from '../../lead/estimate';
import { credentialWords } from '../../lead/person-draft';
import { count, number, spelled } from '../../lead/words';
import { dayAndTime, duration } from '../../logic/time';
import { dialog } from '../../ui/dialog';
import { areaField, textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, meter, note } from '../../ui/pieces';
import { factList } from '../../ui/records';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { driftPlot } from './drift-plot';
import { figure, stateBadge } from './raters';

interface Known {
  desk: RaterDesk;
  standing: Standing | undefined;
  /** Whether people can be paused and capped here. */
  manages: boolean;
  notices: Notice[];
  judgements: RaterJudgement[];
  total: number;
  setAside: number;
  continuation?: string;
}

type Asking = 'pause' | 'resume' | 'cap' | 'void';

const words: Record<Asking, { verb: string; effect: string }> = {
  pause: { verb: 'Pause', effect: 'They get no new tasks in this project until you resume them. What they hold they may hand in; they read your reason, and whom to ask.' },
  resume: { verb: 'Resume', effect: 'They get tasks again.' },
  cap: { verb: 'Set a cap', effect: 'They get no more than so many tasks of this project on a day (UTC). Leave it empty for as many as they like.' },
  void: { verb: 'Set judgements aside', effect: 'What they handed in from that day on is in no figure, file or report that is made from now on; reports that were delivered stay, the next one says so. The items are judged anew by others.' },
};

/** One rater: figures, where they stand, their judgements, and what a lead decides. */
@customElement('he-rater')
export class Rater extends Light {
  @property({ attribute: false }) project!: Project;
  @property() personId = '';
  @state() private asking: Asking | null = null;
  @state() private why = '';
  @state() private cap = '';
  @state() private from = '';
  @state() private preview: VoidResult | null = null;
  @state() private error = '';
  @state() private through = -1;
  @state() private last: { actId: string; done: number; refused: VoidResult['refused'] } | null = null;
  private readonly known = new Load<Known>(this, 'the rater', async () => {
    const id = this.project.projectId;
    const [desk, standing, notices, page] = await Promise.all([raters.list(id), raters.standing(id), raters.notices(id), raters.judgements(id, this.personId)]);
    return { desk, manages: standing !== null, standing: standing?.find(one => one.personId === this.personId), notices: notices.filter(notice => notice.personId === this.personId), ...page };
  });

  private ask(what: Asking): void {
    [this.asking, this.why, this.error, this.preview, this.from, this.through] = [what, '', '', null, '', -1];
    this.cap = String(this.known.value?.standing?.capPerDay ?? '');
  }

  private get start(): string {
    return `${this.from}T00:00:00Z`;
  }

  private async look(from: string): Promise<void> {
    [this.from, this.preview, this.error] = [from, null, ''];
    if (!from) return;
    try {
      this.preview = await raters.setAside(this.project.projectId, this.personId, { from: this.start, preview: true });
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private async act(): Promise<void> {
    const [id, why] = [this.project.projectId, this.why.trim()];
    if (!why) return void (this.error = 'Say why; it is kept with the decision.');
    this.error = '';
    try {
      if (this.asking === 'pause') await raters.pause(id, this.personId, why);
      else if (this.asking === 'resume') await raters.resume(id, this.personId, why);
      else if (this.asking === 'cap') await raters.cap(id, this.personId, this.cap.trim() ? Number(this.cap) : null, why);
      else await this.setAside(why);
      this.asking = null;
      await this.known.run();
    } catch (error) {
      this.error = `${sayError(error)}${this.through > 0 ? ` ${count(this.through, 'judgement')} were set aside before that.` : ''}`;
    }
    this.through = -1;
  }

  /** By the hundred, as one act. */
  private async setAside(why: string): Promise<void> {
    this.through = 0;
    let [actId, continuation]: [string | undefined, string | undefined] = [undefined, undefined];
    const refused: VoidResult['refused'] = [];
    do {
      const part: VoidResult = await raters.setAside(this.project.projectId, this.personId, { from: this.start, why, ...(actId ? { actId } : {}), ...(continuation ? { continuation } : {}) });
      [actId, continuation] = [part.actId, part.continuation];
      this.through += part.done;
      refused.push(...part.refused);
    } while (continuation);
    this.last = { actId: actId ?? '', done: this.through, refused };
  }

  private async undo(): Promise<void> {
    const why = prompt('Why are they taken back in?')?.trim();
    if (!why || !this.last) return;
    try {
      let continuation: string | undefined;
      let back = 0;
      do {
        const part = await oversight.undo(this.project.projectId, this.last.actId, why, continuation);
        back += part.done;
        continuation = part.continuation;
      } while (continuation);
      toast(`${count(back, 'judgement')} count again.`);
      this.last = null;
      await this.known.run();
    } catch (error) {
      toast(`Not taken back: ${sayError(error)}`);
    }
  }

  private async more(known: Known): Promise<void> {
    try {
      const next = await raters.judgements(this.project.projectId, this.personId, known.continuation);
      const { continuation: _, ...before } = known;
      this.known.value = { ...before, ...next, judgements: [...known.judgements, ...next.judgements] };
      this.requestUpdate();
    } catch (error) {
      toast(sayError(error));
    }
  }

  private figures(known: Known): TemplateResult {
    const person = known.desk.raters.find(one => one.personId === this.personId)!;
    const paused = known.standing?.state === 'paused';
    return html`<div class="stack">
      <h2>${person.name}</h2>
      <div class="row">${stateBadge(person, known.standing)}${person.simulated ? badge('Simulated', 'violet') : nothing}<code>${person.pseudonym}</code>${person.credential ? html`<span class="quiet">${credentialWords(person.credential)}</span>` : nothing}</div>
      ${paused ? note(known.standing!.pauses.filter(pause => !pause.endedAt).map(pause => pause.words).join(' '), 'warn') : nothing}
      ${factList([
        ['Judgements', `${number(known.total)}${known.setAside ? `, ${number(known.setAside)} set aside` : ''}`],
        ['Agreement with others, κ', figure(person.kappa)], ['Bias, points', figure(person.bias)], ['Active time for one', figure(person.pace, seconds => duration(seconds))],
        ['Same score everywhere', figure(person.straightLining, percent)], ['Gold items', number(person.gold.items)], ['Gold: acceptable scores', figure(person.gold.accuracy, percent)],
        ['Gold: κ', figure(person.gold.kappa)], ['Gold: criticals found', figure(person.gold.sensitivity, percent)], ['Gold: false alarms', figure(person.gold.falseAlarms, percent)],
      ])}
      ${driftPlot(person.chart, `Drift: ${person.drift}`)}
      <div class="row">
        ${known.manages ? html`<button class="btn" type="button" @click=${() => this.ask(paused ? 'resume' : 'pause')}>${paused ? 'Resume …' : 'Pause …'}</button>
        <button class="btn" type="button" @click=${() => this.ask('cap')}>${known.standing?.capPerDay ? `Cap: ${known.standing.capPerDay} a day …` : 'Set a cap …'}</button>` : nothing}
        <button class="btn danger" type="button" ?disabled=${known.total === 0} @click=${() => this.ask('void')}>Set judgements aside …</button>
      </div></div>`;
  }

  private notices({ notices }: Known): TemplateResult | typeof nothing {
    return notices.length === 0 ? nothing : dataTable<Notice>('Notices', [
      { head: 'What', rowHead: true, cell: one => one.words },
      { head: 'When', cell: one => dayAndTime(one.at) },
      { head: 'State', cell: one => html`${badge(spelled(one.state), one.state === 'done' ? 'good' : 'warn')}${one.paused ? badge('Paused for it', 'bad') : nothing}` },
    ], notices);
  }

  private judgements(known: Known): TemplateResult {
    return html`${dataTable<RaterJudgement>('Judgements, the newest first', [
      { head: 'Item', rowHead: true, cell: one => html`<a href="#/items/${this.project.projectId}/${one.taskId}">${one.taskId.slice(0, 10)}</a>` },
      { head: 'Handed in', cell: one => dayAndTime(one.submittedAt) },
      { head: 'Active', cell: one => duration(one.activeSeconds) },
      { head: 'Mean score', num: true, cell: one => (one.mean === undefined ? '–' : fixed(one.mean)) },
      { head: 'Harm', cell: one => (one.harm ? spelled(one.harm) : '–') },
      { head: 'Errors', num: true, cell: one => html`${number(one.errors)}${one.critical ? badge('critical', 'bad') : nothing}` },
      { head: 'Flags', cell: one => one.flags.map(flag => spelled(flag)).join(', ') || '–' },
    ], known.judgements, 'Nothing handed in.')}
      ${known.continuation ? html`<div><button class="btn" type="button" @click=${() => this.more(known)}>Earlier judgements</button></div>` : nothing}`;
  }

  private body(what: Asking): TemplateResult {
    return html`<div class="stack"><p>${words[what].effect}</p>
      ${what === 'cap' ? textField({ id: 'rater-cap', label: 'Tasks a day', type: 'number', value: this.cap, onInput: value => (this.cap = value) }) : nothing}
      ${what === 'void' ? textField({ id: 'rater-from', label: 'From (UTC day)', type: 'date', value: this.from, onInput: value => void this.look(value) }) : nothing}
      ${what === 'void' && this.preview ? note(this.preview.judgements === 0 ? 'Nothing was handed in since then.'
        : `${count(this.preview.judgements, 'judgement')} from ${dayAndTime(this.preview.first ?? '')} to ${dayAndTime(this.preview.last ?? '')} would be set aside, and as many places are open again.`, this.preview.judgements ? 'warn' : 'info', 'status') : nothing}
      ${areaField({ id: 'rater-why', label: 'Why', value: this.why, rows: 2, hint: what === 'pause' ? 'The rater reads it.' : 'Kept with your name and the time.', onInput: why => (this.why = why) })}
      ${this.error ? note(this.error, 'bad', 'alert') : nothing}
      ${this.through >= 0 && this.preview ? meter('Set aside', this.through, this.preview.judgements) : nothing}</div>`;
  }

  private outcome(): TemplateResult | typeof nothing {
    if (!this.last) return nothing;
    const { done, refused } = this.last;
    return note(html`<span>${count(done, 'judgement')} set aside${refused.length ? `; ${number(refused.length)} were left:` : '.'}</span>
      ${refused.length ? html`<ul class="links">${refusals(refused).map(({ why, count: n }) => html`<li>${number(n)} × ${why}</li>`)}</ul>` : nothing}
      ${done ? html`<div><button class="btn small" type="button" @click=${() => this.undo()}>Undo</button></div>` : nothing}`, 'good', 'status');
  }

  protected override render(): TemplateResult {
    const what = this.asking;
    return html`<p class="back"><a href="#/raters/${this.project.projectId}">← Raters</a></p>
      ${this.known.show(known => known.desk.raters.some(one => one.personId === this.personId)
        ? html`<div class="stack">${this.outcome()}${this.figures(known)}${this.notices(known)}${this.judgements(known)}</div>`
        : emptyState('There is no such rater', 'Nobody with this id judges in this project.'))}
      ${dialog({
        heading: what ? words[what].verb : '', open: what !== null, onClose: () => (this.asking = null),
        body: what ? this.body(what) : html``,
        foot: what ? html`<button class="btn plain" type="button" @click=${() => (this.asking = null)}>Cancel</button>
          <button class="btn ${what === 'void' || what === 'pause' ? 'danger' : 'primary'}" type="button" ?disabled=${this.through >= 0 || (what === 'void' && !this.preview?.judgements)} @click=${() => this.act()}>${words[what].verb}</button>` : html``,
      })}`;
  }
}
