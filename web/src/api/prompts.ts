export interface PromptMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface PromptSummary {
  promptId: string;
  title: string;
  subdomain: string;
  language: string;
  tags: string[];
  version: number;
  begins: string;
  author: string;
  changedAt: string;
}

export interface PromptChange {
  version: number;
  author: string;
  at: string;
  why: string;
  basedOn?: number | null;
}

export interface Prompt {
  promptId: string;
  title: string;
  subdomain: string;
  language: string;
  tags: string[];
  version: number;
  messages: PromptMessage[];
  history: PromptChange[];
  etag: string;
}

export interface PromptInput {
  title: string;
  subdomain: string;
  language: string;
  tags: string[];
  messages: PromptMessage[];
  why?: string;
  basedOn?: number;
}
