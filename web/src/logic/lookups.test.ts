import { describe, expect, it } from 'vitest';
import { guideline } from './guideline.fixture';
import { guidelineEntries } from './guideline-entries';
import { omissionCodes, searchCodes, searchWithin, suggested } from './search-codes';
import { countWords, hostOf, sourceOf } from './sources';

describe('finding a code', () => {
  const names = (codes: { code: string }[]) => codes.map(code => code.code);

  it('suggests at most eight, all of them fitting the kind', () => {
    for (const kind of guideline.kinds) {
      const codes = suggested(guideline.codes, kind.key);
      expect(codes.length).toBeLessThanOrEqual(8);
      expect(codes.every(code => code.kinds.includes(kind.key))).toBe(true);
    }
  });

  it('puts codes first that were used in this task', () => {
    expect(names(suggested(guideline.codes, 'unsafe_reasoning', ['R9']))[0]).toBe('R9');
  });

  it('searches all by letter and number, name and description', () => {
    expect(names(searchCodes(guideline.codes, 'r2'))[0]).toBe('R2');
    expect(names(searchCodes(guideline.codes, 'dose'))[0]).toBe('F2');
    expect(names(searchCodes(guideline.codes, 'red flag'))).toContain('R2');
    expect(searchCodes(guideline.codes, 'zebra')).toEqual([]);
    expect(searchCodes(guideline.codes, ' ')).toEqual([]);
  });
});

describe('finding a code of a kind', () => {
  it('keeps codes of other kinds apart', () => {
    const { fitting, others } = searchWithin(guideline.codes, 'factual_error', 'r2');
    expect(fitting.every(code => code.kinds.includes('factual_error'))).toBe(true);
    expect(others.map(code => code.code)).toContain('R2');
  });

  it('offers for an omission what may be missing, and no strength', () => {
    expect(omissionCodes(guideline.codes).map(code => code.code)).toEqual(expect.arrayContaining(['O1', 'O2', 'O3', 'O4', 'O5']));
    expect(omissionCodes(guideline.codes).every(code => !code.kinds.includes('strength'))).toBe(true);
  });
});

describe('the source registry', () => {
  it('knows an address by its longest fitting domain', () => {
    expect(sourceOf('https://bnf.nice.org.uk/drugs/ibuprofen/', guideline)?.source).toMatchObject({ domain: 'bnf.nice.org.uk', tier: 'T1' });
    expect(sourceOf('https://www.nice.org.uk/guidance/ng143', guideline)?.source?.domain).toBe('nice.org.uk');
  });

  it('does not take a look-alike for the real one', () => {
    expect(sourceOf('https://nice.org.uk.example.com/x', guideline)).toMatchObject({ source: null, offList: true });
    expect(sourceOf('https://notnice.org.uk/x', guideline)?.offList).toBe(true);
  });

  it('tells a paywall, and says nothing about what is no address', () => {
    expect(sourceOf('https://www.uptodate.com/contents/x', guideline)).toMatchObject({ paywalled: true, offList: false });
    expect(sourceOf('nice.org.uk', guideline)).toBeNull();
    expect(hostOf('javascript:alert(1)')).toBeNull();
  });

  it('counts the words of an excerpt', () => {
    expect(countWords('  one two\nthree ')).toBe(3);
    expect(countWords(null)).toBe(0);
  });
});

describe('the guideline panel', () => {
  it('holds every code, dimension and source', () => {
    const titles = guidelineEntries(guideline).flatMap(chapter => chapter.entries.map(entry => entry.title));
    expect(titles.filter(title => /^[A-Z]\d+ /.test(title))).toHaveLength(guideline.codes.length + guideline.evidenceTiers.length);
    expect(titles).toContain('Appropriateness');
    expect(titles).toContain('Cochrane Library');
  });
});
