import { html, nothing, type TemplateResult } from 'lit';
import type { Span } from '../../logic/judgement';
import type { PendingMark } from '../../task/session';
import type { Writing } from '../../task/writing';
import { closingForm } from '../form/closing';
import type { FormContext } from '../form/context';
import { responseForm } from '../form/response-form';
import { conversation } from '../reading/conversation';
import { marksOf } from '../reading/marks';
import '../reading/response-view';
import type { Picked } from '../reading/response-view';
import { focusField } from './locate';
import type { Marking } from './marking';
import './span-editor';
import type { Submission } from './submission';
import { submitPanel } from './submit-panel';

interface Parts {
  writing: Writing;
  context: FormContext;
  marking: Marking;
  /** Else it is only to be read. */
  editing: boolean;
  /** What stands above the form. */
  head: TemplateResult | typeof nothing;
}

/** The conversation with its answers, and the whole form of a task beside it, for a judgement that is written outside of a task. */
export function wholeForm({ writing, context, marking, editing, head }: Parts): TemplateResult {
  const { task } = writing;
  return html`<div class="case" @picked=${(event: CustomEvent<Picked>) => editing && marking.pick(event.detail)}>
      <div class="stack">${conversation(task, false)}
        ${task.item.responses.map(response => html`<section class="response" aria-labelledby="response-${response.key}-title"><h2 id="response-${response.key}-title">Response ${response.key}</h2>
          <he-response ?fixed=${!editing} .response=${response} .marks=${marksOf(writing.judgement, response.key)} .language=${task.item.language ?? 'en'}></he-response></section>`)}
        <p class="sr" id="marking-help">Press M to mark text by keyboard.</p></div>
      <div class="stack">${head}
        <fieldset class="said" ?disabled=${!editing} aria-label="Your judgement" @edit-span=${(event: CustomEvent<number>) => marking.existing(writing, event.detail, null)}
          @add-omission=${(event: CustomEvent<string>) => marking.omission(event.detail, (event.target as HTMLElement).getBoundingClientRect())}>
          ${writing.keys.map(key => responseForm(context, key))}${closingForm(context)}</fieldset></div>
    </div>
    ${marking.edit ? html`<he-span-editor .guideline=${writing.guideline} .edit=${marking.edit} .used=${writing.judgement.spans.map(span => span.code)}
      @typed=${(event: CustomEvent<Span>) => marking.typed(event.detail)} @save=${(event: CustomEvent<PendingMark>) => marking.save(writing, event.detail)}
      @remove=${() => marking.remove(writing, marking.edit?.index ?? null)} @claim=${(event: CustomEvent<PendingMark>) => marking.claim(writing, event.detail.span)}
      @cancel=${() => marking.close()} @drop=${() => marking.drop()} @go-on=${() => marking.goOn()}></he-span-editor>` : nothing}`;
}

/** What is still to be done before it can be handed in; nothing until somebody has tried. */
export function openPoints(host: HTMLElement, writing: Writing, submission: Submission): TemplateResult | typeof nothing {
  return submission.asked ? submitPanel({
    missing: submission.missing(writing), faults: submission.faults(), gates: submission.gates(writing), acknowledged: submission.acknowledged, reasons: submission.reasons, error: submission.error,
    toField: field => focusField(host, field), acknowledge: (gate, yes) => submission.acknowledge(gate, yes), explain: (gate, reason) => submission.explain(gate, reason),
  }) : nothing;
}
