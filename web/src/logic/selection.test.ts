// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { stretchOf, trimmed } from './selection';

const root = document.createElement('div');

/** Two paragraphs: "Take 💊 " + strong "two" + " daily", then "&" standing for the five characters of an entity. */
function draw(): Record<string, Text> {
  root.replaceChildren();
  const texts: Record<string, Text> = {};
  const run = (parent: Element, name: string, text: string, s: number, e?: number) => {
    const span = document.createElement('span');
    span.dataset['s'] = String(s);
    if (e !== undefined) span.dataset['e'] = String(e);
    texts[name] = document.createTextNode(text);
    span.append(document.createComment('?lit$'), texts[name]);
    parent.append(span);
  };
  const first = document.createElement('p');
  const strong = document.createElement('strong');
  run(first, 'take', 'Take 💊 ', 0);
  run(strong, 'two', 'two', 9);
  first.append(strong);
  run(first, 'daily', ' daily', 14);
  const second = document.createElement('p');
  run(second, 'and', '&', 22, 27);
  root.append(first, second);
  return texts;
}

let texts: Record<string, Text>;

function select(from: Node, at: number, to: Node, until: number) {
  const range = document.createRange();
  range.setStart(from, at);
  range.setEnd(to, until);
  return stretchOf(root, range);
}

describe('a selection', () => {
  beforeEach(() => {
    document.body.append(root);
    texts = draw();
  });

  it('inside one run is counted in code points', () => {
    expect(select(texts['take']!, 5, texts['take']!, 8)).toEqual({ start: 5, end: 7 });
  });

  it('across formatting takes the marks of the stored text along', () => {
    expect(select(texts['take']!, 0, texts['daily']!, 6)).toEqual({ start: 0, end: 20 });
  });

  it('that only touches the edge of a run does not take it', () => {
    expect(select(texts['take']!, 8, texts['two']!, 3)).toEqual({ start: 9, end: 12 });
    expect(select(texts['two']!, 0, texts['daily']!, 0)).toEqual({ start: 9, end: 12 });
  });

  it('that a triple click ends at the next paragraph stays in its own', () => {
    expect(select(texts['take']!, 0, root.lastChild!, 0)).toEqual({ start: 0, end: 20 });
  });

  it('of a run that differs from the stored text takes the whole of it', () => {
    expect(select(texts['and']!, 0, texts['and']!, 1)).toEqual({ start: 22, end: 27 });
  });

  it('of nothing is nothing', () => {
    expect(select(texts['two']!, 1, texts['two']!, 1)).toBeNull();
  });
});

describe('trimming', () => {
  it('drops blanks at both ends, by code points', () => {
    expect(trimmed('💊  two \n x', { start: 1, end: 8 })).toEqual({ start: 3, end: 6 });
  });

  it('of blanks alone is nothing', () => {
    expect(trimmed('a   b', { start: 1, end: 4 })).toBeNull();
  });
});
