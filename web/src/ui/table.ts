import { html, nothing, type TemplateResult } from 'lit';

export interface Column<T> {
  head: string;
  cell: (row: T) => TemplateResult | string | number | typeof nothing;
  num?: boolean;
  /** The cell that names the row. */
  rowHead?: boolean;
}

/** A plain table. On a phone one of three columns or more becomes a list of rows, with the heads inside; the roles keep it a table for screen readers. */
export function dataTable<T>(caption: string, columns: Column<T>[], rows: T[], empty = 'Nothing here yet.'): TemplateResult {
  const cell = (column: Column<T>, row: T) =>
    column.rowHead ? html`<th scope="row" role="rowheader">${column.cell(row)}</th>` : html`<td role="cell" class=${column.num ? 'num' : nothing} data-head=${column.head || nothing}>${column.cell(row)}</td>`;
  return html`<div class="table-wrap ${columns.length > 2 ? 'stacks' : ''}" tabindex="0" role="region" aria-label=${caption}>
    <table role="table">
      <caption>${caption}</caption>
      <thead role="rowgroup"><tr role="row">${columns.map(column => html`<th scope="col" role="columnheader" class=${column.num ? 'num' : nothing}>${column.head}</th>`)}</tr></thead>
      <tbody role="rowgroup">
        ${rows.length === 0 ? html`<tr role="row"><td role="cell" colspan=${columns.length} class="quiet">${empty}</td></tr>` : rows.map(row => html`<tr role="row">${columns.map(column => cell(column, row))}</tr>`)}
      </tbody>
    </table>
  </div>`;
}
