import { describe, expect, it } from 'vitest';
import { answers, choose, missing, profileOf, proposed, raise, sayDryRun, setModel } from './mapping';

const proposal = [
  { field: 'prompt', paths: ['system:vorgabe', 'frage'], reason: '' },
  { field: 'response', paths: ['antwort_a', 'antwort_b'], reason: '' },
  { field: 'itemId', paths: ['nr'], reason: '' },
];

describe('a mapping', () => {
  it('begins with what was proposed and becomes a profile', () => {
    const mapping = proposed('clinic export.csv', proposal);
    expect(profileOf(mapping)).toEqual({ name: 'clinic export', prompt: ['system:vorgabe', 'frage'], response: ['a:antwort_a', 'b:antwort_b'], itemId: 'nr' });
    expect(missing(mapping)).toBe('');
  });

  it('says what is missing', () => {
    const empty = proposed('x.json', []);
    expect(missing(empty)).toContain('the person asks');
    expect(missing(choose(empty, 'q', 'user'))).toContain('the answer');
    expect(missing({ ...choose(choose(empty, 'q', 'user'), 'a', 'response'), name: ' ' })).toContain('name');
  });

  it('moves what a record has once, and keeps several answers apart', () => {
    const two = choose(choose(proposed('x', []), 'm1', 'model'), 'm2', 'model');
    expect(profileOf(two).model).toBe('m2');
    const both = choose(choose(two, 'text_gpt', 'response'), 'text_llama', 'response');
    expect(answers(both).map(one => one.model)).toEqual(['', 'llama']);
    expect(profileOf(setModel(both, 'text_gpt', 'a:b')).response).toEqual(['a-b:text_gpt', 'llama:text_llama']);
    expect(profileOf(choose(both, 'text_llama', '')).response).toEqual(['text_gpt']);
  });

  it('puts rules first, and the prompt in any order', () => {
    const prompt = choose(choose(choose(proposed('x', []), 'case', 'user'), 'question', 'user'), 'rules', 'system');
    expect(profileOf(prompt).prompt).toEqual(['system:rules', 'case', 'question']);
    expect(profileOf(raise(prompt, 'question')).prompt).toEqual(['system:rules', 'question', 'case']);
    expect(profileOf(raise(prompt, 'rules')).prompt).toEqual(['system:rules', 'case', 'question']);
  });

  it('takes a constant only where no field says it', () => {
    const always = { ...proposed('x', proposal), always: { model: '$file', language: 'de' } };
    expect(profileOf(always)).toMatchObject({ model: '=$file', language: '=de' });
    expect(profileOf(choose(always, 'lang', 'language')).language).toBe('lang');
  });

  it('is told what a dry run found', () => {
    const run = { format: 'profile x v1, csv', mapping: {}, read: 1200, accepted: 1199, rejected: 1, isWhole: true, items: [], notes: [], errors: [], lookedAt: 200, fields: [], proposal: [] };
    expect(sayDryRun(run)).toBe('All 1,200 records were read: 1,199 would be loaded, 1 would be rejected.');
    expect(sayDryRun({ ...run, isWhole: false, read: 20, accepted: 20, rejected: 0 })).toBe('The first 20 records were read: 20 would be loaded.');
    expect(sayDryRun({ ...run, format: null, reason: 'Required columns not found.' })).toBe('Required columns not found.');
  });
});
