import { expect, test } from 'vitest';
import type { Prompt } from '../api/prompts';
import { checkPrompt, newPrompt, promptDraft, promptInput } from './prompt-draft';

const prompt: Prompt = {
  promptId: 'w1', title: 'Fall', subdomain: 'general', language: 'en', tags: ['triage', 'older people'], version: 2, history: [], etag: 'e',
  messages: [{ role: 'system', content: ' Answer briefly.\n' }, { role: 'user', content: 'He fell.' }, { role: 'assistant', content: 'When?' }, { role: 'user', content: 'Today.' }],
};

test('a prompt goes through its form unchanged', () => {
  expect(promptInput(promptDraft(prompt)).messages).toEqual(prompt.messages);
  expect(promptInput(promptDraft(prompt)).tags).toEqual(prompt.tags);
});

test('without a system message there is none', () => {
  expect(promptInput({ ...newPrompt, turns: ['He fell.'] }).messages).toEqual([{ role: 'user', content: 'He fell.' }]);
});

test('what is missing is named, the reason only for a refinement', () => {
  expect(Object.keys(checkPrompt(newPrompt, true))).toEqual(['title', 'messages']);
  expect(Object.keys(checkPrompt({ ...newPrompt, title: 'x', turns: ['y'] }, false))).toEqual(['why']);
  expect(Object.keys(checkPrompt({ ...newPrompt, title: 'x', turns: ['y'], language: 'en, es' }, true))).toEqual(['language']);
});
