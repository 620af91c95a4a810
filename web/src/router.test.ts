import { describe, expect, it } from 'vitest';
import { match, pathOf } from './router';

describe('the hash router', () => {
  it('reads the path from the address', () => {
    expect(pathOf('#/task/p/t?x=1')).toBe('/task/p/t');
    expect(pathOf('')).toBe('/');
    expect(pathOf('#main')).toBe('/');
  });

  it('takes parameters out of the path and decodes them', () => {
    expect(match('/task/:projectId/:taskId', '/task/demo/a%20b')).toEqual({ projectId: 'demo', taskId: 'a b' });
    expect(match('/task/:projectId/:taskId', '/task/demo')).toBeNull();
    expect(match('/', '/')).toEqual({});
    expect(match('/people', '/projects')).toBeNull();
  });

  it('keeps a part that is not valid percent-encoding as it is', () => {
    expect(match('/x/:id', '/x/50%')).toEqual({ id: '50%' });
  });
});
