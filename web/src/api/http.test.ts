import { afterEach, expect, test, vi } from 'vitest';
import { json, whenSignedOut } from './http';
import { Problem } from './problem';

afterEach(() => vi.unstubAllGlobals());

test('being led to the sign-in page of the platform means signed out, not unreachable', async () => {
  const fetched = vi.fn().mockResolvedValue({ ok: false, status: 0, type: 'opaqueredirect' });
  vi.stubGlobal('fetch', fetched);
  const signedOut = vi.fn();
  whenSignedOut(signedOut);

  const error: unknown = await json('me').catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(Problem);
  expect((error as Problem).status).toBe(401);
  expect(signedOut).toHaveBeenCalledOnce();
  expect(fetched).toHaveBeenCalledWith('/api/me', expect.objectContaining({ redirect: 'manual' }));
});
