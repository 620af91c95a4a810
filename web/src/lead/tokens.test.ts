import { describe, expect, it } from 'vitest';
import { curlLines, scopeWords } from './tokens';

describe('lines for programs', () => {
  it('name the token by its variable only, and the project safely', () => {
    for (const { line } of [...curlLines('batches', 'p 1', 'https://he.example'), ...curlLines('reports', 'p 1', 'https://he.example')]) {
      expect(line).toContain('$HEALTHEVAL_TOKEN');
      expect(line).toContain('https://he.example/api/');
      expect(line).toContain('p%201');
    }
  });

  it('ask for scopes that have words', () => {
    expect([...curlLines('batches', 'p', ''), ...curlLines('reports', 'p', '')].filter(({ scope }) => !scopeWords[scope])).toEqual([]);
  });
});
