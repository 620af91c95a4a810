import { html, svg, type TemplateResult } from 'lit';

/** A moving average between its limits, small enough for a line of a list; what it says stands beside it in words. */
export function driftPlot(points: { value: number; lower: number; upper: number }[], words: string): TemplateResult {
  const width = 120;
  const height = 34;
  const reach = Math.max(0.1, ...points.flatMap(({ value, lower, upper }) => [Math.abs(value), Math.abs(lower), Math.abs(upper)]));
  const x = (index: number) => (points.length < 2 ? width / 2 : 2 + (index * (width - 4)) / (points.length - 1));
  const y = (value: number) => height / 2 - (value / reach) * (height / 2 - 2);
  const line = (of: (point: (typeof points)[number]) => number) => points.map((point, index) => `${x(index).toFixed(1)},${y(of(point)).toFixed(1)}`).join(' ');
  return html`<span class="drift"><svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
    <line class="zero" x1="0" x2=${width} y1=${height / 2} y2=${height / 2}></line>
    ${points.length ? svg`<polyline class="limit" points=${line(point => point.upper)}></polyline><polyline class="limit" points=${line(point => point.lower)}></polyline>
      <polyline class="value" points=${line(point => point.value)}></polyline>
      ${points.map((point, index) => (point.value > point.upper || point.value < point.lower ? svg`<circle cx=${x(index)} cy=${y(point.value)} r="2.5"></circle>` : ''))}` : ''}
  </svg><span>${words}</span></span>`;
}
