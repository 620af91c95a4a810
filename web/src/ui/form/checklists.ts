import { html, nothing, type TemplateResult } from 'lit';
import { byRelevance, factsOf } from '../../logic/applies';
import { setAnswer, textOrNull } from '../../logic/form';
import { textField } from '../field';
import { focusAfter } from '../focus';
import { choices, type Option } from './choices';
import { errorsFor, type FormContext } from './context';

interface Question {
  id: string;
  text: string;
  help?: string;
  /** From here on: what seldom applies to such a response. */
  seldom?: boolean;
}

interface List {
  name: 'behaviour' | 'rules' | 'rubric';
  title: string;
  options: Option[];
  questions: Question[];
  key: 'check' | 'rule' | 'criterion';
  open: boolean;
}

const yesNo: Option[] = [{ key: 'yes', name: 'Yes', letter: 'y' }, { key: 'no', name: 'No', letter: 'n' }, { key: 'na', name: 'N/A', letter: 'a' }, { key: 'unclear', name: 'Unclear', letter: 'u' }];
const obeys: Option[] = [
  { key: 'complies', name: 'Complies', letter: 'y' }, { key: 'violates', name: 'Violates', letter: 'n' }, { key: 'not_applicable', name: 'N/A', letter: 'a' }, { key: 'unclear', name: 'Unclear', letter: 'u' },
];
const said: Option[] = [{ key: 'true', name: 'Said', letter: 'y' }, { key: 'false', name: 'Not said', letter: 'n' }, { key: 'na', name: 'N/A', letter: 'a' }];
const met: Option[] = [{ key: 'true', name: 'Met', letter: 'y' }, { key: 'false', name: 'Not met', letter: 'n' }, { key: 'na', name: 'N/A', letter: 'a' }];

export function behaviourSection(context: FormContext, response: string): TemplateResult | typeof nothing {
  const [likely, others] = byRelevance(context.guideline.behaviour, factsOf(context.task.item, response, context.task.rules.length > 0));
  const questions = [...likely, ...others].map((check, index) => ({ id: check.key, text: check.text, help: check.help, seldom: index === likely.length }));
  return section(context, response, { name: 'behaviour', key: 'check', title: 'Behaviour checklist', options: yesNo, questions, open: false });
}

export function rulesSection(context: FormContext, response: string): TemplateResult | typeof nothing {
  const questions = context.task.rules.map(rule => ({ id: rule.id, text: rule.text, help: rule.level.replace('_', ' ') }));
  return section(context, response, { name: 'rules', key: 'rule', title: 'Customer rules', options: obeys, questions, open: true });
}

export function rubricSection(context: FormContext, response: string): TemplateResult | typeof nothing {
  const { rubric } = context.task;
  if (rubric.some(entry => entry.importance)) return mustHaves(context, response);
  const questions = rubric.map(entry => ({ id: entry.id, text: entry.criterion }));
  return section(context, response, { name: 'rubric', key: 'criterion', title: 'Rubric criteria', options: met, questions, open: true });
}

/** Statements that came with the prompt: what every answer to it must say, and what it may. */
function mustHaves(context: FormContext, response: string): TemplateResult | typeof nothing {
  const order = ['must', 'nice'];
  const questions = context.task.rubric
    .toSorted((a, b) => (order.indexOf(a.importance ?? '') + 3) % 3 - (order.indexOf(b.importance ?? '') + 3) % 3)
    .map(entry => ({ id: entry.id, text: entry.criterion, ...(entry.importance ? { help: entry.importance === 'must' ? 'must have' : 'nice to have' } : {}) }));
  return section(context, response, { name: 'rubric', key: 'criterion', title: 'Must-have list', options: said, questions, open: true });
}

function section(context: FormContext, response: string, list: List): TemplateResult | typeof nothing {
  if (list.questions.length === 0) return nothing;
  const answered = (context.judgement[list.name] as { response: string }[]).filter(entry => entry.response === response).length;
  return html`<details class="part checklist" id="${list.name}-${response}" ?open=${list.open}>
    <summary><h2>${list.title}</h2><span class="quiet push">${answered} of ${list.questions.length}</span></summary>
    <ol class="questions">${list.questions.map(question => row(context, response, list, question))}</ol>
    ${answered < list.questions.length ? html`<button class="btn small" type="button" @click=${(event: Event) => restIsFine(context, response, list, event)}>${list.options[0]?.name} to the rest</button>` : nothing}
  </details>`;
}

function row(context: FormContext, response: string, list: List, question: Question): TemplateResult {
  const entries = context.judgement[list.name] as unknown as Record<string, unknown>[];
  const index = entries.findIndex(entry => entry['response'] === response && entry[list.key] === question.id);
  const answer = index < 0 ? null : list.name === 'rubric' && entries[index]?.['notApplicable'] ? 'na' : String(list.name === 'rubric' ? entries[index]?.['met'] : entries[index]?.['answer']);
  const id = `${list.name}-${response}-${question.id}`.replace(/[^\w-]/g, '_');
  const errors = index < 0 ? [] : Object.keys(context.errors).filter(path => path.startsWith(`judgement.${list.name}[${index}]`)).flatMap(path => errorsFor(context, path));
  const set = (change: Record<string, unknown> | null, typingIn = '') => context.update(`${question.id}, response ${response}`, judgement => setAnswer(judgement, list.name, response, question.id, change), typingIn);
  const bad = answer === 'no' || answer === 'violates' || answer === 'false';
  return html`${question.seldom ? html`<li class="quiet seldom">Seldom applies to a response like this:</li>` : nothing}<li data-field=${index < 0 ? nothing : `${list.name}-${index}`}>${choices({
      id, legend: `${question.id} ${question.text}`, hint: question.help ?? '', options: list.options, value: answer === 'null' ? null : answer, errors, small: true,
      onPick: key => set(key === null ? null : list.name === 'rubric' ? { met: key === 'na' ? null : key === 'true', notApplicable: key === 'na' } : { answer: key }),
    })}
    ${bad || entries[index]?.['comment']
      ? textField({ id: `${id}-comment`, label: 'Comment', value: (entries[index]?.['comment'] as string | null) ?? '', onInput: text => set({ comment: textOrNull(text) }, id), hint: bad && list.name === 'behaviour' ? 'A “no” needs a sentence here or a marked span.' : undefined })
      : nothing}
  </li>`;
}

/** The first answer for everything that has none yet: one step, which undo takes back. */
function restIsFine(context: FormContext, response: string, list: List, event: Event): void {
  focusAfter(event, `#${list.name}-${response} summary`);
  const given = context.judgement[list.name] as unknown as Record<string, unknown>[];
  const open = list.questions.filter(question => !given.some(entry => entry['response'] === response && entry[list.key] === question.id));
  const answer = list.name === 'rubric' ? { met: true } : { answer: list.options[0]!.key };
  context.update(`${list.title}: the rest`, judgement => open.reduce((so, question) => setAnswer(so, list.name, response, question.id, answer), judgement));
}
