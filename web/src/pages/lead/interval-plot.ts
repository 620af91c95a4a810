import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Estimate } from '../../api/projects';
import { fixed, interval, lowN, place, undefinedWords, type Axis } from '../../lead/estimate';
import { badge } from '../../ui/pieces';

export interface PlotRow {
  name: string;
  estimate: Estimate;
}

/** Values with their intervals on a common axis, each beside its figures in words. */
export function intervalPlot(title: string, explanation: string, rows: PlotRow[], axis: Axis): TemplateResult {
  return html`<figure class="plot card">
    <figcaption><h2>${title}</h2><p class="quiet">${explanation}</p></figcaption>
    <ul>${rows.map(row => plotRow(row, axis))}</ul>
    <div class="plot-axis" aria-hidden="true"><svg>${[...axis.ticks, ...axis.marks].map(tick => svg`<text x="${place(tick, axis)}%" y="12">${short(tick)}</text>`)}</svg></div>
  </figure>`;
}

function plotRow({ name, estimate }: PlotRow, axis: Axis): TemplateResult {
  const at = (value: number) => `${place(value, axis)}%`;
  const { value, low, high, n } = estimate;
  return html`<li>
    <span class="plot-name">${name}</span>
    <div class="plot-line"><svg aria-hidden="true">
      ${axis.ticks.map(tick => svg`<line class="tick" x1=${at(tick)} x2=${at(tick)} y1="0" y2="100%"></line>`)}
      ${axis.marks.map(mark => svg`<line class="mark" x1=${at(mark)} x2=${at(mark)} y1="0" y2="100%"></line>`)}
      ${low !== null && high !== null ? svg`<line class="ci" x1=${at(low)} x2=${at(high)} y1="50%" y2="50%"></line>${[low, high].map(end => svg`<svg class="end" x=${at(end)} y="50%"><line class="ci end" y1="-7" y2="7"></line></svg>`)}` : nothing}
      ${value !== null ? svg`<circle cx=${at(value)} cy="50%" r="5"></circle>` : nothing}
    </svg></div>
    <span class="plot-words">${value === null ? html`<span class="quiet">${undefinedWords(estimate)}</span>`
      : html`<strong class="num">${fixed(value)}</strong><span class="quiet">${interval(estimate) || 'no interval'} · n ${n}</span>${n < lowN ? badge('low n', 'warn') : nothing}`}</span>
  </li>`;
}

function short(tick: number): string {
  return fixed(tick, Number.isInteger(tick) ? 0 : 2).replace(/^(−?)0\./, '$1.').replace(/0$/, (zero, at) => (at > 1 ? '' : zero));
}
