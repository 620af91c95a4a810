import { describe, expect, it } from 'vitest';
import { found } from './search';

describe('finding by words', () => {
  it('needs every word, anywhere, in any order', () => {
    expect(found('rivera ana', 'Ana Rivera', 'ana@example.org')).toBe(true);
    expect(found('ana berg', 'Ana Rivera', null)).toBe(false);
  });

  it('does not mind case and accents', () => {
    expect(found('jose nunez', 'José Núñez')).toBe(true);
    expect(found('NÚÑEZ', 'nunez')).toBe(true);
  });

  it('finds everything when nothing is asked', () => {
    expect(found('  ', undefined)).toBe(true);
  });
});
