import type { BatchProgress } from '../api/batch-desk';
import { day } from '../logic/time';

/** When a batch may be finished, in words: a day with the days between which it may lie, or why that cannot be said. */
export function sayFinish(pace: BatchProgress['pace'], now: Date): string {
  if (pace.left === 0) return 'All judgements are in.';
  if (pace.daysLeft === undefined) return `Cannot be said yet: ${pace.undefined ?? 'no reason was given'}.`;
  const after = (days: number) => day(new Date(now.getTime() + Math.ceil(days) * 86_400_000));
  const latest = pace.latest === undefined ? 'with no latest day, the pace varies too much' : `at the latest ${after(pace.latest)}`;
  return `About ${after(pace.daysLeft)} (95\u00a0%: ${after(pace.soonest ?? pace.daysLeft)} at the earliest, ${latest}).`;
}
