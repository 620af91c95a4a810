import type { Case, Decision, Point } from '../api/adjudications';
import type { Guideline } from './guideline';
import { nameOf } from './guideline';

export type Rulings = Record<string, Partial<Decision>>;

export interface Option {
  key: string;
  name: string;
}

/** Values that a point may be given; the server has the same rule. */
export function optionsOf(point: Point, guideline: Guideline): Option[] {
  switch (point.kind) {
    case 'rating': return [...['1', '2', '3', '4', '5'], ...(guideline.dimensions.find(one => one.key === point.dimension)?.naAllowed ? ['NA'] : [])].map(key => ({ key, name: key }));
    case 'harm': return guideline.harm.extent;
    case 'claim': return guideline.verdicts;
    case 'critical': return [{ key: 'stands', name: 'It stands' }, { key: 'does_not_stand', name: 'It does not stand' }];
    case 'case': return [{ key: 'stands', name: 'The judgements stand' }, { key: 'set_aside', name: 'Set the item aside' }];
  }
}

export function titleOf(point: Point, guideline: Guideline, several: boolean): string {
  const what = { rating: nameOf(guideline.dimensions, point.dimension ?? null), harm: 'Harm', claim: 'A claim', critical: 'A critical finding', case: 'The whole task' }[point.kind];
  return point.response && several ? `${what}, response ${point.response}` : what;
}

/** The decisions that are whole, in the order of the points. */
export function decided(case_: Case, rulings: Rulings): Decision[] {
  return case_.points.flatMap(point => {
    const ruling = rulings[point.key];
    const rationale = ruling?.rationale?.trim();
    if (!rationale || (ruling?.judgement === undefined && ruling?.value === undefined)) return [];
    return [ruling.judgement === undefined ? { point: point.key, value: ruling.value!, rationale } : { point: point.key, judgement: ruling.judgement, rationale }];
  });
}
