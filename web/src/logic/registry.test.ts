import { describe, expect, it } from 'vitest';
import type { Source } from './guideline';
import { entryOf, publisherOf } from './registry';

const entry = (domain: string, name: string, more: Partial<Source> = {}): Source => ({ domain, name, jurisdiction: 'US', kind: 'agency', ...more });

describe('the registry entry of an address, by its page', () => {
  const sources = [
    entry('health.example', 'The whole site'),
    entry('health.example', 'Its news', { path: '/news' }),
    entry('health.example', 'News of today', { path: '/news/today/' }),
    entry('other.example', 'Another'),
  ];
  const named = (url: string) => entryOf(url, { sources, sourceMatch: 'page' })?.name ?? null;

  it('is the one with the longest path that covers it, wherever it stands in the list', () => {
    expect(named('https://health.example/')).toBe('The whole site');
    expect(named('https://health.example/news')).toBe('Its news');
    expect(named('https://health.example/news/archive')).toBe('Its news');
    expect(named('https://health.example/news/today/x')).toBe('News of today');
    expect(named('https://other.example/news')).toBe('Another');
  });

  it('is covered by whole steps only, from the beginning', () => {
    expect(named('https://health.example/newsletter')).toBe('The whole site');
    expect(named('https://health.example/old/news')).toBe('The whole site');
    expect(named('https://health.example/news/today')).toBe('Its news');
    expect(entryOf('https://health.example/', { sources: sources.slice(1, 3), sourceMatch: 'page' })).toBeNull();
  });

  it('asks for the host itself, with or without www at its beginning', () => {
    expect(named(' http://www.health.example/a ')).toBe('The whole site');
    expect(named('https://data.health.example/')).toBeNull();
    expect(named('https://nothealth.example/')).toBeNull();
    expect(entryOf('https://sub.www.example/', { sources: [entry('sub.example', 'No')], sourceMatch: 'page' })).toBeNull();
  });

  it('is none for what is no address of the web', () => {
    for (const url of ['', 'health.example', 'ftp://health.example/', 'file://health.example/', 'not an address', 'httpsx://health.example/']) expect(named(url), url).toBeNull();
  });
});

describe('the registry entry of an address, under the first version', () => {
  const sources = [entry('example', 'A whole country'), entry('clinic.example', 'A clinic'), entry('lab.clinic.example', 'Its laboratory')];
  const named = (url: string) => entryOf(url, { sources, sourceMatch: undefined } as never)?.name ?? null;

  it('is the longest domain that it ends in, whatever the page', () => {
    expect(named('https://lab.clinic.example/x')).toBe('Its laboratory');
    expect(named('https://www.clinic.example/')).toBe('A clinic');
    expect(named('https://deep.lab.clinic.example/')).toBe('Its laboratory');
    expect(named('https://myclinic.example/')).toBe('A whole country');
    expect(named('https://clinic.example.org/')).toBeNull();
  });
});

describe('who stands behind a source', () => {
  const sources = [
    entry('agency.example', 'The Agency'), entry('journal.example', 'A Journal', { owner: 'The Publisher' }),
    entry('index.example', 'An Index', { kind: 'index' }),
  ];
  const who = (url: string, written: string | null) => publisherOf(url, written, { sources, sourceMatch: 'page' });

  it('is the owner in the registry, else its name, in small letters', () => {
    expect(who('https://journal.example/1', 'Somebody')).toBe('the publisher');
    expect(who('https://agency.example/1', null)).toBe('the agency');
  });

  it('is what was written where the registry says nothing, or only that it is an index', () => {
    expect(who('https://index.example/1', '  The Trial Group ')).toBe('the trial group');
    expect(who('https://elsewhere.example/1', 'An Author')).toBe('an author');
  });

  it('is the page of an index and the host of anything else where nothing was written', () => {
    expect(who('https://index.example/1', ' ')).toBe('https://index.example/1');
    expect(who('https://www.elsewhere.example/1', null)).toBe('elsewhere.example');
    expect(who('no address', null)).toBe('no address');
  });
});
