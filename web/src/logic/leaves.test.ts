import { describe, expect, it } from 'vitest';
import { codePoints } from './code-points';
import { leavesOf } from './leaves';

describe('the shown text of a response', () => {
  it('takes its text from the stored text by code points', () => {
    const leaves = leavesOf([{ k: 'p', s: 0, e: 3, c: [{ k: 'text', s: 1, e: 3 }] }], codePoints('💊ab'));
    expect(leaves).toMatchObject([{ s: 1, e: 3, text: 'ab', snap: false }]);
  });

  it('finds code inside its fence, even when the fence names the same word', () => {
    const text = '```dose\ndose\n```';
    const leaves = leavesOf([{ k: 'pre', s: 0, e: text.length, v: 'dose\n' }], codePoints(text));
    expect(leaves).toMatchObject([{ s: 8, e: 13, snap: false }]);
  });

  it('marks as a whole what an entity or an escape made different', () => {
    expect(leavesOf([{ k: 'text', s: 0, e: 5, v: '<' }], codePoints('&lt; '))).toMatchObject([{ s: 0, e: 5, text: '<', snap: true }]);
  });

  it('gives the cells of a table and the items of a list blocks of their own', () => {
    const cell = (s: number) => ({ k: 'td', s, e: s + 1, c: [{ k: 'text', s, e: s + 1 }] });
    const leaves = leavesOf([{ k: 'table', s: 0, e: 2, c: [{ k: 'tr', s: 0, e: 2, c: [cell(0), cell(1)] }] }], codePoints('ab'));
    expect(new Set(leaves.map(leaf => leaf.block)).size).toBe(2);
  });
});
