import { describe, expect, it } from 'vitest';
import { codePoints } from './code-points';
import { saysSomething, unitsOf } from './units';

const sentences = (text: string, language = 'en') => unitsOf([{ text, s: 0, e: codePoints(text).length, snap: false, block: 0 }], 'sentence', language).map(({ start, end }) => codePoints(text).slice(start, end));

describe('sentences', () => {
  it.each([
    ['Dr. Smith et al. (2019) found no effect. See Fig. 2 for it.', ['Dr. Smith et al. (2019) found no effect.', 'See Fig. 2 for it.']],
    ['Give 5 mg b.i.d. for 3 days. Use approx. 10 mL.', ['Give 5 mg b.i.d. for 3 days.', 'Use approx. 10 mL.']],
    ['1. Rest in bed. 2. Drink 2.5 litres.', ['1. Rest in bed.', '2. Drink 2.5 litres.']],
    ['The answer is no. Then call 112!', ['The answer is no.', 'Then call 112!']],
    ['💊 Prof. Lee advises rest. Call Mrs. Kim.', ['💊 Prof. Lee advises rest.', 'Call Mrs. Kim.']],
  ])('are cut where they end: %s', (text, expected) => expect(sentences(text)).toEqual(expected));

  it('are cut in languages that set no words apart, and judged there too', () => {
    expect(sentences('每天服用两次。多喝水。', 'zh')).toEqual(['每天服用两次。', '多喝水。']);
    expect(['每天服用两次。', 'ดื่มน้ำมาก', 'Take 5', 'Drink more water'].map(saysSomething)).toEqual([true, true, true, true]);
    expect(['多喝', 'Dear Anna', ''].map(saysSomething)).toEqual([false, false, false]);
  });
});
