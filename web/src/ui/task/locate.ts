import { fieldId } from '../../logic/field-id';

/** Puts the focus into the control of a field, wherever it is: opens closed sections on the way, and goes for the chosen answer of a group. */
export function focusField(root: HTMLElement, path: string, then?: (control: HTMLElement) => void): void {
  const id = fieldId(path);
  const entry = id.split('-').slice(0, 2).join('-');
  const found = byId(root, id) ?? byId(root, entry) ?? root.querySelector<HTMLElement>(`[data-field=${CSS.escape(entry)}]`) ?? firstOf(root, id);
  if (!found) return;
  for (let box = found.closest('details'); box; box = box.parentElement?.closest('details') ?? null) box.open = true;
  const control = focusControl(found);
  then?.(control);
}

function focusControl(found: HTMLElement): HTMLElement {
  const control = found.matches('fieldset, li[data-field]') ? (found.querySelector<HTMLElement>('input:checked') ?? found.querySelector<HTMLElement>('input') ?? found) : found;
  control.focus();
  found.scrollIntoView({ block: 'center' });
  return control;
}

/** For a fault of a whole list, such as 'ratings': the first control of that list. */
function firstOf(root: HTMLElement, list: string): HTMLElement | null {
  return root.querySelector<HTMLElement>(`[id^="${CSS.escape(list)}-"]`);
}

function byId(root: HTMLElement, id: string): HTMLElement | null {
  return root.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
}

/** Opens the checklists of a response and goes to the first row without an answer. */
export function focusList(root: HTMLElement, response: string): void {
  const boxes = ['behaviour', 'rules', 'rubric'].flatMap(list => byId(root, `${list}-${response}`) ?? []) as HTMLDetailsElement[];
  for (const box of boxes) box.open = true;
  const rows = boxes.flatMap(box => [...box.querySelectorAll<HTMLElement>('.choices')]);
  const open = rows.find(row => !row.querySelector('input:checked')) ?? rows[0];
  if (open) focusControl(open);
}

/** After an answer by key: on to the next question that is on screen, in the form's order, past those that may stay open; false when it was the last. */
export function focusNextQuestion(root: HTMLElement, from: HTMLElement): boolean {
  const questions = [...root.querySelectorAll<HTMLElement>('.rating, .choices')].filter(question => question.checkVisibility() && (from.contains(question) || !question.matches('[data-optional]')));
  const next = questions[questions.findIndex(question => from.contains(question)) + 1];
  if (next) focusControl(next);
  return next !== undefined;
}

/** A question that has the focus owns its digits, whether or not it has an answer for them. */
export function questionInFocus(): boolean {
  return Boolean(document.activeElement?.closest('.rating, .choices, [data-owns-keys]'));
}

/** Shows where in the text a mark is. */
export function flashMark(root: HTMLElement, id: string): void {
  const mark = root.querySelector<HTMLElement>(`[data-mark=${CSS.escape(id)}]`);
  mark?.scrollIntoView({ block: 'center' });
  mark?.classList.add('flash');
  setTimeout(() => mark?.classList.remove('flash'), 1600);
}

export function focusPanel(root: HTMLElement): void {
  const panel = root.querySelector<HTMLElement>('#submit-panel');
  panel?.focus();
  panel?.scrollIntoView({ block: 'nearest' });
}

/** A new task begins at its beginning, with the focus on its heading. */
export function toTop(root: HTMLElement): void {
  for (const pane of root.querySelectorAll('.pane')) pane.scrollTop = 0;
  scrollTo(0, 0);
  root.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
}
