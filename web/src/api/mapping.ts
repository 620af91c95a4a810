/** What a customer says once about their files: paths into a record, or a constant behind an equals sign. */
export interface Profile {
  name: string;
  prompt: string[];
  response: string[];
  model?: string;
  reference?: string;
  rubric?: string;
  claims?: string;
  subdomain?: string;
  audience?: string;
  jurisdiction?: string;
  language?: string;
  risk?: string;
  itemId?: string;
  promptId?: string;
  responseId?: string;
  tags?: string[];
  ignore?: string[];
}

export interface StoredProfile {
  profile: Profile & { version: number };
  by: string;
  at: string;
}

/** How a file would be read, without anything being changed. */
export interface Preview {
  format?: string | null;
  reason?: string | null;
  mapping: Record<string, string>;
  read: number;
  accepted: number;
  rejected: number;
  isWhole: boolean;
  items: { prompt: { role: string; content: string }[]; responses: { model?: string; content: string; reasoning?: string }[]; rubric: string[]; itemId?: string }[];
  notes: { class: string; count: number }[];
  errors: { line: number; path?: string; reason: string }[];
  lookedAt: number;
  fields: SeenField[];
  proposal: Proposed[];
}

export interface SeenField {
  path: string;
  records: number;
  example: string;
}

export interface Proposed {
  field: string;
  paths: string[];
  reason: string;
}
