import { expect, test } from 'vitest';
import { isTooLarge, sayLargest, sayTooLarge } from './largest';

const site = { mostAtOnce: 30_000_000, links: true };

test('how large a file may be is said before anybody chooses one', () => {
  expect(sayLargest(site)).toContain('30 MB');
  expect(sayLargest({ mostAtOnce: 2_000_000_000, links: false })).toContain('2.0 GB');
  expect(sayLargest(null)).toBe('');
});

test('a larger one is not sent, and its other ways are named', () => {
  expect(sayTooLarge(30_000_000, site)).toBe('');
  expect(sayTooLarge(30_000_001, site)).toContain('upload link');
  expect(sayTooLarge(40_000_000, { ...site, links: false })).toContain('drop folder');
  expect(sayTooLarge(40_000_000, { ...site, links: false })).not.toContain('link');
});

test('where the limit is not known, the server decides', () => {
  expect(isTooLarge(10 ** 12, null)).toBe(false);
  expect(sayTooLarge(10 ** 12, null)).toBe('');
});
