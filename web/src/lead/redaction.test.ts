import { describe, expect, it } from 'vitest';
import { occurrences, segments, sent, token, withPlace, type Marked } from './redaction';

const place = (start: number, end: number, on = true): Marked => ({ path: 'a', start, end, class: 'phone', on });

describe('a redaction', () => {
  it('cuts a text at its places, counted in code points', () => {
    const cut = segments('a', '😀 call 555 now', [place(7, 10)]);
    expect(cut.map(one => [one.start, one.text, one.place !== null])).toEqual([[0, '😀 call ', false], [7, '555', true], [10, ' now', false]]);
    expect(cut.map(one => one.text).join('')).toBe('😀 call 555 now');
  });

  it('keeps every character when places overlap or lie at the ends', () => {
    for (const places of [[place(0, 3)], [place(0, 2), place(1, 3)], [place(2, 3), place(0, 1)], []]) expect(segments('a', 'abc', places).map(one => one.text).join('')).toBe('abc');
  });

  it('takes what a new place overlaps into it', () => {
    expect(withPlace([place(0, 4), place(6, 8)], { path: 'a', start: 3, end: 5, class: 'name' })).toEqual([place(6, 8), { path: 'a', start: 0, end: 5, class: 'name', on: true }]);
    expect(withPlace([place(0, 4)], { path: 'b', start: 3, end: 5, class: 'name' })).toHaveLength(2);
  });

  it('finds words wherever they stand, as they are written', () => {
    const texts = [{ path: 'a', text: '😀 Maria (M.) and maria' }, { path: 'b', text: 'no' }];
    expect(occurrences(texts, ' Maria ', 'name').map(one => [one.start, one.end])).toEqual([[2, 7], [17, 22]]);
    expect(occurrences(texts, '(M.)', 'name')).toHaveLength(1);
    expect(occurrences(texts, '  ', 'name')).toEqual([]);
  });

  it('sends only the places that are to go, under names the server knows', () => {
    expect(sent([{ ...place(4, 5), class: 'address' }, place(0, 1), place(2, 3, false)])).toEqual([{ path: 'a', start: 0, end: 1, class: 'phone' }, { path: 'a', start: 4, end: 5, class: 'other' }]);
    expect([token('record_number'), token('address')]).toEqual(['[RECORD NUMBER]', '[REMOVED]']);
  });
});
