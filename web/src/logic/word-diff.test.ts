import { expect, test } from 'vitest';
import { wordDiff, type Piece } from './word-diff';

const only = (pieces: Piece[], ...kinds: Piece['kind'][]) => pieces.filter(piece => kinds.includes(piece.kind)).map(piece => piece.text).join('');

test('equal texts are one piece, empty ones none', () => {
  expect(wordDiff('take it twice a day', 'take it twice a day')).toEqual([{ kind: 'same', text: 'take it twice a day' }]);
  expect(wordDiff('', '')).toEqual([]);
});

test('a word in the middle comes in', () => {
  expect(wordDiff('My father fell', 'My father, 71, fell')).toEqual([
    { kind: 'same', text: 'My father' }, { kind: 'in', text: ', 71,' }, { kind: 'same', text: ' fell' },
  ]);
});

test('both texts can be read out of the pieces, whatever they are', () => {
  const parts = ['a', 'b', ' ', '\n', 'é', '💧', 'ab', ''];
  let seed = 7;
  const pick = () => parts[(seed = (seed * 48271) % 2147483647) % parts.length];
  for (let round = 0; round < 300; round++) {
    const [before, after] = [Array.from({ length: round % 23 }, pick).join(''), Array.from({ length: (round * 7) % 19 }, pick).join('')];
    const pieces = wordDiff(before, after);
    expect(only(pieces, 'same', 'out')).toBe(before);
    expect(only(pieces, 'same', 'in')).toBe(after);
  }
});

test('texts too long to compare finely are shown as replaced between what they share', () => {
  const long = (word: string) => `Dear doctor ${Array.from({ length: 3000 }, (_, i) => `${word}${i}`).join(' ')} thank you`;
  const pieces = wordDiff(long('x'), long('y'));
  expect(pieces.map(piece => piece.kind)).toEqual(['same', 'out', 'in', 'same']);
});
