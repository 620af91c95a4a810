import { json, seg, send } from './http';

export interface Token {
  tokenId: string;
  name: string;
  scopes: string[];
  madeBy: string;
  madeAt: string;
  expiresAt: string;
  lastUsedAt?: string;
  revokedAt?: string;
  state: 'working' | 'expired' | 'revoked';
}

/** Tokens for programs, in one project. */
export const tokens = {
  list: (project: string) => json<{ tokens: Token[]; scopes: string[] }>(`tokens/${seg(project)}`),
  make: (project: string, form: { name: string; scopes: string[]; days: number }) => json<{ token: string; about: Token }>(`tokens/${seg(project)}`, { method: 'POST', json: form }),
  revoke: (project: string, id: string) => send(`tokens/${seg(project)}/${seg(id)}`, { method: 'DELETE' }),
};
