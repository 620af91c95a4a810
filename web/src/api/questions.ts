import type { Claim, Span } from '../logic/judgement';

/** What was asked of the leads of a project, as far as the reader may see it. */
export interface Question {
  questionId: string;
  guideline: { id: string; version: number | string };
  askedAt: string;
  text: string;
  mine: boolean;
  taskId?: string;
  quote?: string;
  /** The pseudonym, for leads. */
  asker?: string;
  answer?: { text: string; at: string; forAll: boolean; question?: string; everywhere?: boolean };
  /** Asked and answered in another project under the same guideline. */
  elsewhere?: boolean;
}

/** A source that somebody has used in the project. */
export interface LibrarySource {
  sourceId: string;
  url: string;
  title?: string;
  publisher?: string;
  tier?: string;
  publishedOn?: string;
  jurisdiction?: string;
  retired: boolean;
  curated: boolean;
}

/** What one has found in another answer to the same prompt. */
export interface FoundEarlier {
  taskId: string;
  submittedAt: string;
  claims: Claim[];
  missing: Span[];
}
