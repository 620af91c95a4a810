import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import { sayError } from '../api/problem';
import type { Calibration, CalibrationFeedback, CalibrationTask, Quiz } from '../api/quality';
import type { Guideline } from '../logic/guideline';
import { Light } from '../ui/light';
import { badge, loading, note, pageHead } from '../ui/pieces';
import { dataTable } from '../ui/table';
import { toast } from '../ui/toast';
import '../styles/form.css';

/** The quiz about the guideline, and the calibration: practice items, each with the experts' judgement beside one's own as soon as one has judged. */
@customElement('he-training')
export class TrainingPage extends Light {
  @property({ attribute: false }) wanted: { projectId: string; step: string } = { projectId: '', step: '' };
  @state() private quiz: Quiz | null = null;
  @state() private calibration: Calibration | null = null;
  @state() private guideline: Guideline | null = null;
  @state() private answers: Record<string, string> = {};
  @state() private ratings: Record<string, number> = {};
  @state() private harm = '';
  @state() private findings: { code: string; quote: string }[] = [];
  @state() private told: CalibrationFeedback | null = null;
  @state() private error = '';
  @state() private busy = false;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('wanted')) void this.run(() => this.open());
  }

  private async open(): Promise<void> {
    const { projectId, step } = this.wanted;
    [this.quiz, this.calibration, this.told] = [null, null, null];
    if (step === 'quiz') this.quiz = await api.quiz(projectId);
    else {
      const project = await api.project(projectId);
      [this.calibration, this.guideline] = await Promise.all([api.calibration(projectId), api.guideline(project.guideline.id, project.guideline.version)]);
    }
  }

  private async run(what: () => Promise<void>): Promise<void> {
    [this.busy, this.error] = [true, ''];
    try {
      await what();
    } catch (error) {
      this.error = sayError(error);
    } finally {
      this.busy = false;
    }
  }

  private handIn = () => this.run(async () => {
    const open = this.quiz!.questions.find(question => !this.answers[question.id]);
    if (open) {
      toast('Answer every question first.');
      return this.querySelector<HTMLElement>(`[name="${open.id}"]`)?.focus();
    }
    this.quiz = await api.answerQuiz(this.wanted.projectId, this.answers);
    this.answers = {};
    await this.updateComplete;
    this.querySelector<HTMLElement>('h1')?.focus();
  });

  private judge = (item: CalibrationTask) => this.run(async () => {
    this.told = await api.calibrate(this.wanted.projectId, item.id, { ratings: this.ratings, harm: this.harm, findings: this.findings.filter(one => one.code) });
    await this.updateComplete;
    this.querySelector<HTMLElement>('h1')?.focus();
  });

  private next = () => this.run(async () => {
    [this.ratings, this.harm, this.findings, this.told] = [{}, '', [], null];
    this.calibration = await api.calibration(this.wanted.projectId);
    await this.updateComplete;
    this.querySelector<HTMLElement>('h1')?.focus();
  });

  private quizPage(quiz: Quiz): TemplateResult {
    const over = quiz.triesLeft === 0;
    const tries = quiz.triesLeft === 1 ? 'one try' : `${quiz.triesLeft} tries`;
    return html`${pageHead('Guideline quiz', over ? nothing : `${quiz.questions.length} questions; ${Math.round(quiz.passMark * 100)}\u00a0% right answers pass. You have ${tries}.`)}
      ${quiz.passed === undefined ? nothing : note(quiz.passed ? html`Passed: ${quiz.right} of ${quiz.questions.length} right. <a href="#/my-quality">Go on</a>`
        : html`Not passed: ${quiz.right} of ${quiz.questions.length} right. ${over ? html`Both tries are used; your lead can let you try anew. <a href="#/my-quality">Ask the lead</a>` : 'Read the guideline on what is marked below, then try again.'}`, quiz.passed ? 'good' : 'warn', 'status')}
      ${quiz.questions.map((question, i) => html`<fieldset class="card stack" ?disabled=${over}><legend>${i + 1}. ${question.topic}</legend><p>${question.question}</p>
        ${question.choices.map(choice => html`<label class="row"><input type="radio" name=${question.id} .checked=${(this.answers[question.id] ?? (over ? question.given : '')) === choice.key}
          @change=${() => (this.answers = { ...this.answers, [question.id]: choice.key })}> <span>${choice.name}</span>${question.answer === choice.key ? badge('right', 'good', 'check') : nothing}</label>`)}
        ${question.correct === false && !over ? badge('Wrong last time', 'warn') : nothing}${question.why ? html`<p class="quiet">${question.why}</p>` : nothing}</fieldset>`)}
      ${over ? nothing : html`<div><button class="btn primary" type="button" ?disabled=${this.busy} @click=${this.handIn}>Hand in the answers</button></div>`}`;
  }

  private itemForm(item: CalibrationTask, guideline: Guideline): TemplateResult {
    const choose = (name: string, label: string, help: string, choices: [string, string][], chosen: string, to: (key: string) => void) => html`<fieldset class="card stack"><legend>${label}</legend>
      ${help ? html`<p class="quiet">${help}</p>` : nothing}${choices.map(([key, words]) => html`<label class="row"><input type="radio" name=${name} .checked=${chosen === key} @change=${() => to(key)}> <span><b>${key}</b> ${words}</span></label>`)}</fieldset>`;
    return html`<section class="stack" aria-label="The conversation">${item.messages.map(message => html`<div class="card"><b>${message.role === 'user' ? 'User' : message.role}</b><p class="pre">${message.content}</p></div>`)}
      <div class="card"><b>The answer to judge</b><p class="pre">${item.response}</p></div></section>
      ${guideline.dimensions.map(dimension => choose(dimension.key, dimension.name, dimension.question, Object.entries(dimension.anchors) as [string, string][], String(this.ratings[dimension.key] ?? ''),
        key => (this.ratings = { ...this.ratings, [dimension.key]: Number(key) })))}
      ${choose('overall', 'Overall', '', guideline.overall.map(level => [String(level.level), `${level.name}: ${level.description}`] as [string, string]), String(this.ratings['overall'] ?? ''), key => (this.ratings = { ...this.ratings, overall: Number(key) }))}
      ${choose('harm', 'Harm', '', guideline.harm.extent.map(term => [term.key, term.description ?? term.name] as [string, string]), this.harm, key => (this.harm = key))}
      <fieldset class="card stack"><legend>What you would mark as an error</legend>
        ${this.findings.map((finding, i) => html`<div class="row"><select aria-label="Code of finding ${i + 1}" @change=${(event: Event) => this.mark(i, { code: (event.target as HTMLSelectElement).value })}>
            <option value="">Choose a code</option>${guideline.codes.filter(code => !code.kinds.every(kind => kind === 'strength')).map(code => html`<option value=${code.code} ?selected=${finding.code === code.code}>${code.code} ${code.name}</option>`)}</select>
          <input aria-label="Passage of finding ${i + 1}" placeholder="Passage; empty for what is missing" .value=${finding.quote} @input=${(event: Event) => this.mark(i, { quote: (event.target as HTMLInputElement).value })}></div>`)}
        <div><button class="btn small" type="button" @click=${() => (this.findings = [...this.findings, { code: '', quote: String(getSelection() ?? '').trim() }])}>Add a finding (takes the selected text)</button></div></fieldset>
      <div><button class="btn primary" type="button" ?disabled=${this.busy} @click=${() => this.judge(item)}>Compare with the experts</button></div>`;
  }

  private mark(at: number, change: Partial<{ code: string; quote: string }>): void {
    this.findings = this.findings.map((finding, i) => (i === at ? { ...finding, ...change } : finding));
  }

  private compared(one: CalibrationFeedback): TemplateResult {
    return html`<section class="card stack" aria-label=${one.topic}><h2>${one.topic}</h2><p class="pre quiet">${one.response}</p>
      <p>${one.inside} of ${one.total} scores lie where experts accept them.</p>
      ${dataTable('Mine beside the experts’', [
        { head: 'Dimension', rowHead: true, cell: dimension => dimension }, { head: 'Mine', num: true, cell: dimension => one.mine[dimension] ?? '–' }, { head: 'Experts’', num: true, cell: dimension => one.reference[dimension] ?? '–' },
        { head: 'Accepted', cell: dimension => { const range = one.ranges[dimension]!; return range.low === range.high ? `${range.low}` : `${range.low} to ${range.high}`; } },
        { head: '', cell: dimension => { const range = one.ranges[dimension]!, mine = one.mine[dimension] ?? 0; return mine >= range.low && mine <= range.high ? badge('as accepted', 'good') : badge('too far off', 'warn'); } },
      ], Object.keys(one.ranges))}
      <p>Harm: mine ${one.myHarm}; accepted ${one.harmExtents.join(' or ')}. ${one.harmExtents.includes(one.myHarm) ? badge('as accepted', 'good') : badge('too far off', 'warn')}</p>
      ${one.mustFind.map((find, i) => html`<p>${one.found[i] ? badge('found', 'good') : badge('missed', 'warn')} ${find.codes.join(' or ')}, ${find.severity}${find.quote ? html`: “${find.quote}”` : nothing}. ${find.why}</p>`)}
      ${one.claims.map(claim => html`<p>“${claim.quote}”: ${claim.verdicts.join(' or ')}. ${claim.why}</p>`)}
      <p><b>Why:</b> ${one.reason}</p></section>`;
  }

  private calibrationPage(calibration: Calibration): TemplateResult {
    const { told, guideline } = this;
    if (told) return html`${pageHead('Calibration', `Item ${calibration.done + 1} of ${calibration.total}`)}${this.compared(told)}<div><button class="btn primary" type="button" @click=${this.next}>Go on</button></div>`;
    if (calibration.next && guideline) return html`${pageHead('Calibration', `Item ${calibration.done + 1} of ${calibration.total}, for practice: it counts for nothing.`)}${this.itemForm(calibration.next, guideline)}`;
    return html`${pageHead('Calibration', 'Done. Here is every item again.', html`<a class="btn primary" href="#/my-quality">Go on</a>`)}${calibration.feedback.map(one => this.compared(one))}`;
  }

  protected override render(): TemplateResult {
    const trouble = this.error ? note(this.error, 'bad', 'alert') : nothing;
    return html`<div class="stack">${trouble}${this.quiz ? this.quizPage(this.quiz) : this.calibration ? this.calibrationPage(this.calibration) : this.error ? nothing : loading('the training')}</div>`;
  }
}
