import { html, type TemplateResult } from 'lit';
import type { Guideline } from '../../logic/guideline';

type Row = [keys: string[], what: string];

const anywhere: Row[] = [
  [['?'], 'This help'],
  [['T'], 'To the text of the response'],
  [['J'], 'To the judgement: the first thing still open'],
  [['['], 'Previous response'],
  [[']'], 'Next response'],
  [['1', '…', '5'], 'Rate the dimension in focus, or the first one still open'],
  [['0'], 'NA, on Reasoning'],
  [['G'], 'Guideline'],
  [['H'], 'Show or hide characters without a shape'],
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

export function help(guideline: Guideline): TemplateResult {
  const kinds: Row[] = guideline.kinds.map((kind): Row => [[kind.shortcut.toUpperCase()], kind.name]).concat([[['Enter'], 'In the search: the first code found'], [['1', '2', '3'], 'Minor, major, critical'], [['Ctrl', 'Enter'], 'Add the mark']]);
  return html`<div class="help">
    ${table('Anywhere on this page', anywhere)}
    ${table('Marking text by keyboard', marking)}
    ${table('In the panel of a mark', kinds)}
    <p class="quiet">Single letters do nothing while you write in a field. In a group of answers, arrow keys choose and Backspace takes the answer back.</p>
  </div>`;
}

function table(title: string, rows: Row[]): TemplateResult {
  return html`<section><h3>${title}</h3><dl class="keys-list">${rows.map(([keys, what]) => html`<div><dt>${keys.map(key => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd></div>`)}</dl></section>`;
}
