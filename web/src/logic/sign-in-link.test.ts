import { describe, expect, it } from 'vitest';
import { tokenIn } from './sign-in-link';

describe('a sign-in link', () => {
  it('gives its token, whole or as a fragment', () => {
    expect(tokenIn('http://127.0.0.1:5080/#/sign-in/abc-DEF_123')).toBe('abc-DEF_123');
    expect(tokenIn('#/sign-in/abc')).toBe('abc');
  });

  it('may be pasted as the bare token', () => {
    expect(tokenIn('abcdefghijklmnopqrstuvwxyz')).toBe('abcdefghijklmnopqrstuvwxyz');
  });

  it('is nothing without a token', () => {
    expect(tokenIn('http://127.0.0.1:5080/#/task')).toBeNull();
    expect(tokenIn('hello')).toBeNull();
  });
});
