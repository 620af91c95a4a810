import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { GoldReference } from '../../api/gold';
import { oversight, type ItemDetail } from '../../api/oversight';
import type { Me } from '../../api/people';
import { Problem } from '../../api/problem';
import type { Project } from '../../api/projects';
import type { EvalTask } from '../../api/tasks';
import { planted, rangeOf, scoreOf } from '../../logic/acceptable';
import { nothingEarlier } from '../../logic/earlier';
import { GoldDraft } from '../../task/gold-draft';
import { areaField } from '../../ui/field';
import type { FormContext } from '../../ui/form/context';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { note } from '../../ui/pieces';
import { focusPanel } from '../../ui/task/locate';
import { Marking } from '../../ui/task/marking';
import { Submission } from '../../ui/task/submission';
import { openPoints, wholeForm } from '../../ui/task/whole-form';
import { toast } from '../../ui/toast';
import '../../styles/task.css';
import '../../styles/reading.css';
import '../../styles/form.css';
import '../../styles/case.css';

/** A lead judges an item in the form that raters have, and says which other scores are right too: from then on it is gold. */
@customElement('he-gold-form')
export class GoldForm extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @property() taskId = '';
  /** The judgement to begin with; else the reference that there is, or none. */
  @property() from = '';
  @state() private draft: GoldDraft | null = null;
  private now: GoldReference | null = null;
  private readonly submission = new Submission(this);
  private readonly marking = new Marking(this, () => this.draft);
  private readonly changed = () => this.requestUpdate();
  private readonly known = new Load<ItemDetail>(this, 'the item', async () => {
    const [detail, now] = await Promise.all([oversight.item(this.project.projectId, this.taskId), this.reference()]);
    this.now = now;
    const guideline = await api.guideline(detail.guideline.id, detail.guideline.version);
    const made = detail.judgements.find(one => one.annotationId === this.from);
    this.draft = new GoldDraft(this.task(detail), guideline, this.me.personId, made ? { judgement: { ...made.judgement, flags: [] }, acceptable: {}, note: '' } : now && { ...now, note: now.note ?? '' });
    this.draft.addEventListener('change', this.changed);
    return detail;
  });

  private async reference(): Promise<GoldReference | null> {
    try {
      return await oversight.gold(this.project.projectId, this.taskId);
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    }
  }

  private task({ item, guideline, rubric, rules, mode }: ItemDetail): EvalTask {
    const { projectId, name, demo } = this.project;
    return { projectId, projectName: name, taskId: this.taskId, kind: 'rate', simulatedProject: demo, item, guideline, rubric, rules, mode, draft: null };
  }

  private async handIn(draft: GoldDraft): Promise<void> {
    if (this.marking.unfinished) return toast('A mark is not added yet. Add it or close its panel first.');
    if (!draft.note.trim()) {
      toast('Say why it is right: raters read it once the item is retired.');
      return this.querySelector<HTMLElement>('#gold-note')?.focus();
    }
    if ((await this.submission.run(draft)) === 'open') {
      await this.updateComplete;
      return focusPanel(this);
    }
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>('#gold-done')?.focus();
  }

  private begin(): void {
    this.draft?.forget();
    this.submission.reset();
    void this.known.run();
  }

  private context(draft: GoldDraft): FormContext {
    return {
      task: draft.task, guideline: draft.guideline, judgement: draft.judgement, notices: this.submission.gates(draft), errors: this.submission.errors(draft), pass: null, sources: [], earlier: nothingEarlier,
      update: (label, change, typingIn) => draft.update(label, change, typingIn),
    };
  }

  /** For each score the lowest and the highest that are right too. */
  private ranges(draft: GoldDraft): TemplateResult {
    const rows = draft.keys.flatMap(response => draft.guideline.dimensions.flatMap(({ key, name }) => {
      const score = scoreOf(draft.judgement, response, key);
      return score === null ? [] : [{ response, key, score, name: draft.keys.length > 1 ? `${name}, response ${response}` : name }];
    }));
    if (rows.length === 0) return html`<p class="quiet">Rate first; then say here which other scores are right too.</p>`;
    return html`<div class="table-wrap" tabindex="0" role="region" aria-label="Which scores are right"><table>
      <thead><tr><th scope="col">Dimension</th><th scope="col" class="num">Score</th><th scope="col">Right from</th><th scope="col">to</th></tr></thead>
      <tbody>${rows.map(({ response, key, score, name }) => {
        const range = rangeOf(draft.acceptable[response]?.[key], score);
        const pick = (end: 'low' | 'high', scores: number[]) => html`<select aria-label=${`${name}: ${end === 'low' ? 'lowest' : 'highest'} right score`}
          @change=${(event: Event) => draft.allow(response, key, { ...range, [end]: Number((event.target as HTMLSelectElement).value) })}>
          ${scores.map(one => html`<option value=${one} ?selected=${one === range[end]}>${one}</option>`)}</select>`;
        return html`<tr><th scope="row">${name}</th><td class="num">${score}</td><td>${pick('low', [1, 2, 3, 4, 5].filter(one => one <= score))}</td><td>${pick('high', [1, 2, 3, 4, 5].filter(one => one >= score))}</td></tr>`;
      })}</tbody></table></div>`;
  }

  private head(draft: GoldDraft): TemplateResult {
    const { critical, clean } = planted(draft.judgement);
    return html`<section class="card stack" aria-label="The reference">
      ${draft.resumed ? note(html`<span>You began this before; it was kept on this device.</span><div><button class="btn small" type="button" @click=${() => this.begin()}>Begin anew</button></div>`) : nothing}
      ${this.now ? note(this.now.retiredAt ? `Version ${this.now.version} is retired. What you hand in becomes version ${this.now.version + 1} and is handed out again.`
        : `This item is gold, version ${this.now.version}. What you hand in becomes version ${this.now.version + 1}; what was judged against the one before stays so.`) : nothing}
      <p>${critical.length ? html`Raters must find: ${critical.join('; ')}.` : clean ? 'A clean control: no error of major or critical weight is marked, so whoever reports one raises a false alarm.' : 'Errors of major weight are marked, none critical: nothing that must be found.'}</p>
      <details><summary>Which other scores are right</summary>${this.ranges(draft)}</details>
      ${areaField({ id: 'gold-note', label: 'Why it is right', rows: 3, value: draft.note, hint: 'Raters read it beside their own judgement once the item is retired.', onInput: text => draft.say(text) })}
      ${openPoints(this, draft, this.submission)}
      <div class="row"><button class="btn primary" type="button" ?disabled=${this.submission.busy} @click=${() => this.handIn(draft)}>Make it gold</button>
        <button class="btn" type="button" @click=${() => toast(draft.undo())}>Undo</button></div>
    </section>`;
  }

  protected override render(): TemplateResult {
    const { projectId } = this.project;
    const { draft } = this;
    const done = draft?.written;
    return html`<p class="back"><a href="#/items/${projectId}/${this.taskId}">← The item</a></p>
      ${this.known.show(() => done ? html`<div id="gold-done" tabindex="-1">${note(html`<span>${done.unchanged ? 'It was gold in just this way before.' : `It is gold now${done.version > 1 ? `, version ${done.version}` : ''}.`}</span>
          <div class="row"><a class="btn small" href="#/quality/${projectId}">Gold and raters</a><a class="btn small" href="#/items/${projectId}">Another item</a></div>`, 'good', 'status')}</div>`
        : html`<div class="stack"><p class="quiet">Judge it as a rater would, in the same form. Raters get it unseen in between, each at most once; it enters no figure of the customer, and you are never handed it yourself.</p>
          ${draft ? wholeForm({ writing: draft, context: this.context(draft), marking: this.marking, editing: true, head: this.head(draft) }) : nothing}</div>`)}`;
  }
}
