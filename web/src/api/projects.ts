export interface Project {
  projectId: string;
  name: string;
  customer: string;
  guideline: { id: string; version: number | string };
  overlap: number;
  goldShare: number;
  subdomains: string[];
  languages: string[];
  comparison: boolean;
  leaseMinutes: number;
  timeZone: string;
  privacy: string;
  /** Whether those who judge see whose it is. */
  showCustomer: boolean;
  /** What was agreed about reports. */
  report?: ReportSettings | null;
  /** How much is asked of every task; absent is full. */
  mode?: string | null;
  /** Raters see what a model thought before it answered. */
  showReasoning?: boolean;
  /** Raters see what a reference says that an answer must or may hold. */
  showMustHave?: boolean;
  /** How raters are trained, watched and checked; for those who run the project. */
  quality?: QualitySettings | null;
  routing?: Routing | null;
  demo: boolean;
  createdAt: string;
  etag: string;
}

export type ProjectInput = Omit<Project, 'demo' | 'createdAt' | 'etag'>;

/** What is judged first, and by whom best. */
export interface Routing {
  risk?: Record<string, string | null> | null;
  batches?: Record<string, string> | null;
  specialties?: string[] | null;
}

export interface QualitySettings {
  repeatShare: number;
  repeatAfterDays: number;
  quiz: boolean;
  calibration: boolean;
  qualification: boolean;
  quizPass: number;
  qualificationItems: number;
  qualificationAlpha: number;
  secondOnHarm: boolean;
  secondShare: number;
  thirdOnDispute: boolean;
  disputeRange: number;
  /** What a rule of the watch does, where that is not its default; in a change null takes it back. */
  rules?: Record<string, string | null>;
  rates?: Record<string, number | null>;
}

/** What a project has of what it may have. */
export interface Usage {
  bytes: number;
  mostBytes: number;
  items: number;
  mostItems: number;
  /** Bytes of a file that can be sent from a page. */
  mostAtOnce: number;
  /** Whether larger ones can be sent by a link. */
  links: boolean;
}

/** How many judgements there are, of how many wanted. */
export interface Progress {
  judged: number;
  wanted: number;
}

export interface GuidelineSummary {
  id: string;
  version: number | string;
  title: string;
  sha256: string;
}

export interface GuidelineDifference {
  since: number;
  sinceSha256: string;
  version: number;
  sha256: string;
  changes: { part: string; what: string; entry: string; before: string; after: string }[];
}

export interface Receipt {
  batchId: string;
  projectId: string;
  file: string;
  bytes: number;
  sha256: string;
  format: string | null;
  mapping: Record<string, string> | null;
  state: 'received' | 'reading' | 'loaded' | 'loaded_with_rejects' | 'waiting' | 'failed';
  reason: string | null;
  read: number;
  accepted: number;
  duplicate: number;
  rejected: number;
  items: number;
  responses: number;
  suspicions: { class: string; count: number }[];
  warnings?: { class: string; count: number }[];
  errors: { line: number; path: string; reason: string }[];
  moreErrors: number | boolean;
  bytesRead: number;
  /** Items that wait for a lead's decision, and what became of those that did. */
  held?: number;
  decided?: { released: number; redacted: number; dropped: number };
  attested?: { by: string; at: string };
  /** Which reading of the file it is, from the second on; the batches of the first one and of the next. */
  reading?: number;
  firstReading?: string;
  readAgainAs?: string;
  receivedAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface ReportWeek {
  week: string;
  state: 'compiled' | 'damaged' | 'due' | 'open' | 'none';
  compiledAt: string | null;
  judgements: number;
  workbookBytes: number | null;
  workbookSha256: string | null;
  files?: { path: string; bytes: number; sha256: string }[];
  /** What a campaign covers. */
  name?: string;
  revision?: number;
  reason?: string;
  /** Reports that this one replaced; they are kept. */
  replaced?: { revision: number; compiledAt: string; workbookSha256: string; reason?: string }[];
  outcome?: 'compiled' | 'revised' | 'unchanged';
}

/** What another number of judgements would mean for the tasks that still wait for some. */
export interface OverlapEffect {
  overlap: number;
  open: number;
  changed: number;
  adds: number;
  saves: number;
}

/** What was agreed about the reports of a project; what is left out takes the platform's default. */
export interface ReportSettings {
  findingRule?: string | null;
  /** In a change null takes an agreed target away. */
  targets?: Record<string, number | null> | null;
  /** By figure of a comparison: how much worse still counts as not worse. In a change null takes one away. */
  margins?: Record<string, number | null> | null;
  candidate?: string | null;
  baseline?: string | null;
  references?: string[] | null;
  exactTimes?: boolean | null;
}

export interface Estimate {
  value: number | null;
  undefined: string | null;
  low: number | null;
  high: number | null;
  method: string | null;
  n: number;
  numerator?: number | null;
  denominator?: number | null;
}

export interface Quality {
  n: { units: number; ratings: number; raters: number; prompts: number };
  dimensions: { key: string; name: string; mean: Estimate; agreement: Estimate; exact: Estimate; distribution: number[] }[];
  harmRate: Estimate;
  simulated: boolean;
}
