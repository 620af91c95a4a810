import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, downloads } from '../../api';
import type { Benchmark, BenchmarkAdded, BenchmarkChange, BenchmarkRun, BenchmarkScore, MachineScore } from '../../api/benchmarks';
import { sayError } from '../../api/problem';
import type { Project, Receipt } from '../../api/projects';
import { byBenchmark, sayAdded, sayCoverage, sayScore, sayWhat } from '../../lead/benchmarks';
import { fixed } from '../../lead/estimate';
import { count, number } from '../../lead/words';
import { dayAndTime } from '../../logic/time';
import { copyButton } from '../../ui/copy';
import { selectField, textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, note } from '../../ui/pieces';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';

interface Known {
  benchmarks: Benchmark[];
  runs: BenchmarkRun[];
  scores: BenchmarkScore[];
  changes: BenchmarkChange[];
  machines: MachineScore[];
  batches: Receipt[];
}

/** Named sets of prompts with rubrics, the runs of models on them, and how the runs compare. */
@customElement('he-benchmarks')
export class BenchmarksPage extends Light {
  @property({ attribute: false }) project!: Project;
  @state() private name = '';
  @state() private added: BenchmarkAdded | null = null;
  @state() private failure = '';
  @state() private busy = false;
  @state() private batch = '';
  private readonly known = new Load<Known>(this, 'the benchmarks', async () => {
    const id = this.project.projectId;
    const [{ benchmarks, runs }, { scores, changes, machines }, { batches }] = await Promise.all([api.benchmarks(id), api.benchmarkScores(id), api.batches(id)]);
    return { benchmarks, runs, scores, changes, machines, batches: batches.filter(one => one.responses > 0) };
  });

  private async act(action: () => Promise<void>): Promise<void> {
    [this.busy, this.failure] = [true, ''];
    try {
      await action();
      await this.known.run();
    } catch (error) {
      this.failure = sayError(error);
    } finally {
      this.busy = false;
    }
  }

  private add(input: HTMLInputElement): Promise<void> | void {
    const file = input.files?.[0];
    input.value = '';
    if (file) return this.act(async () => void (this.added = await api.addBenchmark(this.project.projectId, this.name.trim(), file)));
  }

  private record(benchmark: Benchmark): Promise<void> {
    return this.act(async () => {
      const { runs } = await api.addRuns(this.project.projectId, benchmark.benchmarkId, [this.batch]);
      toast(runs.map(run => `${run.model}: ${sayCoverage(run)}`).join(' '));
    });
  }

  private adding(): TemplateResult {
    return html`<section class="card stack" aria-labelledby="benchmark-add"><h2 id="benchmark-add">Add a benchmark</h2>
      <p class="quiet">A file of prompts with rubrics, references or must-haves and without answers: rows of HealthBench or K-QA, or your own. Answers that are sent later attach to it by <code>prompt_id</code> or by the same words.</p>
      <div class="grid2">${textField({ id: 'benchmark-name', label: 'Name', value: this.name, hint: 'The same name with other content is the next version. The file’s name when empty.', onInput: name => (this.name = name) })}</div>
      <label class="btn" aria-busy=${this.busy}>${this.busy ? 'Reading …' : 'Choose the file'}
        <input class="sr" type="file" ?disabled=${this.busy} @change=${(event: Event) => this.add(event.target as HTMLInputElement)}></label>
      ${this.failure ? note(this.failure, 'bad', 'alert') : nothing}
      ${this.added ? note(html`<span>${sayAdded(this.added)}</span>${this.added.errors.length ? html`<ul>${this.added.errors.slice(0, 10).map(one => html`<li>Line ${one.line}: ${one.path ? `${one.path}: ` : ''}${one.reason}</li>`)}</ul>` : nothing}`, this.added.rejected ? 'warn' : 'good', 'status') : nothing}
    </section>`;
  }

  private one(versions: Benchmark[], known: Known): TemplateResult {
    const latest = versions[0];
    if (!latest) return html``;
    const runs = known.runs.filter(run => run.benchmarkId === latest.benchmarkId);
    const changes = known.changes.filter(one => one.benchmarkId === latest.benchmarkId);
    const machines = known.machines.filter(one => one.benchmarkId === latest.benchmarkId);
    return html`<section class="stack" aria-labelledby="benchmark-${latest.benchmarkId}">
      <h2 id="benchmark-${latest.benchmarkId}">${latest.name}</h2>
      ${dataTable('Versions', [
        { head: 'Version', rowHead: true, cell: one => one.version },
        { head: 'Prompts', num: true, cell: one => number(one.prompts) },
        { head: 'Criteria', num: true, cell: one => number(one.criteria) },
        { head: 'References', num: true, cell: one => number(one.references) },
        { head: 'Added', cell: one => dayAndTime(one.at) },
        { head: 'SHA-256', cell: one => html`<code>${one.sha256.slice(0, 12)}</code> ${copyButton(one.sha256, 'SHA-256')}` },
        { head: 'Prompts as they are kept', cell: one => html`<a href=${downloads.benchmark(this.project.projectId, one.benchmarkId, one.version)} download>JSONL</a>` },
      ], versions)}
      ${this.recording(latest, known)}
      ${runs.length ? this.runs(runs, known) : html`<p class="quiet">No run yet.</p>`}
      ${changes.length ? this.changes(changes) : nothing}
      ${machines.length ? this.machines(machines) : nothing}
    </section>`;
  }

  private recording(benchmark: Benchmark, { batches }: Known): TemplateResult {
    if (batches.length === 0) return html`<p class="quiet">Send a batch of answers: it is a run of each model in it, on the day on which it comes.</p>`;
    return html`<form class="filters" @submit=${(event: Event) => (event.preventDefault(), this.record(benchmark))}>
      ${selectField({ id: `run-${benchmark.benchmarkId}`, label: 'Answers in', value: this.batch, none: 'Choose a batch', choices: batches.map(one => ({ key: one.batchId, name: `${one.file} (${count(one.responses, 'answer')})` })), onInput: batch => (this.batch = batch) })}
      <button class="btn" ?disabled=${this.busy || !this.batch}>Count as a run again</button>
    </form>`;
  }

  private runs(runs: BenchmarkRun[], { scores }: Known): TemplateResult {
    const of = (run: BenchmarkRun) => scores.filter(score => score.runId === run.runId);
    return dataTable('Runs', [
      { head: 'Model', rowHead: true, cell: run => html`${run.model} ${of(run).some(score => score.simulated) ? badge('simulated', 'violet') : nothing}` },
      { head: 'Version', num: true, cell: run => run.version },
      { head: 'Date', cell: run => run.date },
      { head: 'Coverage', cell: run => sayCoverage(run) },
      { head: 'Score', cell: run => this.scores(of(run)) },
      { head: 'Meta-evaluation', cell: run => html`<a href=${downloads.run(this.project.projectId, run.runId)} download>JSONL</a>` },
    ], runs);
  }

  private scores(scores: BenchmarkScore[]): TemplateResult {
    const [all, ...others] = scores;
    return html`${sayScore(all, all?.judged)}${others.length ? html`<details><summary>By axis and theme</summary><ul>${others.map(one => html`<li>${sayWhat(one.what)}: ${sayScore(one, one.judged)}</li>`)}</ul></details>` : nothing}`;
  }

  private changes(changes: BenchmarkChange[]): TemplateResult {
    return dataTable('Each run against the one before it, on the prompts judged in both', [
      { head: 'Run', rowHead: true, cell: one => one.candidate },
      { head: 'Against', cell: one => one.baseline },
      { head: 'What', cell: one => sayWhat(one.what) },
      { head: 'Difference', num: true, cell: one => (one.value === undefined ? 'not defined' : `${one.value > 0 ? '+' : ''}${fixed(one.value)}`) },
      { head: '95\u00a0% CI', cell: one => (one.low === undefined || one.high === undefined ? '–' : `${fixed(one.low)} to ${fixed(one.high)}`) },
      { head: 'Prompts in common', num: true, cell: one => number(one.prompts) },
    ], changes);
  }

  private machines(machines: MachineScore[]): TemplateResult {
    return dataTable('Grades of automatic graders, which came with the answers: a machine’s, in no score above', [
      { head: 'Model', rowHead: true, cell: one => one.model },
      { head: 'Date', cell: one => one.date },
      { head: 'Grader', cell: one => one.judge },
      { head: 'Score', num: true, cell: one => sayScore(one.value === undefined ? undefined : { value: one.value }, one.prompts) },
      { head: 'Less what people gave', num: true, cell: one => (one.difference === undefined ? 'nothing read by both' : `${one.difference > 0 ? '+' : ''}${fixed(one.difference)}`) },
      { head: '95\u00a0% CI', cell: one => (one.low === undefined || one.high === undefined ? '–' : `${fixed(one.low)} to ${fixed(one.high)}`) },
      { head: 'Answers both read', num: true, cell: one => number(one.both) },
    ], machines);
  }

  protected override render(): TemplateResult {
    return html`<p class="back"><a href="#/batches/${this.project.projectId}">← All batches</a></p>
      <div class="stack wide-gaps">${this.adding()}
        ${this.known.show(known => (known.benchmarks.length === 0
          ? emptyState('No benchmark yet', 'With one, every model and every week is measured by the same prompts and rubrics.')
          : html`${byBenchmark(known.benchmarks).map(versions => this.one(versions, known))}`))}
      </div>`;
  }
}
