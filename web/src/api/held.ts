/** Where something looks like personal data: `start` and `end` in code points of the text at `path`. */
export interface Place {
  path: string;
  start: number;
  end: number;
  class: string;
}

export interface FoundPlace extends Place {
  /** The shape of the value; the words around it are masked likewise. */
  masked: string;
  before: string;
  after: string;
}

export interface HeldItem {
  taskId: string;
  promptId: string;
  line: number;
  places: FoundPlace[];
  more: number;
}

/** The texts themselves; only leads get them. */
export interface HeldDetail {
  taskId: string;
  line: number;
  texts: { path: string; role: string; text: string }[];
  places: FoundPlace[];
  more: number;
}

export type DecisionKind = 'release' | 'redact' | 'drop';

export interface Decided {
  count: number;
  left: number;
  state: string | null;
}

export interface PrivacyDecision {
  taskId: string;
  line: number;
  decision: 'released' | 'redacted' | 'dropped';
  by: string;
  why: string;
  at: string;
  suspicions: { path: string; class: string; start: number; masked: string }[];
  redacted?: Place[];
}
