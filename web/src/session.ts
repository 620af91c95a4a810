import { api } from './api';
import { Problem, Unreachable } from './api/problem';
import type { Me } from './api/people';
import { keepMe, keptHeld, keptMe } from './task/kept-tasks';
import { forgetPerson, hasUnsaved } from './task/local-copy';

/** Who is signed in; null when nobody is. Without a network: whoever has something on this device. Throws when the server cannot be asked. */
export async function whoAmI(): Promise<Me | null> {
  try {
    const me = await api.me();
    keepMe(me);
    return me;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    const kept = error instanceof Unreachable ? keptMe() : null;
    if (kept && (keptHeld(kept.personId).length > 0 || hasUnsaved(localStorage, kept.personId))) return kept;
    throw error;
  }
}

/** Ends the session here and on the server, with everything kept on this device for this person. */
export async function signOut(me: Me): Promise<void> {
  if (me.authMode === 'local') await api.signOut();
  forgetPerson(localStorage, me.personId);
  keepMe(null);
  if (me.signOut) location.assign(me.signOut);
}
