import type { Prompt, PromptInput, PromptMessage } from '../api/prompts';
import type { Errors } from '../ui/edit-form';
import { codes } from './words';

/** A prompt as its form holds it: the turns are the user's and the assistant's in turn, the user's first and last. */
export type PromptDraft = {
  title: string;
  subdomain: string;
  language: string;
  tags: string;
  system: string;
  turns: string[];
  why: string;
};

export const newPrompt: PromptDraft = { title: '', subdomain: 'general', language: 'en', tags: '', system: '', turns: [''], why: '' };

export function promptDraft(prompt: Prompt): PromptDraft {
  const { title, subdomain, language, tags } = prompt;
  return { title, subdomain, language, tags: tags.join(', '), why: '', ...textOf(prompt.messages) };
}

export function textOf(messages: PromptMessage[]): Pick<PromptDraft, 'system' | 'turns'> {
  const system = messages[0]?.role === 'system' ? messages[0].content : '';
  return { system, turns: messages.filter(message => message.role !== 'system').map(message => message.content) };
}

export function promptInput({ title, subdomain, language, tags, system, turns, why }: PromptDraft, basedOn?: number): PromptInput {
  return {
    title, subdomain, language,
    tags: tags.split(/[,;]+/).map(tag => tag.trim()).filter(Boolean),
    messages: [
      ...(system.trim() ? [{ role: 'system' as const, content: system }] : []),
      ...turns.map((content, index) => ({ role: roleOf(index), content })),
    ],
    ...(why.trim() ? { why } : {}),
    ...(basedOn === undefined ? {} : { basedOn }),
  };
}

export function roleOf(turn: number): 'user' | 'assistant' {
  return turn % 2 === 0 ? 'user' : 'assistant';
}

/** One plain text of a version, for comparing it with another. */
export function asText(messages: PromptMessage[]): string {
  return messages.map(({ role, content }) => `${role.toUpperCase()}\n${content}`).join('\n\n');
}

export function checkPrompt(draft: PromptDraft, isNew: boolean): Errors {
  const errors: Errors = {};
  if (!draft.title.trim()) errors['title'] = ['Give it a title by which others find it.'];
  if (draft.turns.some(turn => !turn.trim())) errors['messages'] = ['Every turn needs a text; take away the ones you do not need.'];
  if (!isNew && !draft.why.trim()) errors['why'] = ['Say what this version does better; it is kept with the version.'];
  if (codes(draft.language).length !== 1) errors['language'] = ['One language code, such as en.'];
  return errors;
}
