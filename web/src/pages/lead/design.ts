import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { design, type DesignFigures, type DesignForm, type DesignModels, type DesignResult } from '../../api/design';
import { Problem, sayError } from '../../api/problem';
import type { Project } from '../../api/projects';
import { fixed } from '../../lead/estimate';
import { count, number, spelled } from '../../lead/words';
import { areaField, checkGroup, selectField, textField, type Choice } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { emptyState, note } from '../../ui/pieces';
import { factList } from '../../ui/records';
import { dataTable } from '../../ui/table';

interface Known {
  batches: Choice[];
  there: DesignModels;
}

/** Plans a comparison of models on prompts that all of them have answered: what it costs and how sure it will be, before it is opened. */
@customElement('he-design')
export class Design extends Light {
  @property({ attribute: false }) project!: Project;
  @state() private batch = '';
  @state() private chosen: string[] = [];
  @state() private prompts = '100';
  @state() private pairs = '1';
  @state() private seed = '1';
  @state() private why = '';
  @state() private plan: DesignResult | null = null;
  @state() private errors: Record<string, string[]> = {};
  @state() private error = '';
  @state() private busy = false;
  private readonly known = new Load<Known>(this, 'the models', async () => {
    const id = this.project.projectId;
    const [{ batches }, there] = await Promise.all([api.batches(id), design.models(id, this.batch)]);
    this.chosen = there.models.filter(one => this.chosen.length === 0 || this.chosen.includes(one.model)).map(one => one.model);
    return { there, batches: batches.filter(one => one.items > 0).map(one => ({ key: one.batchId, name: one.file })) };
  });

  private changed(): void {
    [this.plan, this.errors, this.error] = [null, {}, ''];
  }

  private form(preview: boolean): DesignForm {
    const { batch, why } = this;
    return { models: this.chosen, prompts: Number(this.prompts), pairs: Number(this.pairs), seed: Number(this.seed), preview, ...(batch ? { batch } : {}), ...(preview ? {} : { why }) };
  }

  private async ask(preview: boolean): Promise<void> {
    [this.busy, this.errors, this.error] = [true, {}, ''];
    const wrong = Object.entries({ prompts: this.prompts, pairs: this.pairs, seed: this.seed }).filter(([, typed]) => !/^\d{1,7}$/.test(typed.trim()));
    this.errors = Object.fromEntries(wrong.map(([field]) => [field, ['Write a whole number.']]));
    try {
      if (wrong.length === 0) this.plan = await design.plan(this.project.projectId, this.form(preview));
    } catch (error) {
      [this.errors, this.error] = error instanceof Problem && Object.keys(error.errors).length ? [error.errors, ''] : [{}, sayError(error)];
    }
    this.busy = false;
  }

  private figures({ figures }: DesignResult): TemplateResult {
    const width = (half?: number) => (half === undefined ? 'not defined: a pair of models never meets' : `± ${fixed(100 * half, 1)} percentage points`);
    const least = Math.min(...figures.pairs.map(pair => pair.prompts));
    return html`<section class="stack" aria-labelledby="design-figures"><h2 id="design-figures">What it costs, and how sure it will be</h2>
      ${factList([
        ['Prompts', `${number(figures.prompts)} of ${number(figures.eligible)} that all of these models have answered`],
        ['Comparisons', number(figures.tasks)],
        ['Judgements', `${number(figures.judgements)} (${this.project.overlap} each)`],
        ['Hours', `${fixed(figures.hours, 1)}, at ${fixed(figures.minutesEach, 1)} minutes each: ${figures.minutesFrom}`],
        ['Win rate between two models', `${width(figures.pairHalfWidth)} (half of its 95\u00a0% interval, at one half)`],
        ['Win rate of a model against the others', width(figures.modelHalfWidth)],
      ])}
      ${least < figures.promptsForTenPoints ? note(`For ± 10 points between two models each pair needs ${figures.promptsForTenPoints} prompts; here the fewest have ${least}.`, 'info') : nothing}
      <p class="quiet">Judgements of one prompt depend on each other, so that each prompt counts once here: a second judgement makes the result more right, not narrower.</p>
      ${this.tables(figures)}
    </section>`;
  }

  private tables({ pairs, strata }: DesignFigures): TemplateResult {
    return html`${dataTable('How often two models meet', [
      { head: 'Models', rowHead: true, cell: one => `${one.first} and ${one.second}` },
      { head: 'Prompts', num: true, cell: one => number(one.prompts) },
    ], pairs)}
    ${dataTable('Prompts drawn, by risk and sub-domain', [
      { head: 'Risk', rowHead: true, cell: one => spelled(one.risk) },
      { head: 'Sub-domain', cell: one => spelled(one.subdomain) },
      { head: 'There are', num: true, cell: one => number(one.eligible) },
      { head: 'Drawn', num: true, cell: one => number(one.chosen) },
    ], strata)}`;
  }

  private opened({ batchId, tag }: DesignResult): TemplateResult {
    return note(html`<span>Opened as a batch of its own. Its items have the tag <code>${tag}</code>: a campaign with it reports on them alone.</span>
      <div><a class="btn small" href="#/batches/${this.project.projectId}/${batchId}">Its page</a></div>`, 'good', 'status');
  }

  private open(): TemplateResult {
    return html`<div class="card stack">
      <p>Opening makes a task of every comparison; the answers’ own tasks stay as they are. It can be withdrawn on its page.</p>
      ${areaField({ id: 'design-why', label: 'Why', value: this.why, rows: 2, errors: this.errors['why'], hint: 'Kept with your name and the time.', onInput: why => (this.why = why) })}
      <div><button class="btn primary" type="button" ?disabled=${this.busy} @click=${() => this.ask(false)}>Open the comparison</button></div></div>`;
  }

  private body({ there, batches }: Known): TemplateResult {
    if (there.models.length < 2 && !this.batch) return emptyState('Nothing to compare yet', 'It takes answers of two models or more to the same prompts, with the models’ names in the file.', html`<a class="btn" href="#/batches/${this.project.projectId}">Batches</a>`);
    const most = (this.chosen.length * (this.chosen.length - 1)) / 2;
    return html`<form class="card stack form" novalidate @submit=${(event: Event) => (event.preventDefault(), void this.ask(true))}>
      ${there.whole ? nothing : note('The project has more items than a design looks at; choose a batch.', 'warn')}
      ${selectField({ id: 'design-batch', label: 'Answers of', value: this.batch, choices: batches, none: 'The whole project', onInput: batch => ((this.batch = batch), this.changed(), void this.known.run()) })}
      ${checkGroup('design-models', 'Models', there.models.map(one => ({ key: one.model, name: `${one.model}: ${count(one.prompts, 'prompt')}` })), this.chosen, chosen => ((this.chosen = chosen), this.changed()), undefined, this.errors['models'])}
      <div class="grid2">
        ${textField({ id: 'design-prompts', label: 'Prompts', type: 'number', value: this.prompts, errors: this.errors['prompts'], hint: 'Drawn in proportion to risk and sub-domain.', onInput: typed => ((this.prompts = typed), this.changed()) })}
        ${textField({ id: 'design-pairs', label: 'Pairs on each prompt', type: 'number', value: this.pairs, errors: this.errors['pairs'], hint: `Of ${number(most)} that there are; all pairs meet equally often.`, onInput: typed => ((this.pairs = typed), this.changed()) })}
        ${textField({ id: 'design-seed', label: 'Seed', type: 'number', value: this.seed, errors: this.errors['seed'], hint: 'The same number draws the same prompts.', onInput: typed => ((this.seed = typed), this.changed()) })}
      </div>
      ${this.error ? note(this.error, 'bad', 'alert') : nothing}
      <div><button class="btn ${this.plan ? '' : 'primary'}" type="submit" ?disabled=${this.busy || this.chosen.length < 2}>Work it out</button></div>
    </form>
    ${this.plan ? html`${this.plan.batchId ? this.opened(this.plan) : nothing}${this.figures(this.plan)}${this.plan.batchId ? nothing : this.open()}` : nothing}`;
  }

  protected override render(): TemplateResult {
    return html`<p class="back"><a href="#/batches/${this.project.projectId}">← Batches</a></p><div class="stack wide-gaps">${this.known.show(known => this.body(known))}</div>`;
  }
}
