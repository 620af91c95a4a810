import { describe, expect, it } from 'vitest';
import { codePoints } from './code-points';
import { firstCursor, moveCursor, nudge, selected, toEdge, type Cursor } from './cursor';
import { leavesOf } from './leaves';
import type { ViewNode } from './nodes';
import { unitsOf, type Step } from './units';

const text = 'Take **two** 💊 now. Then rest.\n\nCall us.';
const at = (part: string) => [...text.slice(0, text.indexOf(part))].length;
const leaf = (part: string): ViewNode => ({ k: 'text', s: at(part), e: at(part) + [...part].length });
const view: ViewNode[] = [
  { k: 'p', s: 0, e: 32, c: [leaf('Take '), { k: 'strong', s: 5, e: 12, c: [leaf('two')] }, leaf(' 💊 now. Then rest.')] },
  { k: 'p', s: 33, e: 41, c: [leaf('Call us.')] },
];
const source = codePoints(text);
const leaves = leavesOf(view, source);
const units = (step: Step) => unitsOf(leaves, step, 'en');
const quote = (cursor: Cursor) => source.slice(selected(cursor).start, selected(cursor).end);
const start = firstCursor(units('word'))!;
const go = (cursor: Cursor, step: Step, extend = false, forward = true) => moveCursor(cursor, { step, forward, extend }, units(step));

describe('the keyboard cursor', () => {
  it('begins at the first word and goes word by word across formatting', () => {
    expect(quote(start)).toBe('Take');
    expect(quote(go(start, 'word'))).toBe('two');
    expect(quote(go(go(start, 'word'), 'word'))).toBe('now');
    expect(quote(go(go(start, 'word'), 'word', false, false))).toBe('Take');
  });

  it('extends with the marks of the stored text in between', () => {
    expect(quote(go(start, 'word', true))).toBe('Take **two');
  });

  it('first takes the sentence one is in, then the next one, also in the next paragraph', () => {
    const sentence = go(start, 'sentence');
    expect(quote(sentence)).toBe('Take **two** 💊 now.');
    expect(quote(go(sentence, 'sentence'))).toBe('Then rest.');
    expect(quote(go(go(sentence, 'sentence'), 'sentence'))).toBe('Call us.');
  });

  it('comes back from a sentence to its words going on after it', () => {
    expect(quote(go(go(start, 'sentence'), 'word'))).toBe('two');
  });

  it('takes paragraphs', () => {
    expect(quote(go(go(start, 'block'), 'block'))).toBe('Call us.');
  });

  it('stays at the edges', () => {
    expect(quote(go(start, 'word', false, false))).toBe('Take');
    const last = toEdge(start, units('word'), true, false);
    expect(quote(last)).toBe('us');
    expect(quote(go(last, 'word'))).toBe('us');
  });

  it('is corrected by single characters but never becomes empty', () => {
    expect(quote(nudge(start, 1, source.length))).toBe('Take ');
    expect(quote(nudge(start, -9, source.length))).toBe('T');
  });
});
