import { html, type TemplateResult } from 'lit';
import type { Guideline } from '../../logic/guideline';
import { remapped, singleKeys, usualKeys, type KeyMap, type SingleKey } from '../../logic/task-keys';
import { myKeys, saveMyKeys } from '../../task/my-keys';
import { checkField } from '../field';

type Row = [keys: string[], what: string];

const always: Row[] = [
  [['1', '…', '9'], 'Answer the question in focus, else the next open one of the response in view'],
  [['0'], 'NA, where it is offered'],
  [['9'], 'Not checked, on Accuracy'],
  [['Ctrl', 'Z'], 'Undo'],
  [['Ctrl', 'Shift', 'Z'], 'Redo'],
  [['Ctrl', 'Enter'], 'Hand in'],
];

const marking: Row[] = [
  [['M'], 'Begin (in the text of a response)'],
  [['←', '→'], 'Word by word'],
  [['↑', '↓'], 'Sentence by sentence'],
  [['PgUp', 'PgDn'], 'Paragraph by paragraph'],
  [['Home', 'End'], 'First or last word'],
  [['Shift', '+ any'], 'Extend the selection'],
  [['Alt', '←', '→'], 'One character less or more'],
  [['Enter'], 'Choose kind, code and severity'],
  [['Esc'], 'Leave marking'],
];

export function help(guideline: Guideline, changed: () => void): TemplateResult {
  const kinds: Row[] = guideline.kinds.map((kind): Row => [[kind.shortcut.toUpperCase()], kind.name]).concat([[['Enter'], 'In the search: the first code found'], [['1', '2', '3'], 'Minor, major, critical'], [['Ctrl', 'Enter'], 'Add the mark']]);
  return html`<div class="help">
    ${ownKeys(changed)}
    ${table('Always', always)}
    ${table('Marking text by keyboard', marking)}
    ${table('In the panel of a mark', kinds)}
    <p class="quiet">Single letters do nothing while you write in a field. In a group of answers, arrow keys choose and Backspace takes the answer back.</p>
  </div>`;
}

/** The single keys, each to be changed, all to be switched off: for people who dictate, and for keyboards that lack one. */
function ownKeys(changed: () => void): TemplateResult {
  const map = myKeys();
  const keep = (next: KeyMap) => {
    saveMyKeys(next);
    changed();
  };
  const pressed = (event: KeyboardEvent, name: SingleKey) => {
    if (event.key === 'Tab' || event.key === 'Escape' || event.key.length !== 1) return;
    event.preventDefault();
    event.stopPropagation();
    keep(remapped(map, name, event.key));
  };
  return html`<section><h3>Single keys</h3>
    ${checkField('single-keys', 'Single keys act anywhere on the task page', !map.off, on => keep({ ...map, off: !on }))}
    <p class="quiet">To change a key, go to its box and press the new one.</p>
    <dl class="keys-list">${(Object.keys(singleKeys) as SingleKey[]).map(name => html`<div><dt><input class="input key-box" readonly aria-label="Key for: ${singleKeys[name].what}" .value=${map.keys[name].toUpperCase()}
      ?disabled=${map.off} @keydown=${(event: KeyboardEvent) => pressed(event, name)} /></dt><dd>${singleKeys[name].what}</dd></div>`)}</dl>
    <button class="btn small" type="button" @click=${() => keep(usualKeys)}>The usual keys</button></section>`;
}

function table(title: string, rows: Row[]): TemplateResult {
  return html`<section><h3>${title}</h3><dl class="keys-list">${rows.map(([keys, what]) => html`<div><dt>${keys.map(key => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd></div>`)}</dl></section>`;
}
