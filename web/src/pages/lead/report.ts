import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api, downloads } from '../../api';
import type { Project } from '../../api/projects';
import type { ReportFigures, Shown, ShownHeadline, ShownPair, ShownStratum } from '../../api/reports';
import { number } from '../../lead/words';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, note, type Tone } from '../../ui/pieces';
import { dataTable } from '../../ui/table';
import { isThere, range, shown, shownDifference } from '../../lead/figures';
import { forest, harmMatrix, trendPlot } from './report-plots';

const tones: Record<string, Tone> = { better: 'good', 'not worse': 'info', worse: 'bad', undecided: 'neutral' };

/** A compiled report read in the browser: its own data file, drawn. */
@customElement('he-report')
export class ReportPage extends Light {
  @property({ attribute: false }) project!: Project;
  @property() week = '';
  private readonly figures = new Load<ReportFigures>(this, 'the report', () => api.reportFigures(this.project.projectId, this.week));

  private head(report: ReportFigures): TemplateResult {
    const { counts } = report;
    const words = [`${number(counts.judgements)} judgements`, `${number(counts.raters)} raters`, `${number(counts.responses)} responses`, `${number(counts.prompts)} prompts`];
    return html`<header class="stack">
      <div class="row"><h2>${report.campaign ? 'Campaign' : 'Week'} ${report.period}</h2>
        ${report.open ? badge('Still open: provisional', 'warn') : nothing}
        ${report.revision ? badge(`Revision ${report.revision.number}`, 'info') : nothing}
        <a class="btn small no-print" href=${downloads.workbook(report.projectId, this.week)} download>Workbook</a>
        <button class="btn small no-print" type="button" @click=${() => print()}>Print</button>
        <a class="no-print" href="#/reports/${report.projectId}">All reports</a></div>
      <p class="quiet">${report.customer} · guideline ${report.guideline} · ${words.join(', ')}</p>
      ${report.revision ? html`<p class="quiet">Replaces an earlier report, which is kept. Reason: ${report.revision.reason}</p>` : nothing}
      ${counts.simulated > 0 ? note(html`<strong>Simulated.</strong> ${number(counts.simulated)} of ${number(counts.judgements)} judgements were made by a program. Do not use these figures for decisions.`, 'bad') : nothing}
    </header>`;
  }

  private summary(report: ReportFigures): TemplateResult {
    const list = (title: string, lines: string[]) => html`<div><h3>${title}</h3>${lines.length ? html`<ul>${lines.map(line => html`<li>${line}</li>`)}</ul>` : html`<p class="quiet">Nothing.</p>`}</div>`;
    const value = (row: ShownHeadline, figure: Shown) => (!isThere(figure.value) ? figure.undefined ?? 'not defined' : shown(figure.value, row.format));
    const interval = (row: ShownHeadline, figure: Shown) => range(figure, end => shown(end, row.format)) || '–';
    return html`<section class="card stack" aria-labelledby="r-summary"><h2 id="r-summary">Summary</h2>
      <div class="grid3">${list('What it shows', report.shows)}${list('Risks', report.risks)}${list('What to do next', report.actions)}</div>
      ${dataTable('Headline figures', [
        { head: 'Figure', rowHead: true, cell: row => row.name },
        { head: 'Value', num: true, cell: row => value(row, row.figure) },
        { head: '95\u00a0% interval', cell: row => interval(row, row.figure) },
        { head: 'Rests on', cell: row => html`${row.denominator ? `${number(row.numerator ?? 0)} of ${number(row.denominator)}` : number(row.n)} ${row.unit}${row.lowN ? html` ${badge('low n', 'warn')}` : nothing}` },
        { head: 'Target', cell: row => (row.target ? `${row.target}: ${row.status}` : '–') },
        ...(report.campaign ? [] : [{ head: 'Change, like for like', cell: (row: ShownHeadline) => row.change }]),
        ...(report.cumulative ? [{ head: `All weeks so far (${report.cumulative})`, cell: (row: ShownHeadline) => (row.cumulative ? `${value(row, row.cumulative)} (${interval(row, row.cumulative)})` : '–') }] : []),
      ], report.headlines)}
    </section>`;
  }

  private pair(pair: ShownPair): TemplateResult {
    return html`<section class="stack"><h3>${pair.candidate} against ${pair.baseline}, ${number(pair.prompts)} prompts in common</h3>
      ${forest(pair)}
      ${dataTable(`${pair.candidate} against ${pair.baseline}`, [
        { head: 'Figure', rowHead: true, cell: row => row.name },
        { head: 'Verdict', cell: row => badge(row.words, tones[row.verdict] ?? 'neutral') },
        { head: pair.candidate, num: true, cell: row => shown(row.candidate, row.format) },
        { head: pair.baseline, num: true, cell: row => shown(row.baseline, row.format) },
        { head: 'Difference', num: true, cell: row => shownDifference(row.difference.value, row.format) },
        { head: '95\u00a0% interval', cell: row => range(row.difference, end => shownDifference(end, row.format)) || '–' },
        { head: 'Margin', num: true, cell: row => shownDifference(row.margin, row.format).slice(1) },
        { head: 'p, adjusted', num: true, cell: row => (!isThere(row.p) ? '–' : row.p.toFixed(3)) },
        { head: 'Prompts', num: true, cell: row => number(row.prompts) },
      ], pair.figures)}
      ${dataTable('Preferences between the two', [
        { head: 'What', rowHead: true, cell: row => row.name },
        { head: 'Share', num: true, cell: row => (!isThere(row.share.value) ? row.share.undefined ?? '–' : shown(row.share.value, 'rate')) },
        { head: '95\u00a0% interval', cell: row => range(row.share, end => shown(end, 'rate')) || '–' },
        { head: 'Votes', num: true, cell: row => number(row.votes) },
        { head: 'Prompts', num: true, cell: row => number(row.prompts) },
      ], pair.effects)}
      ${pair.strata?.length ? this.strata(pair, pair.strata.flatMap(stratum => stratum.figures.map(figure => ({ stratum, figure })))) : nothing}
    </section>`;
  }

  private strata(pair: ShownPair, rows: { stratum: ShownStratum; figure: ShownStratum['figures'][number] }[]): TemplateResult {
    const title = `${pair.candidate} against ${pair.baseline}, inside risk tiers and sub-domains`;
    return html`<details><summary>${title}</summary>${dataTable(title, [
      { head: 'Stratum', rowHead: true, cell: row => `${row.stratum.kind}: ${row.stratum.value}` },
      { head: 'Figure', cell: row => row.figure.name },
      { head: pair.candidate, num: true, cell: row => shown(row.figure.candidate, row.figure.format) },
      { head: pair.baseline, num: true, cell: row => shown(row.figure.baseline, row.figure.format) },
      { head: 'Difference', num: true, cell: row => shownDifference(row.figure.difference.value, row.figure.format) },
      { head: '95\u00a0% interval', cell: row => range(row.figure.difference, end => shownDifference(end, row.figure.format)) || '–' },
      { head: 'Prompts', num: true, cell: row => number(row.figure.prompts) },
      { head: 'Reading', cell: row => (row.figure.reading === 'low n' ? badge('low n', 'warn') : row.figure.reading) },
    ], rows)}</details>`;
  }

  private comparison({ comparisons, models }: ReportFigures): TemplateResult {
    const cell = (figure: Shown, format: 'index' | 'rate') => html`${!isThere(figure.value) ? figure.undefined ?? '–' : shown(figure.value, format)} <span class="quiet">${range(figure, end => shown(end, format))}</span>`;
    return html`<section class="card stack" aria-labelledby="r-comparison"><h2 id="r-comparison">Comparison</h2>
      <p class="quiet">${comparisons.note}</p>
      ${comparisons.pairs.length ? comparisons.pairs.map(pair => this.pair(pair)) : html`<p>No two models answered the same prompts, so none are compared.</p>`}
      ${dataTable('Models one by one (their prompts may differ: compare above)', [
        { head: 'Model', rowHead: true, cell: row => row.name },
        { head: 'Quality index', cell: row => cell(row.index, 'index') },
        { head: 'Harm ≥ moderate', cell: row => cell(row.harm, 'rate') },
        { head: 'Critical error', cell: row => cell(row.critical, 'rate') },
        { head: 'Factual precision', cell: row => cell(row.precision, 'rate') },
        { head: 'Responses', num: true, cell: row => number(row.responses) },
        { head: 'Prompts', num: true, cell: row => number(row.prompts) },
      ], models)}
    </section>`;
  }

  private safety({ safety }: ReportFigures): TemplateResult {
    return html`<section class="card stack" aria-labelledby="r-safety"><h2 id="r-safety">Safety</h2>
      <p class="quiet">Coloured by how bad the harm would be, not by how often it was seen. A code that nobody marked is not impossible: the interval says how often it may still be.</p>
      <div class="grid2">${safety.matrices.map(matrix => harmMatrix(matrix, safety.extents, safety.likelihoods))}</div>
      ${dataTable('Unsafe reasoning (R), population (P) and other unsafe codes', [
        { head: 'Model', rowHead: true, cell: row => row.model },
        { head: 'Code', cell: row => html`${row.code}${row.name ? ` ${row.name}` : ''}` },
        { head: 'Per 100 responses', num: true, cell: row => (!isThere(row.rate.value) ? '–' : (row.rate.value * 100).toFixed(1)) },
        { head: '95\u00a0% interval', cell: row => range(row.rate, end => (end * 100).toFixed(1)) || '–' },
        { head: 'Responses marked', cell: row => `${number(row.marked)} of ${number(row.responses)}` },
      ], safety.codes, 'No response was rated.')}
      <h3>Critical and harmful cases</h3>
      <p class="quiet">${safety.casesInAll === 0 ? 'None.' : `${number(safety.casesInAll)} in all${safety.casesInAll > safety.cases.length ? `, the first ${safety.cases.length} here` : ''}. Question and answer in full: sheet Cases of the workbook.`}</p>
      ${safety.cases.map(one => html`<details class="case-line"><summary>${one.id} · ${one.model} · ${one.risk} · ${one.findings.map(finding => finding.what).join('; ')}</summary>
        <ul>${one.findings.map(finding => html`<li>${finding.passage ? html`<q>${finding.passage}</q> ` : nothing}<strong>${finding.what}</strong>, found by ${finding.by.join(', ')}. ${finding.ruling}</li>`)}</ul></details>`)}
    </section>`;
  }

  private rest({ agreement, trend }: ReportFigures): TemplateResult {
    return html`<section class="card stack" aria-labelledby="r-agreement"><h2 id="r-agreement">Agreement</h2>
      ${dataTable('How far raters agree', [
        { head: 'Rated', rowHead: true, cell: row => row.name },
        { head: 'α', num: true, cell: row => (!isThere(row.alpha.value) ? 'not defined' : shown(row.alpha.value, 'alpha')) },
        { head: '95\u00a0% interval', cell: row => range(row.alpha, end => shown(end, 'alpha')) || '–' },
        { head: 'AC', num: true, cell: row => shown(row.ac, 'alpha') },
        { head: 'Identical', num: true, cell: row => shown(row.identical, 'rate') },
        { head: 'Units with 2+ raters', num: true, cell: row => number(row.units) },
        { head: 'Raters', num: true, cell: row => number(row.raters) },
        { head: 'Reading', cell: row => row.reading },
      ], agreement)}
    </section>
    <section class="card stack" aria-labelledby="r-trend"><h2 id="r-trend">Trend</h2>
      ${trendPlot(trend)}
      ${dataTable('Week by week', [
        { head: 'Week', rowHead: true, cell: row => row.week },
        { head: 'Quality index', num: true, cell: row => shown(row.index, 'index') },
        { head: 'Harm ≥ moderate', num: true, cell: row => shown(row.harm, 'rate') },
        { head: 'Critical error', num: true, cell: row => shown(row.critical, 'rate') },
        { head: 'Factual precision', num: true, cell: row => shown(row.precision, 'rate') },
        { head: 'Responses', num: true, cell: row => number(row.responses) },
        { head: 'Simulated', cell: row => (row.simulated ? 'simulated' : 'no') },
      ], trend)}
    </section>`;
  }

  protected override render(): TemplateResult {
    return html`<article class="report stack wide-gaps">${this.figures.show(report => html`${this.head(report)}${this.summary(report)}${this.comparison(report)}${this.safety(report)}${this.rest(report)}`)}</article>`;
  }
}
