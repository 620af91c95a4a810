import { describe, expect, it } from 'vitest';
import { begin, record, redo, undo } from './history';

describe('undo and redo', () => {
  it('go back and forth through every step, and name it', () => {
    let history = record(record(begin(0), 1, 'one', '', 0), 2, 'two', '', 0);
    expect(history.past.at(-1)?.label).toBe('two');
    history = undo(history);
    expect(history.present).toBe(1);
    expect(history.future[0]?.label).toBe('two');
    history = redo(history);
    expect(history.present).toBe(2);
    expect(undo(undo(history)).present).toBe(0);
  });

  it('stay where they are at the ends', () => {
    const history = begin('x');
    expect(undo(history)).toBe(history);
    expect(redo(history)).toBe(history);
  });

  it('take typing in one field as one step until there is a pause', () => {
    let history = begin('');
    history = record(history, 'a', 'text', 'rationale', 1000);
    history = record(history, 'ab', 'text', 'rationale', 1400);
    expect(undo(history).present).toBe('');
    history = record(history, 'abc', 'text', 'rationale', 9000);
    expect(undo(history).present).toBe('ab');
  });

  it('forget what was undone once something new is done', () => {
    const history = record(undo(record(begin(0), 1, 'one', '', 0)), 9, 'nine', '', 0);
    expect(history.future).toEqual([]);
  });

  it('do not count a change that changed nothing', () => {
    const history = begin(7);
    expect(record(history, 7, 'same', '', 0)).toBe(history);
  });
});
