// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { isTyping } from './keys';

const made = (html: string) => {
  document.body.innerHTML = html;
  return document.body.firstElementChild;
};

it('letters are being written in fields for text and choices, and nowhere else', () => {
  for (const html of ['<textarea></textarea>', '<select></select>', '<input>', '<input type="search">', '<input type="url">']) expect(isTyping(made(html)), html).toBe(true);
  for (const html of ['<input type="radio">', '<input type="checkbox">', '<input type="button">', '<input type="file">', '<button></button>', '<div></div>']) expect(isTyping(made(html)), html).toBe(false);
  const editable = made('<div></div>')!;
  Object.defineProperty(editable, 'isContentEditable', { value: true });
  expect(isTyping(editable)).toBe(true);
  expect(isTyping(null)).toBe(false);
  expect(isTyping(document)).toBe(false);
});
