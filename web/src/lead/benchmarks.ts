import type { Benchmark, BenchmarkAdded, BenchmarkRun, BenchmarkScore } from '../api/benchmarks';
import { fixed } from './estimate';
import { count, number } from './words';

/** '0.75, 95 % CI 0.61 to 0.88 (40 prompts)'; what nobody has judged has no score. */
export function sayScore(score: Pick<BenchmarkScore, 'value' | 'low' | 'high'> | undefined, prompts = 0): string {
  if (score?.value === undefined) return 'not judged yet';
  const range = score.low === undefined || score.high === undefined ? '' : `, 95\u00a0% CI ${fixed(score.low)} to ${fixed(score.high)}`;
  return `${fixed(score.value)}${range} (${count(prompts, 'prompt')})`;
}

/** 'axis:context_awareness' → 'Axis: context awareness'. */
export function sayWhat(what: string): string {
  if (what === 'all') return 'Whole rubric';
  const [kind = '', ...rest] = what.split(':');
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}: ${rest.join(':').replaceAll('_', ' ')}`;
}

export function sayCoverage({ covered, prompts, surplus, missing }: BenchmarkRun): string {
  const words = `${number(covered)} of ${number(prompts)} prompts answered`;
  const without = missing.length ? `; missing: ${missing.slice(0, 5).join(', ')}${prompts - covered > 5 ? ` and ${number(prompts - covered - 5)} more` : ''}` : '';
  return `${words}${without}${surplus ? `; ${count(surplus, 'answer')} to prompts that it does not have` : ''}.`;
}

export function sayAdded({ benchmark, isNew, rejected }: BenchmarkAdded): string {
  const what = `${benchmark.name}, version ${benchmark.version}: ${count(benchmark.prompts, 'prompt')}`;
  return `${what}${isNew ? '' : ', as before'}.${rejected ? ` ${count(rejected, 'record')} could not be taken.` : ''}`;
}

/** Versions under their benchmark, the latest first. */
export function byBenchmark(all: Benchmark[]): Benchmark[][] {
  const ids = [...new Set(all.map(one => one.benchmarkId))];
  return ids.map(id => all.filter(one => one.benchmarkId === id).toSorted((one, other) => other.version - one.version));
}
