import { describe, expect, it } from 'vitest';
import { merge } from './merge';

const base = { name: 'Old', overlap: '2', languages: ['en'] };

describe('joining two changes of the same thing', () => {
  it('keeps mine and takes over what only they changed', () => {
    const joined = merge(base, { ...base, name: 'Mine' }, { ...base, overlap: '3' });
    expect(joined).toMatchObject({ value: { name: 'Mine', overlap: '3', languages: ['en'] }, taken: ['overlap'], clashes: [] });
  });

  it('keeps mine where both changed, and says so', () => {
    const joined = merge(base, { ...base, name: 'Mine', languages: ['en', 'es'] }, { ...base, name: 'Theirs', languages: ['en', 'de'] });
    expect(joined.value).toEqual({ name: 'Mine', overlap: '2', languages: ['en', 'es'] });
    expect(joined.clashes).toEqual(['name', 'languages']);
    expect(joined.taken).toEqual([]);
  });

  it('sees no clash when both made the same change', () => {
    expect(merge(base, { ...base, name: 'New' }, { ...base, name: 'New' })).toMatchObject({ taken: [], clashes: [] });
  });
});
