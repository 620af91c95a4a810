export type Params = Record<string, string>;

/** Splits '#/task/p1/t2' into path parts; an empty address is the home page. */
export function pathOf(hash: string): string {
  const path = hash.replace(/^#/, '').split('?')[0] ?? '';
  return path.startsWith('/') ? path : '/';
}

/** The parameters when a path fits a pattern such as '/task/:projectId/:taskId', else null. */
export function match(pattern: string, path: string): Params | null {
  const want = parts(pattern);
  const have = parts(path);
  if (want.length !== have.length) return null;
  const params: Params = {};
  for (const [index, piece] of want.entries()) {
    const value = have[index] ?? '';
    if (piece.startsWith(':')) params[piece.slice(1)] = decode(value);
    else if (piece !== value) return null;
  }
  return params;
}

export function go(path: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') {
    location.hash = path;
    return;
  }
  history.replaceState(null, '', `#${path}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Changes the address without a route change: the page on screen already shows what it names. */
export function setAddress(path: string): void {
  history.replaceState(null, '', `#${path}`);
}

function parts(path: string): string[] {
  return path.split('/').filter(piece => piece !== '');
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
