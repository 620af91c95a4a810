/** An answer of the API that says no, in a form the page can act on. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: Record<string, string[]> = {},
    readonly extra: Record<string, unknown> = {},
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

/** No answer at all: no network, or the server is not running. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super('The server cannot be reached. Check the connection; nothing is lost, and it will be tried again.');
    this.name = 'Unreachable';
    this.cause = cause;
  }
}

export async function problemFrom(response: Response): Promise<Problem> {
  const body = await bodyOf(response);
  const { type: _type, title, status: _status, detail, code, errors, ...extra } = body;
  const retry = Number(response.headers.get('Retry-After'));
  return new Problem(
    response.status,
    typeof code === 'string' ? code : `http_${response.status}`,
    text(detail) ?? text(title) ?? `The server answered ${response.status}.`,
    (errors ?? {}) as Record<string, string[]>,
    extra,
    Number.isFinite(retry) && retry > 0 ? retry : null,
  );
}

async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  try {
    return (await response.json()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Trying again later can help: the server is away, restarting or busy. */
export function isTransient(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && (error.status >= 500 || error.status === 429));
}

/** One sentence for a person, whatever was thrown. */
export function sayError(error: unknown): string {
  if (error instanceof Problem) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
