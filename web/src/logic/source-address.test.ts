import { describe, expect, it } from 'vitest';
import { missing } from './completeness';
import { emptyClaim, emptyEvidence, emptyJudgement } from './form';
import { guideline } from './guideline.fixture';
import type { Judgement } from './judgement';
import { addressOf, understood } from './source-address';
import { filledIn, settled } from './source-entry';
import { offListFlag, sourceOf, withAddresses, withOffListFlag } from './sources';

const withSource = (...urls: string[]): Judgement => ({
  ...emptyJudgement(['A']),
  claims: [{ ...emptyClaim('A'), quote: 'x', type: 'dose', checkworthiness: 'must', evidence: urls.map(url => ({ ...emptyEvidence(), url, tier: 'T1', stance: 'supports' })) }],
});

describe('what is typed as a source', () => {
  it.each([
    ['PMID: 30215381', 'https://pubmed.ncbi.nlm.nih.gov/30215381/'],
    ['pmid 30215381', 'https://pubmed.ncbi.nlm.nih.gov/30215381/'],
    ['30215381', 'https://pubmed.ncbi.nlm.nih.gov/30215381/'],
    ['PMC6139129', 'https://pmc.ncbi.nlm.nih.gov/articles/PMC6139129/'],
    ['PMCID: PMC6139129', 'https://pmc.ncbi.nlm.nih.gov/articles/PMC6139129/'],
    ['doi:10.1056/NEJMoa1500858.', 'https://doi.org/10.1056/NEJMoa1500858'],
    ['10.1002/14651858.CD001431.pub5', 'https://doi.org/10.1002/14651858.CD001431.pub5'],
    ['NCT01206062', 'https://clinicaltrials.gov/study/NCT01206062'],
    ['PMID：30215381', 'https://pubmed.ncbi.nlm.nih.gov/30215381/'],
    ['Wright et al., see https://www.cdc.gov/flu/index.html.', 'https://www.cdc.gov/flu/index.html'],
    ['<https://www.who.int/x>', 'https://www.who.int/x'],
    ['[WHO](https://www.who.int/x)', 'https://www.who.int/x'],
    ['https://www.who.int/x (accessed 3 May 2026)', 'https://www.who.int/x'],
    ['https://www.who.int/x.', 'https://www.who.int/x'],
    ['DOI: https://doi.org/10.1056/NEJMoa1500858', 'https://doi.org/10.1056/NEJMoa1500858'],
    ['ISRCTN 12345678', 'https://www.isrctn.com/ISRCTN12345678'],
    ['https://', 'https://'],
    ['NICE NG136', 'https://www.nice.org.uk/guidance/ng136'],
    ['www.who.int/news-room/x', 'https://www.who.int/news-room/x'],
    ['https://example.org/10.1056/abc', 'https://example.org/10.1056/abc'],
    ['Wright JT et al. N Engl J Med 2015;373:2103. doi: 10.1056/NEJMoa1511939', 'https://doi.org/10.1056/NEJMoa1511939'],
  ])('understands %s', (typed, url) => expect(addressOf(typed)).toBe(url));

  it('makes of a bare citation the search that finds it, with the words as its title', () => {
    const cited = 'Smith J, Effects of salt, BMJ 2019';
    const made = withAddresses(withSource(cited)).claims[0]!.evidence[0]!;
    expect(made.url).toBe('https://pubmed.ncbi.nlm.nih.gov/?term=Smith+J%2C+Effects+of+salt%2C+BMJ+2019');
    expect(made.title).toBe(cited);
    for (const nothing of ['salt', '', ' ', 'https://', 'http://localhost', 'javascript:alert(1)']) expect(understood(nothing)).toBeNull();
  });

  it('is asked for when nothing can be made of it, and not when it can', () => {
    expect(missing(withSource('PMID: 30215381'), guideline).filter(entry => entry.field.includes('evidence'))).toEqual([]);
    expect(missing(withSource('salt'), guideline).map(entry => entry.field)).toContain('judgement.claims[0].evidence[0].url');
  });
});

describe('what an address tells', () => {
  it('takes no index for a tier, and none for a source outside the registry', () => {
    for (const url of ['https://doi.org/10.1056/NEJMoa1500858', 'https://pubmed.ncbi.nlm.nih.gov/30215381/', 'https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6139129/'])
      expect(sourceOf(url, guideline)).toMatchObject({ offList: false, tier: null, source: null });
  });

  it('knows a publisher by the DOI, and Cochrane by its tier', () => {
    expect(sourceOf('https://doi.org/10.1056/NEJMoa1500858', guideline)?.publisher).toBe('NEJM');
    expect(sourceOf('https://doi.org/10.1002/14651858.CD001431.pub5', guideline)).toMatchObject({ publisher: 'Cochrane', tier: 'T2' });
  });

  it('takes the longest path, then the host, then a whole domain of one owner', () => {
    const entry = (url: string) => sourceOf(url, guideline)?.source;
    expect(entry('https://www.cdc.gov/vaccine-safety/about/autism.html')).toMatchObject({ kind: 'contested' });
    expect(entry('https://www.cdc.gov/norovirus/about/index.html')).toMatchObject({ path: '/norovirus', tier: 'T1' });
    expect(entry('https://www.cdc.gov/anything')?.tier).toBeUndefined();
    expect(entry('https://wwwnc.cdc.gov/travel')?.domain).toBe('*.cdc.gov');
    expect(entry('https://notcdc.gov/travel')).toBeNull();
    expect(entry('https://blogs.bmj.com/x')).toBeNull();
  });

  it('tells PubMed Central from the Bookshelf', () => {
    expect(sourceOf('https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6139129/', guideline)?.publisher).toBe('PubMed Central');
    expect(sourceOf('https://www.ncbi.nlm.nih.gov/books/NBK430685/', guideline)?.source?.domain).toBe('ncbi.nlm.nih.gov');
  });

  it('fills in what nobody wrote, and keeps what somebody did', () => {
    const first = { ...emptyEvidence(), ...filledIn(guideline, emptyEvidence(), 'www.nice.org.uk/guidance/ng143') };
    expect(first).toMatchObject({ tier: 'T1', jurisdiction: expect.any(String) });
    const mine = { ...first, publisher: 'My own words' };
    expect(filledIn(guideline, mine, 'https://example.org/a')).toMatchObject({ tier: null, publisher: 'My own words' });
    expect(settled(guideline, { ...emptyEvidence(), url: 'PMID 1234567' }).url).toBe('https://pubmed.ncbi.nlm.nih.gov/1234567/');
  });
});

describe('the flag for a source outside the registry', () => {
  it('comes with the first such source and goes with the last; others stay', () => {
    const none = { ...withSource('https://www.nice.org.uk/x'), flags: ['distressing'] };
    const one = withOffListFlag(none, { ...none, claims: withSource('https://blog.example.org/x').claims }, guideline);
    expect(one.flags).toEqual(['distressing', offListFlag]);
    expect(withOffListFlag(one, { ...one, claims: [] }, guideline).flags).toEqual(['distressing']);
  });

  it('is not touched by anything else, so that somebody may set it by hand', () => {
    const byHand = { ...withSource('https://www.nice.org.uk/x'), flags: [offListFlag] };
    expect(withOffListFlag(byHand, { ...byHand, claims: [...byHand.claims] }, guideline).flags).toEqual([offListFlag]);
  });
});
