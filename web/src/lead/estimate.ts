import type { Estimate } from '../api/projects';

/** Below so many units a figure is marked: its interval says more than its value. */
export const lowN = 30;

export function fixed(value: number, digits = 2): string {
  return value.toFixed(digits).replace('-', '−');
}

export function percent(share: number, digits = 1): string {
  return `${fixed(share * 100, digits)}\u00a0%`;
}

/** '3.91, 95 % CI 3.62 to 4.10', or why there is none. */
export function sayEstimate(estimate: Estimate, show: (value: number) => string = fixed): string {
  if (estimate.value === null) return undefinedWords(estimate);
  return `${show(estimate.value)}${interval(estimate, show) && `, ${interval(estimate, show)}`}`;
}

export function interval(estimate: Estimate, show: (value: number) => string = fixed): string {
  return estimate.low === null || estimate.high === null ? '' : `95\u00a0% CI ${show(estimate.low)} to ${show(estimate.high)}`;
}

export function undefinedWords(estimate: Estimate): string {
  return `Not defined: ${(estimate.undefined ?? 'no reason was given').replace(/[.]$/, '')}.`;
}

export interface Axis {
  from: number;
  to: number;
  ticks: number[];
  /** Lines with a meaning, such as a target. */
  marks: number[];
}

export const scoreAxis: Axis = { from: 1, to: 5, ticks: [1, 2, 3, 4, 5], marks: [] };

/** From 0, or lower when an interval reaches below it, up to 1. */
export function agreementAxis(estimates: Estimate[]): Axis {
  const lowest = Math.min(0, ...estimates.flatMap(({ low, value }) => [low ?? 0, value ?? 0]));
  const from = Math.max(-1, Math.floor(lowest * 5) / 5);
  return { from, to: 1, ticks: from < 0 ? [from, 0, 1] : [0, 1], marks: [0.67, 0.8] };
}

/** Where a value lies on the axis, in per cent of its length, inside a margin that keeps round ends whole. */
export function place(value: number, { from, to }: Axis): number {
  const share = (Math.min(Math.max(value, from), to) - from) / (to - from);
  return 2 + share * 96;
}
