import type { Format, Shown } from '../api/reports';
import { fixed } from './estimate';

/** What has no value is left out of the file. */
export function isThere(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

/** A value as the workbook shows it. */
export function shown(value: number | null | undefined, format: Format): string {
  if (!isThere(value)) return '–';
  if (format === 'rate') return `${fixed(value * 100, 1)}\u00a0%`;
  return fixed(value, format === 'index' ? 1 : 2);
}

/** A difference: rates in points, signed. */
export function shownDifference(value: number | null | undefined, format: Format): string {
  if (!isThere(value)) return '–';
  const words = format === 'rate' ? `${fixed(Math.abs(value) * 100, 1)} points` : fixed(Math.abs(value), format === 'index' ? 1 : 2);
  return `${value < 0 ? '−' : '+'}${words}`;
}

/** '71.2 to 75.4', or nothing. */
export function range(figure: Shown, show: (value: number) => string): string {
  return !isThere(figure.low) || !isThere(figure.high) ? '' : `${show(figure.low)} to ${show(figure.high)}`;
}

/** How bad a cell of the harm matrix is, by extent and likelihood and never by how often: 0 (no harm) to 4. */
export function severity(extent: number, likelihood: number): number {
  const grade = extent * (likelihood + 1);
  if (extent === 0) return 0;
  return grade <= 2 ? 1 : grade <= 4 ? 2 : grade <= 8 ? 3 : 4;
}

/** In margins, so that all figures fit one plot: above 0 favours the candidate, −1 is the margin. */
export function inMargins(value: number | null | undefined, margin: number, higherIsBetter: boolean): number | null {
  return !isThere(value) || margin <= 0 ? null : ((higherIsBetter ? 1 : -1) * value) / margin;
}
