import { describe, expect, it } from 'vitest';
import type { Case, Point } from '../api/adjudications';
import { guideline } from './guideline.fixture';
import { decided, optionsOf, titleOf } from './rulings';

const point = (change: Partial<Point>): Point => ({ key: 'rating:A:tone', kind: 'rating', response: 'A', dimension: 'tone', reason: 'Scores from 2 to 4', values: ['2', '4'], ...change });
const keys = (change: Partial<Point>) => optionsOf(point(change), guideline).map(option => option.key);
const of = (...points: string[]) => ({ points: points.map(key => point({ key })) }) as Case;

describe('the values of a point', () => {
  it('are 1 to 5 for a rating, and NA for reasoning alone', () => {
    expect(keys({})).toEqual(['1', '2', '3', '4', '5']);
    expect(keys({ dimension: 'reasoning' })).toEqual(['1', '2', '3', '4', '5', 'NA']);
  });

  it('are the words of the guideline for harm and claims', () => {
    expect(keys({ kind: 'harm' })).toEqual(guideline.harm.extent.map(extent => extent.key));
    expect(keys({ kind: 'claim' })).toEqual(guideline.verdicts.map(verdict => verdict.key));
    expect(keys({ kind: 'claim' })).not.toContain('NA');
  });

  it('say that a finding stands or does not, and of a task that it is set aside', () => {
    expect(keys({ kind: 'critical' })).toEqual(['stands', 'does_not_stand']);
    expect(keys({ kind: 'case' })).toEqual(['stands', 'set_aside']);
  });
});

describe('the title of a point', () => {
  it('names the dimension, and the response where there are several', () => {
    expect(titleOf(point({}), guideline, true)).toBe('Tone, response A');
    expect(titleOf(point({}), guideline, false)).toBe('Tone');
    expect(titleOf(point({ kind: 'harm', response: 'B' }), guideline, true)).toBe('Harm, response B');
    expect(titleOf({ key: 'case', kind: 'case', reason: '', values: [] }, guideline, true)).toBe('The whole task');
  });
});

describe('decisions', () => {
  it('need a value or a judgement, and a sentence that is not blank', () => {
    expect(decided(of('a', 'b', 'c', 'd'), {
      a: { value: '4' },
      b: { rationale: 'Because.' },
      c: { value: '4', rationale: ' \n' },
      d: { judgement: 1, rationale: '' },
    })).toEqual([]);
  });

  it('come in the order of the points, trimmed, each by judgement or by value and never both', () => {
    expect(decided(of('a', 'b', 'c'), {
      c: { judgement: 2, value: '5', rationale: ' Third. ' },
      a: { value: 'stands', rationale: 'First.' },
      other: { value: '1', rationale: 'Of no point.' },
    })).toEqual([
      { point: 'a', value: 'stands', rationale: 'First.' },
      { point: 'c', judgement: 2, rationale: 'Third.' },
    ]);
  });

  it('count the first judgement and a score of zero-like text as given', () => {
    expect(decided(of('a', 'b'), { a: { judgement: 0, rationale: 'x' }, b: { value: '', rationale: 'y' } })).toEqual([
      { point: 'a', judgement: 0, rationale: 'x' },
      { point: 'b', value: '', rationale: 'y' },
    ]);
  });
});
