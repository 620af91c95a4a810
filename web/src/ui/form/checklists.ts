import { html, nothing, type TemplateResult } from 'lit';
import { setAnswer, textOrNull } from '../../logic/form';
import { textField } from '../field';
import { choices, type Option } from './choices';
import { errorsFor, type FormContext } from './context';

interface Question {
  id: string;
  text: string;
  help?: string;
}

interface List {
  name: 'behaviour' | 'rules' | 'rubric';
  title: string;
  options: Option[];
  questions: Question[];
  key: 'check' | 'rule' | 'criterion';
  open: boolean;
}

const yesNo: Option[] = [{ key: 'yes', name: 'Yes' }, { key: 'no', name: 'No' }, { key: 'na', name: 'N/A' }, { key: 'unclear', name: 'Unclear' }];
const obeys: Option[] = [{ key: 'complies', name: 'Complies' }, { key: 'violates', name: 'Violates' }, { key: 'not_applicable', name: 'N/A' }, { key: 'unclear', name: 'Unclear' }];
const met: Option[] = [{ key: 'true', name: 'Met' }, { key: 'false', name: 'Not met' }];

export function behaviourSection(context: FormContext, response: string): TemplateResult | typeof nothing {
  const questions = context.guideline.behaviour.map(check => ({ id: check.key, text: check.text, help: check.help }));
  return section(context, response, { name: 'behaviour', key: 'check', title: 'Behaviour checklist', options: yesNo, questions, open: false });
}

export function rulesSection(context: FormContext, response: string): TemplateResult | typeof nothing {
  const questions = context.task.rules.map(rule => ({ id: rule.id, text: rule.text, help: rule.level.replace('_', ' ') }));
  return section(context, response, { name: 'rules', key: 'rule', title: 'Customer rules', options: obeys, questions, open: true });
}

export function rubricSection(context: FormContext, response: string): TemplateResult | typeof nothing {
  const questions = context.task.rubric.map(entry => ({ id: entry.id, text: entry.criterion }));
  return section(context, response, { name: 'rubric', key: 'criterion', title: 'Rubric criteria', options: met, questions, open: true });
}

function section(context: FormContext, response: string, list: List): TemplateResult | typeof nothing {
  if (list.questions.length === 0) return nothing;
  const answered = (context.judgement[list.name] as { response: string }[]).filter(entry => entry.response === response).length;
  return html`<details class="part checklist" id="${list.name}-${response}" ?open=${list.open}>
    <summary><h2>${list.title}</h2><span class="quiet push">${answered} of ${list.questions.length}</span></summary>
    <ol class="questions">${list.questions.map(question => row(context, response, list, question))}</ol>
  </details>`;
}

function row(context: FormContext, response: string, list: List, question: Question): TemplateResult {
  const entries = context.judgement[list.name] as unknown as Record<string, unknown>[];
  const index = entries.findIndex(entry => entry['response'] === response && entry[list.key] === question.id);
  const answer = index < 0 ? null : String(list.name === 'rubric' ? entries[index]?.['met'] : entries[index]?.['answer']);
  const id = `${list.name}-${response}-${question.id}`.replace(/[^\w-]/g, '_');
  const errors = index < 0 ? [] : Object.keys(context.errors).filter(path => path.startsWith(`judgement.${list.name}[${index}]`)).flatMap(path => errorsFor(context, path));
  const set = (change: Record<string, unknown> | null, typingIn = '') => context.update(`${question.id}, response ${response}`, judgement => setAnswer(judgement, list.name, response, question.id, change), typingIn);
  const bad = answer === 'no' || answer === 'violates' || answer === 'false';
  return html`<li data-field=${index < 0 ? nothing : `${list.name}-${index}`}>${choices({
      id, legend: question.text, hint: question.help ?? '', options: list.options, value: answer === 'null' ? null : answer, errors, small: true,
      onPick: key => set(key === null ? null : list.name === 'rubric' ? { met: key === 'true' } : { answer: key }),
    })}
    ${bad || entries[index]?.['comment']
      ? textField({ id: `${id}-comment`, label: 'Comment', value: (entries[index]?.['comment'] as string | null) ?? '', onInput: text => set({ comment: textOrNull(text) }, id), hint: bad && list.name === 'behaviour' ? 'A “no” needs a sentence here or a marked span.' : undefined })
      : nothing}
  </li>`;
}
