import { Problem, problemFrom, Unreachable } from './problem';

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  json?: unknown;
  body?: BodyInit;
  /** The etag as the server's documents have it, without quotes. */
  ifMatch?: string | undefined;
  signal?: AbortSignal;
  keepalive?: boolean;
}

let onSignedOut: () => void = () => {};

/** What to do when any call finds that the session has ended. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

export async function send(path: string, call: Call = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (call.json !== undefined) headers['Content-Type'] = 'application/json';
  if (call.ifMatch) headers['If-Match'] = `"${call.ifMatch}"`;
  const body = call.json === undefined ? (call.body ?? null) : JSON.stringify(call.json);
  const response = await reach(`/api/${path}`, {
    method: call.method ?? 'GET',
    headers,
    body,
    credentials: 'same-origin',
    redirect: 'manual',
    signal: call.signal ?? null,
    // Outlives the page, which browsers allow for small bodies only.
    keepalive: Boolean(call.keepalive) && typeof body === 'string' && body.length < 20_000,
  });
  if (response.ok) return response;
  // Where the platform signs people in, it answers a call without a session by leading to its sign-in page, which is on another site.
  if (response.type === 'opaqueredirect') {
    onSignedOut();
    throw new Problem(401, 'signed_out', 'You are signed out. Sign in again; what you wrote is kept on this device.');
  }
  if (response.status === 401 && path !== 'session') onSignedOut();
  throw await problemFrom(response);
}

/** The JSON of an answer, or null when it has no content. */
export async function json<T>(path: string, call: Call = {}): Promise<T> {
  const response = await send(path, call);
  return (response.status === 204 ? null : await response.json()) as T;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable(error);
  }
}

/** One path segment, safe whatever it holds. */
export const seg = encodeURIComponent;
