import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api } from '../../api';
import type { Estimate, Project, Quality } from '../../api/projects';
import { agreementAxis, interval, lowN, percent, sayEstimate, scoreAxis, undefinedWords } from '../../lead/estimate';
import { count, number } from '../../lead/words';
import { dayAndTime } from '../../logic/time';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, note } from '../../ui/pieces';
import { dataTable } from '../../ui/table';
import { intervalPlot } from './interval-plot';
import './gold';

type Dimension = Quality['dimensions'][number];

type Figures = Quality & { cases: { waiting: number; settled: number } };

/** Live figures with their uncertainty. */
@customElement('he-quality')
export class QualityPage extends Light {
  @property({ attribute: false }) project!: Project;
  private at = new Date();
  private readonly quality = new Load<Figures>(this, 'the figures', async () => {
    const [figures, cases] = await Promise.all([api.quality(this.project.projectId), api.casesOf(this.project.projectId)]);
    this.at = new Date();
    return { ...figures, cases };
  });

  private size({ n, harmRate, cases }: Figures): TemplateResult {
    const box = (name: string, value: TemplateResult | string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
    return html`<dl class="figures" aria-label="What the figures rest on">
      ${box('Responses judged', number(n.units))}${box('Ratings of them', number(n.ratings))}${box('People judging', number(n.raters))}${box('Prompts', number(n.prompts))}
      ${box('Moderate harm or worse', harmRate.value === null ? '–' : percent(harmRate.value))}
      ${box('Disagreements waiting', number(cases.waiting))}${box('Disagreements settled', number(cases.settled))}
    </dl>
    <p class="quiet">Harm: ${this.harm(harmRate)} Agreement and intervals are resampled by prompt. The scores are those of the judges, also where an adjudicator has settled their disagreement. Computed ${dayAndTime(this.at)}.
      <button class="btn small" type="button" aria-busy=${this.quality.busy} @click=${() => this.quality.run()}>${this.quality.busy ? 'Computing …' : 'Compute again'}</button></p>`;
  }

  private harm(rate: Estimate): string {
    if (rate.value === null) return undefinedWords(rate);
    const of = rate.numerator !== undefined && rate.numerator !== null && rate.denominator ? `${number(rate.numerator)} of ${count(rate.denominator, 'response')}` : `n ${rate.n}`;
    return `${of}${interval(rate, percent) && `, ${interval(rate, percent)}`}.`;
  }

  private table(dimensions: Dimension[]): TemplateResult {
    const cell = (estimate: Estimate, show?: (value: number) => string) => html`${sayEstimate(estimate, show)} <span class="quiet">n ${estimate.n}</span>`;
    return dataTable('The same in figures, with how the scores 1 to 5 are spread', [
      { head: 'Dimension', rowHead: true, cell: one => one.name },
      { head: 'Mean score', cell: one => cell(one.mean) },
      { head: 'Agreement, α ordinal', cell: one => cell(one.agreement) },
      { head: 'Exactly equal', cell: one => cell(one.exact, percent) },
      { head: 'Scores 1 to 5', cell: one => spread(one) },
    ], dimensions);
  }

  private figures(quality: Figures): TemplateResult {
    if (quality.n.ratings === 0) return emptyState('Nothing judged yet', 'The figures appear with the first submitted judgement, each with its interval and the number it rests on.', html`<button class="btn" type="button" @click=${() => this.quality.run()}>Look again</button>`);
    const { dimensions, n } = quality;
    return html`
      ${quality.simulated ? note(html`<strong>Simulated judgements.</strong><span>These figures come from simulated raters; they show how the page works and say nothing about any system.</span>`, 'warn') : nothing}
      ${n.units < lowN ? note(`Low n: fewer than ${lowN} responses. Read the intervals rather than the values.`, 'warn') : nothing}
      ${this.size(quality)}
      ${intervalPlot('Mean score', 'From 1 to 5, over all judged responses; the bar is the 95\u00a0% confidence interval.', dimensions.map(({ name, mean }) => ({ name, estimate: mean })), scoreAxis)}
      ${intervalPlot('Agreement', 'Krippendorff’s α, ordinal: 1 is complete, 0 is chance. Lines at .67 (tentative) and .8 (firm); clinicians on open answers usually reach .4 to .6.', dimensions.map(({ name, agreement }) => ({ name, estimate: agreement })), agreementAxis(dimensions.map(one => one.agreement)))}
      ${this.table(dimensions)}`;
  }

  protected override render(): TemplateResult {
    return html`<div class="stack wide-gaps">${this.quality.show(quality => this.figures(quality))}<he-gold .project=${this.project}></he-gold></div>`;
  }
}

function spread({ distribution, mean }: Dimension): TemplateResult {
  const most = Math.max(...distribution, 1);
  const words = distribution.map((n, index) => `${n} × ${index + 1}`).join(', ');
  return html`<svg class="spread" viewBox="0 0 50 20" role="img" aria-label=${words}><title>${words}</title>
    ${distribution.map((n, index) => svg`<rect x=${index * 10 + 1} width="8" y=${20 - Math.max((n / most) * 20, n ? 1 : 0.4)} height=${Math.max((n / most) * 20, n ? 1 : 0.4)}></rect>`)}</svg>
    ${mean.value !== null && mean.n < lowN ? badge('low n', 'warn') : nothing}`;
}
