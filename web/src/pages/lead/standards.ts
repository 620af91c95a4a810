import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { sayError } from '../../api/problem';
import type { Project, Routing } from '../../api/projects';
import { batchDesk, type BatchActResult } from '../../api/batch-desk';
import { raters, type PathStep, type Standing } from '../../api/raters';
import { fixed, percent } from '../../lead/estimate';
import { checkStandards, paidKinds, paths, riskTiers, standardsDraft, standardsInput, watchRules, type StandardsDraft } from '../../lead/standards-draft';
import { count, spelled } from '../../lead/words';
import type { Guideline } from '../../logic/guideline';
import { dayAndTime } from '../../logic/time';
import { dialog } from '../../ui/dialog';
import { Form } from '../../ui/edit-form';
import { areaField, selectField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, note, type Tone } from '../../ui/pieces';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';

interface Known {
  project: Project;
  guideline: Guideline;
  liveGold: number;
  standing: Standing[];
}

const steps = [{ key: 'quiz', name: 'Quiz' }, { key: 'calibration', name: 'Calibration' }, { key: 'qualification', name: 'Qualification' }];
const tones: Record<PathStep['state'], Tone> = { none: 'neutral', open: 'info', passed: 'good', failed: 'bad', waived: 'warn' };

/** The path to production of a project, its checks, and where everybody is on it. */
@customElement('he-standards')
export class Standards extends Light {
  @property({ attribute: false }) project!: Project;
  @state() private asking: Standing | null = null;
  @state() private step = 'quiz';
  @state() private decision = 'waived';
  @state() private why = '';
  @state() private error = '';
  private readonly form = new Form<StandardsDraft>(this, () => `standards:${this.project.projectId}`, paths);
  private readonly known = new Load<Known>(this, 'the path and the checks', () => this.read());

  private async read(): Promise<Known> {
    const id = this.project.projectId;
    const [project, gold, standing] = await Promise.all([api.project(id), api.gold(id), raters.standing(id)]);
    const guideline = await api.guideline(project.guideline.id, project.guideline.version);
    this.form.start({ value: standardsDraft(project), etag: project.etag });
    return { project, guideline, liveGold: gold.items.filter(item => !item.retiredAt).length, standing: standing ?? [] };
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const id = this.project.projectId;
    const reread = async () => {
      const now = await api.project(id);
      return { value: standardsDraft(now), etag: now.etag };
    };
    if (!(await this.form.save(checkStandards, (draft, etag) => raters.saveStandards(id, standardsInput(draft), etag), reread))) return;
    const moved = await this.reroute(this.known.value!.project, standardsInput(this.form.value).routing);
    toast(`Saved. It holds for the next task that somebody asks for.${moved ? ` ${count(moved, 'task')} changed their place.` : ''}`);
    await this.known.run();
  }

  /** Tasks that were there before the order of work changed. */
  private async reroute({ projectId, routing: before }: Project, now: Routing): Promise<number> {
    const said = (routing: Routing | null | undefined) => JSON.stringify([riskTiers.map(({ key }) => routing?.risk?.[key] ?? ''), routing?.specialties ?? []]);
    if (said(before) === said(now)) return 0;
    let [moved, continuation]: [number, string | undefined] = [0, undefined];
    do {
      const part: BatchActResult = await batchDesk.reroute(projectId, continuation ? { continuation } : {});
      [moved, continuation] = [moved + part.done, part.continuation];
    } while (continuation);
    return moved;
  }

  private ask(person: Standing): void {
    const next = person.path.find(one => one.asked && (one.state === 'open' || one.state === 'failed'));
    [this.asking, this.step, this.decision, this.why, this.error] = [person, next?.step ?? 'quiz', next?.state === 'failed' ? 'again' : 'waived', '', ''];
  }

  private async decide(): Promise<void> {
    const why = this.why.trim();
    if (!why) return void (this.error = 'Say why; it is kept with the decision.');
    try {
      await raters.allow(this.project.projectId, this.asking!.personId, this.step, this.decision, why);
      this.asking = null;
      await this.known.run();
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private path({ guideline, liveGold, project }: Known): TemplateResult {
    const { form } = this;
    const [quiz, calibration] = [guideline.quiz?.length ?? 0, guideline.calibration?.length ?? 0];
    const link = html`<a href="#/guidelines/${project.guideline.id}/${project.guideline.version}/training">Questions and items, with their solutions</a>`;
    return html`<fieldset class="card stack"><legend>Before somebody judges here</legend>
      <p class="quiet">Each step that is on is asked of everybody, in this order; who has done it under the same scales is not asked again. ${quiz + calibration ? link : nothing}</p>
      ${form.check('quiz', html`<strong>Quiz</strong> of the guideline: ${quiz ? `${count(quiz, 'question')}, two tries` : 'this guideline version has none'}`, 'Quiz')}
      ${form.check('calibration', html`<strong>Calibration</strong>: ${calibration ? `${count(calibration, 'item')}, each with the experts’ judgement and reasons at once` : 'this guideline version has no items'}`, 'Calibration')}
      ${form.check('qualification', html`<strong>Qualification</strong>: gold items before anything else, unseen`, 'Qualification')}
      <div class="grid2">
        ${form.text('quizPercent', 'Right answers that pass the quiz, %', { type: 'number' })}
        ${form.text('qualificationItems', 'Gold items that qualify', { type: 'number' })}
        ${form.text('qualificationAlpha', 'Agreement that qualifies, α', { hint: 'With the references, ordinal; every planted critical error must be found too.' })}
      </div>
      ${form.value.qualification && liveGold < Number(form.value.qualificationItems) ? note(`The project has ${count(liveGold, 'live gold item')}, fewer than the qualification asks for: nobody can finish it yet.`, 'warn') : nothing}
    </fieldset>`;
  }

  private checks({ liveGold }: Known): TemplateResult {
    const { form } = this;
    return html`<fieldset class="card stack"><legend>While they judge</legend>
      <div class="grid2">
        ${form.text('goldPercent', 'Hidden gold tasks, %', { type: 'number', hint: liveGold ? `${count(liveGold, 'gold item')} to hand out; 8 is usual, half of them clean controls.` : 'The project has no gold item yet: until it has, none is mixed in.' })}
        ${form.text('repeatPercent', 'Own items again, %', { type: 'number', hint: 'Unmarked; they show how far people agree with themselves.' })}
        ${form.text('repeatAfterDays', 'Again after, days', { type: 'number' })}
        ${form.text('secondPercent', 'Second judgement of the rest, %', { type: 'number', hint: 'Of items without harm or a critical finding.' })}
        ${form.text('disputeRange', 'Scores so far apart are a disagreement', { type: 'number' })}
      </div>
      ${form.check('secondOnHarm', html`<strong>Second judgement</strong> of everything with harm from moderate on or a critical finding`, 'Second judgement')}
      ${form.check('thirdOnDispute', html`<strong>Third judgement</strong> where two disagree, before an adjudicator has it`, 'Third judgement')}
    </fieldset>
    <fieldset class="card stack"><legend>Order of work</legend>
      <p class="quiet">A batch can be moved too, on its own page; that goes before its risk tiers. Within one place items come in the order of their arrival.</p>
      <div class="grid2">${riskTiers.map(({ key, name }) => form.select(`risk_${key}`, `Risk: ${name.toLowerCase()}`, [{ key: 'first', name: 'Before everything else' }, { key: 'last', name: 'When nothing else waits' }], { none: 'In its turn' }))}
        ${form.text('specialties', 'Specialties that are routed', { placeholder: 'cardiology, paediatrics', hint: 'Items that name one go to people who have it first, and to others when nothing else waits for them. At most 8.' })}</div>
    </fieldset>
    <fieldset class="card stack"><legend>What the watch does</legend>
      <p class="quiet">A rule fires when its figure lies beyond its limit with its whole 95\u00a0% interval. Nobody is paused on fewer than ten; a paused person reads why and whom to ask.</p>
      <div class="grid2">${watchRules.map(({ key, name, standard }) => form.select(`rule_${key}`, name, [{ key: 'off', name: 'Nothing' }, { key: 'notice', name: 'Notice to the lead' }, { key: 'pause', name: 'Pause in this project' }], { none: `As usual: ${standard === 'pause' ? 'pause' : 'notice'}` }))}</div>
    </fieldset>
    <fieldset class="card stack"><legend>Pay</legend>
      <p class="quiet">In the project’s own currency, empty for none. Gold items and repeats are paid as what they copy. Raters see their own, customers none of it.</p>
      <div class="grid2">${paidKinds.map(({ key, name }) => form.text(`rate_${key}`, name))}</div>
    </fieldset>`;
  }

  private say(one: PathStep): TemplateResult {
    if (one.state === 'none') return html`<span class="quiet">–</span>`;
    const words = one.step === 'calibration' ? `${one.tries} of ${one.total} items${one.of ? `, ${percent(one.right / one.of, 0)} of scores as experts have them` : ''}`
      : one.tries === 0 ? 'not tried' : `${one.right} of ${one.of}${one.alpha === undefined ? '' : `, α ${fixed(one.alpha)}`}${one.criticalsPlanted ? `, ${one.criticalsFound} of ${one.criticalsPlanted} criticals` : ''}`;
    return html`${badge(one.asked ? spelled(one.state) : `${spelled(one.state)} (not asked)`, one.asked ? tones[one.state] : 'neutral')} <span class="quiet">${words}${one.at ? ` · ${dayAndTime(one.at)}` : ''}</span>`;
  }

  private people(standing: Standing[]): TemplateResult {
    const states: Record<string, [string, Tone]> = { active: ['Active', 'good'], paused: ['Paused', 'bad'] };
    const of = (person: Standing, step: string) => person.path.find(one => one.step === step);
    return html`<section class="stack" aria-labelledby="path-people"><h2 id="path-people">Where everybody is</h2>
      ${dataTable<Standing>('The path to production, per person', [
        { head: 'Person', rowHead: true, cell: one => html`<a href="#/raters/${this.project.projectId}/${one.personId}">${one.name}</a> ${one.simulated ? badge('Simulated', 'violet') : nothing}` },
        { head: 'State', cell: one => badge(states[one.state]?.[0] ?? `At: ${spelled(one.state).toLowerCase()}`, states[one.state]?.[1] ?? 'info') },
        ...steps.map(step => ({ head: step.name, cell: (one: Standing) => (of(one, step.key) ? this.say(of(one, step.key)!) : nothing) })),
        { head: 'Decided', cell: one => (one.allowances.length ? html`<ul class="links">${one.allowances.map(made => html`<li>${spelled(made.step)}: ${made.kind === 'again' ? 'another try' : 'waived'}, ${dayAndTime(made.at)}: ${made.why}</li>`)}</ul>` : '–') },
        { head: '', cell: one => html`<button class="btn small" type="button" aria-label="Decide about a step of ${one.name}" @click=${() => this.ask(one)}>Decide …</button>` },
      ], standing, 'Nobody judges in this project yet.')}
    </section>`;
  }

  private body(): TemplateResult {
    return html`<div class="stack">
      ${selectField({ id: 'step-which', label: 'Step', value: this.step, choices: steps, onInput: step => (this.step = step) })}
      ${selectField({ id: 'step-decision', label: 'Decision', value: this.decision, choices: [{ key: 'waived', name: 'Waive it for this person' }, { key: 'again', name: 'Let them try again' }], onInput: decision => (this.decision = decision) })}
      ${areaField({ id: 'step-why', label: 'Why', value: this.why, rows: 2, hint: 'Kept with your name and the time.', onInput: why => (this.why = why) })}
      ${this.error ? note(this.error, 'bad', 'alert') : nothing}</div>`;
  }

  protected override render(): TemplateResult {
    return html`<p class="back"><a href="#/raters/${this.project.projectId}">← Raters</a></p>
      ${this.known.show(known => html`<div class="stack wide-gaps">${this.people(known.standing)}
        <form class="stack form" novalidate @submit=${(event: Event) => this.save(event)}>
          ${known.project.quality ? nothing : note('This project was made before there was any of this, and none of it is on. Saving turns on what stands below.', 'info')}
          ${this.form.notices()}${this.path(known)}${this.checks(known)}${this.form.foot('Save', `#/raters/${this.project.projectId}`)}
        </form></div>`)}
      ${dialog({
        heading: `About ${this.asking?.name ?? ''}`, open: this.asking !== null, onClose: () => (this.asking = null), body: this.asking ? this.body() : html``,
        foot: this.asking ? html`<button class="btn plain" type="button" @click=${() => (this.asking = null)}>Cancel</button><button class="btn primary" type="button" @click=${() => this.decide()}>Decide</button>` : html``,
      })}`;
  }
}
