import { api } from './api';
import { Problem } from './api/problem';
import type { Me } from './api/people';
import { forgetPerson } from './task/local-copy';

/** Who is signed in; null when nobody is. Throws when the server cannot be asked. */
export async function whoAmI(): Promise<Me | null> {
  try {
    return await api.me();
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Ends the session here and on the server, with everything kept on this device for this person. */
export async function signOut(me: Me): Promise<void> {
  if (me.authMode === 'local') await api.signOut();
  forgetPerson(localStorage, me.personId);
  if (me.signOut) location.assign(me.signOut);
}
