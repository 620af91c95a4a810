import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { sayError } from '../../api/problem';
import type { Project } from '../../api/projects';
import type { Question } from '../../api/questions';
import { when } from '../../logic/time';
import { areaField, checkField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState } from '../../ui/pieces';
import { toast } from '../../ui/toast';

interface Writing {
  text: string;
  question: string;
  forAll: boolean;
  everywhere: boolean;
}

/** What raters ask, the open ones first. An answer for all stands in the guideline panel of everybody who judges under it for this customer. */
@customElement('he-questions')
export class QuestionsPage extends Light {
  @property({ attribute: false }) project!: Project;
  /** Works for every project, and so may answer beyond the customer. */
  @property({ type: Boolean }) seesAll = false;
  @state() private writing: Record<string, Writing> = {};
  @state() private busy = '';
  private readonly questions = new Load<Question[]>(this, 'the questions', () => api.questions(this.project.projectId));

  private of(question: Question): Writing {
    const { answer } = question;
    return this.writing[question.questionId] ?? { text: answer?.text ?? '', question: answer?.question ?? question.text, forAll: answer?.forAll ?? true, everywhere: answer?.everywhere ?? false };
  }

  private write(question: Question, change: Partial<Writing>): void {
    this.writing = { ...this.writing, [question.questionId]: { ...this.of(question), ...change } };
  }

  private async send(question: Question): Promise<void> {
    const { text, question: words, forAll, everywhere } = this.of(question);
    this.busy = question.questionId;
    try {
      await api.answer(this.project.projectId, question.questionId, { text: text.trim(), forAll, question: words, everywhere: forAll && everywhere });
      const { [question.questionId]: _, ...others } = this.writing;
      this.writing = others;
      await this.questions.run();
      toast(!forAll ? 'Answered for the person who asked.' : everywhere ? 'Answered for everybody who judges under this guideline.' : 'Answered for everybody who judges under this guideline for this customer.');
    } catch (error) {
      toast(`Not sent: ${sayError(error)}`);
    } finally {
      this.busy = '';
    }
  }

  private one(question: Question): TemplateResult {
    const now = this.of(question);
    const id = `q-${question.questionId}`;
    return html`<li class="card stack" aria-labelledby="${id}-head">
      <div class="row"><h2 id="${id}-head" dir="auto">${question.text}</h2><span class="push">${question.answer ? badge(question.answer.forAll ? 'Answered for all' : 'Answered', 'good', 'check') : badge('Open', 'warn')}</span></div>
      <p class="quiet">${question.asker}, ${when(question.askedAt)}, guideline version ${question.guideline.version}${question.taskId ? html`, task <span class="mono">${question.taskId}</span>` : nothing}</p>
      ${question.quote ? html`<blockquote dir="auto">${question.quote}</blockquote>` : nothing}
      ${areaField({ id: `${id}-text`, label: 'Answer', rows: 3, value: now.text, onInput: text => this.write(question, { text }) })}
      ${checkField(`${id}-all`, 'For everybody who judges under this guideline for this customer', now.forAll, forAll => this.write(question, { forAll }))}
      ${now.forAll && this.seesAll ? checkField(`${id}-everywhere`, 'For other customers too: neither question nor answer says anything of this one', now.everywhere, everywhere => this.write(question, { everywhere })) : nothing}
      ${now.forAll ? areaField({ id: `${id}-words`, label: 'The question, as the others read it', rows: 2, value: now.question, hint: 'They do not see the task or the passage, which they may still have to judge. Take out what would tell them.', onInput: words => this.write(question, { question: words }) }) : nothing}
      <div class="row"><button class="btn primary" type="button" ?disabled=${this.busy !== '' || now.text.trim() === ''} @click=${() => this.send(question)}>${question.answer ? 'Change the answer' : 'Answer'}</button></div>
    </li>`;
  }

  private list(): TemplateResult {
    return this.questions.show(questions => (questions.length === 0
      ? emptyState('No questions yet', 'Raters ask from the task, about a passage or the task as a whole. What they ask is listed here.')
      : html`<ul class="stack plain-list">${questions.filter(question => !question.elsewhere).map(question => this.one(question))}</ul>${this.elsewhere(questions.filter(question => question.elsewhere))}`));
  }

  /** What was answered for everybody in other projects under the same guideline, and so for the raters here too. */
  private elsewhere(questions: Question[]): TemplateResult | typeof nothing {
    if (questions.length === 0) return nothing;
    return html`<section class="card stack" aria-labelledby="elsewhere"><h2 id="elsewhere">Answered in other projects</h2><p class="quiet">Under the same guideline, and so for the raters here too. Whoever answered can change it.</p>
      <dl class="questions-asked">${questions.map(question => html`<div><dt dir="auto">${question.text}</dt><dd dir="auto">${question.answer?.text} <span class="quiet">${when(question.answer?.at ?? question.askedAt)}</span></dd></div>`)}</dl></section>`;
  }

  protected override render(): TemplateResult {
    return html`<p class="row"><span class="quiet">Answers stand beside the guideline of everybody who judges here.</span><a class="push" href="#/questions/${encodeURIComponent(this.project.projectId)}/sources">Sources that raters share</a></p>
      ${this.list()}`;
  }
}
