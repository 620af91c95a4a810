export interface AuditEntry {
  number: number;
  at: string;
  by: string;
  action: string;
  about?: string | null;
  from?: string | null;
  to?: string | null;
  hash: string;
}

export interface AuditPage {
  entries: AuditEntry[];
  /** All that can be done, to choose from. */
  actions: string[];
  continuation?: string | null;
}

export interface TrailCheck {
  whole: boolean;
  entries: number;
  /** Number and hash of the last entry. */
  head?: string | null;
  faults: string[];
}
