import { html, nothing, type TemplateResult } from 'lit';

export interface Column<T> {
  head: string;
  cell: (row: T) => TemplateResult | string | number | typeof nothing;
  num?: boolean;
  /** The cell that names the row. */
  rowHead?: boolean;
}

/** A plain table in a box that scrolls sideways on a phone. */
export function dataTable<T>(caption: string, columns: Column<T>[], rows: T[], empty = 'Nothing here yet.'): TemplateResult {
  const cell = (column: Column<T>, row: T) =>
    column.rowHead ? html`<th scope="row">${column.cell(row)}</th>` : html`<td class=${column.num ? 'num' : nothing}>${column.cell(row)}</td>`;
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label=${caption}>
    <table>
      <caption>${caption}</caption>
      <thead><tr>${columns.map(column => html`<th scope="col" class=${column.num ? 'num' : nothing}>${column.head}</th>`)}</tr></thead>
      <tbody>
        ${rows.length === 0 ? html`<tr><td colspan=${columns.length} class="quiet">${empty}</td></tr>` : rows.map(row => html`<tr>${columns.map(column => cell(column, row))}</tr>`)}
      </tbody>
    </table>
  </div>`;
}
