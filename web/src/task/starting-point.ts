import type { SavedDraft } from '../api/tasks';
import type { Judgement } from '../logic/judgement';
import type { LocalCopy } from './local-copy';

export interface StartingPoint {
  judgement: Partial<Judgement> | null;
  revision: number;
  savedAt: string | null;
  /** There is something here that the server has not acknowledged. */
  unsaved: boolean;
}

/**
 * Which draft to begin with. What is on the device only wins; when the server has gone on since, sending it will be
 * answered with the newer one and the person chooses.
 */
export function startingPoint(local: LocalCopy | null, server: SavedDraft | null): StartingPoint {
  if (!local?.unsaved) return { judgement: server?.judgement ?? null, revision: server?.revision ?? 0, savedAt: server?.savedAt ?? null, unsaved: false };
  return { judgement: local.judgement, revision: Math.min(local.revision, server?.revision ?? 0), savedAt: null, unsaved: true };
}
