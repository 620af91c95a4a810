import { describe, expect, it } from 'vitest';
import { fieldId, responseOfField } from './field-id';
import { found } from './search';
import { addressOf, recordKind, titleOf, understood } from './source-address';

describe('what kind of record an address names', () => {
  it.each([
    ['https://pubmed.ncbi.nlm.nih.gov/1/', 'pubmed'], ['https://www.ncbi.nlm.nih.gov/pubmed/1', 'pubmed'],
    ['https://pmc.ncbi.nlm.nih.gov/articles/PMC1/', 'pmc'], ['https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1', 'pmc'], [' https://europepmc.org/x ', 'pmc'],
    ['https://doi.org/10.1/x', 'doi'], ['http://dx.doi.org/10.1/x', 'doi'], ['https://clinicaltrials.gov/study/NCT1', 'trial'], ['https://www.ncbi.nlm.nih.gov/books/NBK1', 'bookshelf'],
    ['https://www.ncbi.nlm.nih.gov/gene/1', null], ['https://example.org/pubmed', null], ['https://example.org/books', null], ['https://example.org/pmc', null],
    ['https://notdoi.org/', null], ['https://doi.www.org/', null], ['no address', null],
  ])('%s: %s', (url, kind) => expect(recordKind(url)).toBe(kind));
});

describe('what is typed as a source', () => {
  it.each([
    ['PubMed ID 123456', 'PubMed 123456'], ['PubMed:1234', 'PubMed 1234'], ['PMC PMC123456', 'PubMed Central PMC123456'], ['PMCID 123456', 'PubMed Central PMC123456'],
    ['see NCT: 01206062 for more', 'trial NCT01206062'], ['nice guidance ta12', 'NICE TA12'], ['NICE guideline NG 136', 'NICE NG136'], ['12345678', 'PubMed 12345678'],
    ['(10.1056/abc)', 'DOI 10.1056/abc'], ['HTTPS://Example.org/a', 'address'], ['a-b.example.org/x?y', 'address'], ['example.org', 'address'],
  ])('%s is understood as %s', (typed, as) => expect(understood(typed)?.as).toBe(as));

  it.each(['', '   ', 'PMID 123', '123456', '123456789', 'NCT123', 'NICE XX1', 'short text', 'one-long-word-without-a-space', '10.12/x'])('%j is nothing yet', typed => {
    expect(understood(typed)).toBeNull();
    expect(addressOf(`  ${typed} `)).toBe(typed.trim());
    expect(titleOf(typed)).toBeNull();
  });

  it('of words makes the search that finds them, and keeps the words as the title', () => {
    expect(addressOf(' Smith & Wesson 2015 trial ')).toBe('https://pubmed.ncbi.nlm.nih.gov/?term=Smith+%26+Wesson+2015+trial');
    expect(titleOf(' Smith & Wesson 2015 trial ')).toBe('Smith & Wesson 2015 trial');
    expect(understood('twelve chars')?.as).toMatch(/^citation/);
    expect(titleOf('https://example.org/ with words')).toBeNull();
  });

  it('keeps an address that holds an identifier as it is', () => {
    expect(addressOf('publisher.example.org/doi/10.1056/abc')).toBe('https://publisher.example.org/doi/10.1056/abc');
    expect(addressOf('http://example.org/PMID 1234')).toBe('http://example.org/PMID 1234');
  });
});

describe('the field that an error names', () => {
  it('has one id', () => {
    expect(fieldId('judgement.ratings[0].accuracy')).toBe('ratings-0-accuracy');
    expect(fieldId('judgement.harm[12]')).toBe('harm-12');
    expect(fieldId('other.judgement.x')).toBe('other-judgement-x');
  });

  it('belongs to a response or to the whole task', () => {
    const lists = { ratings: Array.from({ length: 12 }, (_, at) => ({ response: `R${at}` })) };
    expect(responseOfField('judgement.ratings[11].accuracy', lists)).toBe('R11');
    expect(responseOfField('judgement.ratings[12].accuracy', lists)).toBeNull();
    expect(responseOfField('judgement.spans[0].code', lists)).toBeNull();
    expect(responseOfField('judgement.confidence', lists)).toBeNull();
    expect(responseOfField('old.judgement.ratings[0]', lists)).toBeNull();
  });
});

describe('searching', () => {
  it('wants every word, anywhere, whatever the case and accents', () => {
    expect(found('  Émile   durkheim ', 'emile', null, 'DURKHEIM')).toBe(true);
    expect(found('ss', 'as', 'so')).toBe(false);
    expect(found('undefined', undefined, 'x')).toBe(false);
    expect(found(' ', 'anything')).toBe(true);
    expect(found('one three', 'one two')).toBe(false);
  });
});
