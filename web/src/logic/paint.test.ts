import { describe, expect, it } from 'vitest';
import { paint, type Mark } from './paint';

const mark = (id: string, start: number, end: number): Mark => ({ id, start, end, kind: 'improve', label: id });
const run = (text: string, s = 0) => ({ s, e: s + [...text].length, text, snap: false });

describe('painting marks on a run of text', () => {
  it('leaves an unmarked run whole', () => {
    expect(paint(run('abc'), [])).toEqual([{ s: 0, e: 3, text: 'abc', marks: [], closing: [] }]);
  });

  it('cuts at overlapping borders and loses no character', () => {
    const pieces = paint(run('0123456789', 100), [mark('x', 102, 106), mark('y', 104, 109)]);
    expect(pieces.map(piece => piece.text)).toEqual(['01', '23', '45', '678', '9']);
    expect(pieces.map(piece => piece.marks.map(m => m.id).join(''))).toEqual(['', 'x', 'xy', 'y', '']);
    expect(pieces.map(piece => piece.closing.map(m => m.id).join(''))).toEqual(['', '', 'x', 'y', '']);
  });

  it('cuts by code points, not by UTF-16 units', () => {
    expect(paint(run('a💊b💊c'), [mark('x', 1, 4)]).map(piece => piece.text)).toEqual(['a', '💊b💊', 'c']);
  });

  it('puts the longer of two marks outside when both begin together', () => {
    const [first] = paint(run('abcdef'), [mark('short', 0, 2), mark('long', 0, 5)]);
    expect(first?.marks.map(m => m.id)).toEqual(['long', 'short']);
  });

  it('labels a mark that crosses several runs only where it ends', () => {
    const across = mark('x', 1, 7);
    expect(paint(run('0123'), [across]).flatMap(piece => piece.closing)).toEqual([]);
    expect(paint(run('4567', 4), [across]).flatMap(piece => piece.closing)).toEqual([across]);
  });

  it('marks a run that differs from the stored text as a whole or not at all', () => {
    const entity = { s: 10, e: 15, text: '&', snap: true };
    expect(paint(entity, [mark('x', 12, 13)])).toHaveLength(1);
    expect(paint(entity, [mark('x', 12, 13)])[0]?.marks).toHaveLength(1);
    expect(paint(entity, [mark('x', 15, 20)])[0]?.marks).toHaveLength(0);
  });
});
