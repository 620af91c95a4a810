import { describe, expect, it } from 'vitest';
import { codePoints, countCodePoints } from './code-points';

describe('offsets in code points', () => {
  const text = 'Take 💊💊 daily — é';

  it('count an emoji as one', () => {
    expect(countCodePoints(text)).toBe(17);
    expect(codePoints(text).length).toBe(17);
    expect(codePoints(text).slice(5, 7)).toBe('💊💊');
  });

  it('go to UTF-16 units and back', () => {
    const points = codePoints(text);
    for (let offset = 0; offset <= points.length; offset++) expect(points.fromUtf16(points.toUtf16(offset))).toBe(offset);
    expect(points.toUtf16(8)).toBe(10);
  });

  it('put the second half of a pair at its code point', () => {
    expect(codePoints('a💊b').fromUtf16(2)).toBe(1);
  });

  it('are clamped to the text', () => {
    expect(codePoints('abc').toUtf16(99)).toBe(3);
    expect(codePoints('💊').toUtf16(99)).toBe(2);
    expect(codePoints('abc').slice(-1, 2)).toBe('ab');
  });

  it('do not merge a letter with its combining mark', () => {
    expect(codePoints('e\u0301').length).toBe(2);
  });
});
