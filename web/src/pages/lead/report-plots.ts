import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ReportFigures, ShownPair } from '../../api/reports';
import { inMargins, isThere, severity, shown } from '../../lead/figures';

const width = 720;
const rowHeight = 26;

/** All differences of a pair in units of their margins. The table below it says the same in figures. */
export function forest(pair: ShownPair): TemplateResult {
  const rows = pair.figures.map(figure => ({
    figure,
    at: inMargins(figure.difference.value, figure.margin, figure.higherIsBetter),
    ends: [figure.difference.low, figure.difference.high].map(end => inMargins(end, figure.margin, figure.higherIsBetter)),
  })).filter(row => row.at !== null);
  const values = rows.flatMap(row => [row.at, ...row.ends]).filter(value => value !== null) as number[];
  if (values.length === 0) return html`<p class="quiet">No difference is defined, so there is nothing to draw.</p>`;
  const [low, high] = [Math.max(-12, Math.min(-1.5, ...values)), Math.min(12, Math.max(1.5, ...values))];
  const isCut = values.some(value => value < low || value > high);
  const x = (value: number) => 250 + ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (width - 270);
  const height = rows.length * rowHeight + 44;
  const words = `${pair.candidate} against ${pair.baseline}: ${rows.map(({ figure }) => `${figure.name} ${figure.words}`).join('; ')}`;
  return html`<figure class="chart">
    <figcaption>Differences in margins, with 95\u00a0% intervals: right of 0 favours ${pair.candidate}; left of the dashed line is worse than the margin.${isCut ? ' The plot ends at ±12 margins; the table has the whole intervals.' : ''}</figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${words}>
      <line class="axis" x1=${x(0)} x2=${x(0)} y1="8" y2=${height - 30}></line>
      <line class="margin" x1=${x(-1)} x2=${x(-1)} y1="8" y2=${height - 30}></line>
      ${rows.map(({ figure, at, ends: [one, other] }, i) => {
        const y = 20 + i * rowHeight;
        return svg`<text x="4" y=${y + 4}>${figure.name}</text>
          ${isThere(one) && isThere(other) ? svg`<line class="ci" x1=${x(one)} x2=${x(other)} y1=${y} y2=${y}></line>` : nothing}
          <circle class=${figure.verdict.replace(' ', '-')} cx=${x(at!)} cy=${y} r="5"></circle>`;
      })}
      ${(x(0) - x(-1) > 24 ? [low, -1, 0, high] : [low, 0, high]).map(tick => svg`<text class="tick" x=${x(tick)} y=${height - 12}>${tick.toFixed(1).replace('-', '−')}</text>`)}
    </svg>
  </figure>`;
}

/** Index as columns and harm as a line, week by week. */
export function trendPlot(trend: ReportFigures['trend']): TemplateResult {
  const height = 210;
  const step = (width - 90) / Math.max(trend.length, 1);
  const mostHarm = Math.max(0.05, ...trend.map(week => week.harm ?? 0));
  const [x, harmY] = [(i: number) => 50 + step * (i + 0.5), (share: number) => 170 - (share / mostHarm) * 140];
  const line = trend.map((week, i) => (!isThere(week.harm) ? null : `${x(i)},${harmY(week.harm)}`)).filter(Boolean).join(' ');
  const words = trend.map(week => `${week.week}: index ${shown(week.index, 'index')}, harm ${shown(week.harm, 'rate')}`).join('; ');
  return html`<figure class="chart">
    <figcaption>Quality index (columns, 0 to 100) and share of responses with moderate or worse harm (line, 0 to ${shown(mostHarm, 'rate')}).</figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${words}>
      ${[0, 50, 100].map(tick => svg`<line class="axis" x1="45" x2=${width - 40} y1=${170 - tick * 1.4} y2=${170 - tick * 1.4}></line><text class="tick" x="25" y=${174 - tick * 1.4}>${tick}</text>`)}
      ${trend.map((week, i) => svg`${!isThere(week.index) ? nothing
        : svg`<rect class=${week.own ? 'own' : 'other'} x=${x(i) - Math.min(22, step * 0.3)} width=${Math.min(44, step * 0.6)} y=${170 - week.index * 1.4} height=${week.index * 1.4}></rect>`}
        ${i % Math.ceil(trend.length / 10) === 0 || week.own ? svg`<text class="tick" x=${x(i)} y="192">${week.week.length > 10 ? 'all' : week.week}</text>` : nothing}`)}
      <polyline class="harm" points=${line}></polyline>
      ${trend.map((week, i) => (!isThere(week.harm) ? nothing : svg`<circle class="harm" cx=${x(i)} cy=${harmY(week.harm)} r="4"></circle>`))}
    </svg>
  </figure>`;
}

/** Extent by likelihood, coloured by how bad it is; the numbers are judgements. */
export function harmMatrix({ model, counts }: ReportFigures['safety']['matrices'][number], extents: string[], likelihoods: string[]): TemplateResult {
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="Harm of ${model}">
    <table class="matrix">
      <caption>${model}: judgements by extent and likelihood of harm</caption>
      <thead><tr><th scope="col">Extent</th>${likelihoods.map(name => html`<th scope="col" class="num">${name}</th>`)}</tr></thead>
      <tbody>${extents.map((extent, e) => html`<tr><th scope="row">${extent}</th>
        ${likelihoods.map((_, l) => html`<td class="num grade-${l < 3 ? severity(e, l) : 0}">${counts[e]?.[l] ?? 0}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}
