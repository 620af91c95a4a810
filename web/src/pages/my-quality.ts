import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { api } from '../api';
import { sayError } from '../api/problem';
import type { Interests, LedgerLine, MyQuality, OwnLedger, StepResult } from '../api/quality';
import { percent, sayEstimate } from '../lead/estimate';
import { spelled } from '../lead/words';
import { duration, when } from '../logic/time';
import { areaField } from '../ui/field';
import { Light } from '../ui/light';
import { Load } from '../ui/load';
import { badge, note, pageHead, type Tone } from '../ui/pieces';
import { dataTable } from '../ui/table';
import { toast } from '../ui/toast';

const stepNames: Record<string, string> = { quiz: 'Guideline quiz', calibration: 'Calibration', qualification: 'Qualification' };

const states: Record<string, [string, Tone]> = {
  active: ['In production', 'good'], paused: ['Paused', 'warn'], quiz: ['Quiz to take', 'info'], calibration: ['Calibration to do', 'info'], qualification: ['Being qualified', 'info'],
  quiz_failed: ['Quiz not passed', 'warn'], qualification_failed: ['Not qualified', 'warn'],
};

/** What is known of one's own judging: where one stands, what experts say beside what one said, and the time that is booked. Nothing here tells a live gold item. */
@customElement('he-my-quality')
export class MyQualityPage extends Light {
  @state() private question: Record<string, string> = {};
  /** One id for one question, however often it is sent. */
  private readonly ids: Record<string, string> = {};
  @state() private declared: Record<'customers' | 'makers', string> | null = null;

  private readonly known = new Load<[MyQuality[], OwnLedger, Interests]>(this, 'your quality', () => Promise.all([api.myQuality(), api.myLedger(), api.interests()]));

  private async ask(project: MyQuality): Promise<void> {
    const question = this.question[project.projectId]?.trim();
    if (!question) return toast('Write your question first.');
    try {
      await api.ask(project.projectId, (this.ids[project.projectId] ??= crypto.randomUUID()), { text: question });
      delete this.ids[project.projectId];
      this.question = { ...this.question, [project.projectId]: '' };
      toast('Asked. The answer will stand on your home page.');
    } catch (error) {
      toast(sayError(error));
    }
  }

  private write(projectId: string, text: string): void {
    delete this.ids[projectId]; // other words are another question
    this.question = { ...this.question, [projectId]: text };
  }

  private async declare(now: Interests): Promise<void> {
    const names = (text: string) => text.split(/[\n,]/).map(name => name.trim()).filter(Boolean);
    const { customers, makers } = this.declared ?? { customers: now.customers.join('\n'), makers: now.makers.join('\n') };
    try {
      await api.declareInterests({ customers: names(customers), makers: names(makers) });
      this.declared = null;
      await this.known.run();
      toast('Kept. You are not handed their work.');
    } catch (error) {
      toast(sayError(error));
    }
  }

  private standing(mine: MyQuality): TemplateResult {
    const ask = mine.askWhom.length ? `Ask ${mine.askWhom.join(' or ')}` : 'Ask an admin: this project has no lead';
    if (mine.paused) {
      return note(html`<p>You are paused in this project since ${when(mine.paused.since)}. ${mine.paused.words}</p><p>Nothing you wrote is lost, and what you hold you can hand in. ${ask}; the box below goes to their inbox.</p>`, 'warn');
    }
    if (mine.state === 'quiz' || mine.state === 'calibration') {
      return note(html`<p>${mine.state === 'quiz' ? 'First comes the quiz about the guideline.' : 'Next is the calibration: practice items, with what experts say beside what you said.'}</p>
        <a class="btn primary" href="#/training/${encodeURIComponent(mine.projectId)}/${mine.state}">${mine.state === 'quiz' ? 'Take the quiz' : 'Go to the calibration'}</a>`, 'info');
    }
    if (mine.state === 'qualification') return note('Your first tasks are compared with experts’ judgements. Go on with the tasks as usual; the result is here afterwards.', 'info');
    return mine.state.endsWith('_failed') ? note(`${states[mine.state]![0]}. ${ask}: they can let you try anew.`, 'warn') : html``;
  }

  private steps(mine: MyQuality): TemplateResult | typeof nothing {
    const asked = mine.steps.filter(step => step.asked || step.there || step.results.length);
    if (!asked.length) return nothing;
    const result = (one: StepResult) => one.step === 'qualification'
      ? `${one.passed ? 'qualified' : 'not qualified'}: α ${one.alpha?.toFixed(2).replace('-', '−') ?? 'not defined'}, ${one.criticalsFound} of ${one.criticalsPlanted} critical errors found`
      : `${one.right} of ${one.of} right${one.step === 'quiz' ? (one.passed ? ', passed' : ', not passed') : ''}`;
    const summary = (step: MyQuality['steps'][number]) => step.waived ? 'waived by a lead'
      : step.step === 'calibration' && step.results.length ? `${step.results.length} items, ${step.results.reduce((sum, one) => sum + one.right, 0)} of ${step.results.reduce((sum, one) => sum + one.of, 0)} scores as experts accept them`
      : step.results.length ? result(step.results.at(-1)!) : step.asked ? 'not yet' : 'not asked for; you can take it for practice';
    return dataTable('Way to production', [
      { head: 'Step', rowHead: true, cell: step => stepNames[step.step] ?? step.step },
      { head: 'Result', cell: step => summary(step) },
      { head: 'When', cell: step => (step.results.length ? when(step.results.at(-1)!.at) : '–') },
      { head: '', cell: step => (step.there ? html`<a href="#/training/${encodeURIComponent(mine.projectId)}/${step.step}">${step.results.length ? 'Look at it again' : 'Open it'}</a>` : nothing) },
    ], asked);
  }

  private peers({ peers, criticalsFound, consistency }: MyQuality): TemplateResult {
    return html`${dataTable('Figures', [
      { head: 'Figure', rowHead: true, cell: ([name]) => name },
      { head: 'Value', cell: ([, value]) => value },
      { head: 'n', num: true, cell: ([, , n]) => n },
    ], [
      ['Critical errors found, in gold items that are retired', sayEstimate(criticalsFound, percent), criticalsFound.n],
      ['The same score again, in items that came twice', sayEstimate(consistency, percent), consistency.n],
      ...peers.bias.map(({ dimension, bias }) => [`${spelled(dimension)}: higher (+) or lower (−) than colleagues`, sayEstimate(bias), bias.n] as [string, string, number]),
    ] as [string, string, number][])}
    ${dataTable('Within one point of colleagues, by week', [
      { head: 'Week from', rowHead: true, cell: week => week.monday },
      { head: 'Share', cell: week => sayEstimate(week.near, percent) },
      { head: 'n', num: true, cell: week => week.near.n },
    ], peers.weeks, 'No task of yours has been judged by a colleague yet.')}`;
  }

  private gold(mine: MyQuality): TemplateResult | typeof nothing {
    if (!mine.gold.length) return nothing;
    return html`<section class="stack"><h3>Mine beside the experts’</h3><p class="quiet">Items whose right judgement was known, shown once they are retired.</p>
      ${mine.gold.map(one => html`<details class="card"><summary>${when(one.submittedAt)}: ${one.scores.filter(score => score.acceptable).length} of ${one.scores.length} scores as experts accept them${one.planted ? `, ${one.found} of ${one.planted} critical errors found` : one.falseAlarm ? ', a false alarm' : ''}</summary>
        ${dataTable('Scores', [
          { head: 'Dimension', rowHead: true, cell: score => spelled(score.dimension) }, { head: 'Mine', num: true, cell: score => score.mine }, { head: 'Experts’', num: true, cell: score => score.reference },
          { head: '', cell: score => (score.acceptable ? badge('as accepted', 'good') : badge('too far off', 'warn')) },
        ], one.scores)}
        ${one.plantedWords.length ? html`<p>To be found: ${one.plantedWords.join('; ')}</p>` : nothing}${one.why ? html`<p class="pre">${one.why}</p>` : nothing}</details>`)}</section>`;
  }

  private cases(mine: MyQuality): TemplateResult | typeof nothing {
    if (!mine.cases.length) return nothing;
    return html`<section class="stack"><h3>Settled disagreements</h3>${mine.cases.map(one => html`<details class="card">
      <summary>${when(one.settledAt)}: ${one.points.length === 1 ? 'one point' : `${one.points.length} points`}</summary>
      ${dataTable('Points', [
        { head: 'Point', rowHead: true, cell: point => `${spelled(point.dimension ?? point.kind)}${point.response ? ` of ${point.response}` : ''}` }, { head: 'Mine', cell: point => point.mine ?? '–' },
        { head: 'What stands', cell: point => point.final }, { head: 'Why', cell: point => point.why },
      ], one.points)}<p><a href="#/mine/${encodeURIComponent(mine.projectId)}/${encodeURIComponent(one.taskId)}">My judgement</a></p></details>`)}</section>`;
  }

  private time(ledger: OwnLedger, projectId: string): TemplateResult {
    const lines = ledger.projects.find(project => project.projectId === projectId)?.lines ?? [];
    const pays = lines.some(line => line.pay !== undefined);
    return dataTable<LedgerLine>('Time, by week', [
      { head: 'Week from', rowHead: true, cell: line => line.monday },
      { head: 'Kind', cell: line => (line.kind === 'case' ? 'disagreements' : line.mode === 'full' ? 'judgements' : `judgements, ${line.mode.replace('_', ' ')}`) },
      { head: 'Tasks', num: true, cell: line => line.tasks },
      { head: 'Set aside since', num: true, cell: line => line.void },
      { head: 'Active', cell: line => (line.kind === 'case' ? '–' : duration(line.activeSeconds)) },
      { head: 'At sources', cell: line => (line.kind === 'case' ? '–' : duration(line.checkingSeconds)) },
      ...(pays ? [{ head: 'Pay', num: true, cell: (line: LedgerLine) => line.pay?.toFixed(2) ?? '–' }] : []),
    ], [...lines].reverse(), 'Nothing handed in yet.');
  }

  private project(mine: MyQuality, ledger: OwnLedger): TemplateResult {
    const [label, tone] = states[mine.state] ?? [mine.state, 'neutral'];
    return html`<section class="stack" aria-labelledby="q-${mine.projectId}"><h2 id="q-${mine.projectId}">${mine.projectName} ${badge(label, tone)}</h2>
      ${this.standing(mine)}${this.steps(mine)}${this.peers(mine)}${this.gold(mine)}${this.cases(mine)}${this.time(ledger, mine.projectId)}
      ${areaField({ id: `ask-${mine.projectId}`, label: 'Ask the lead', rows: 2, value: this.question[mine.projectId] ?? '', onInput: text => this.write(mine.projectId, text) })}
      <div><button class="btn" type="button" @click=${() => this.ask(mine)}>Send the question</button></div></section>`;
  }

  private interests(now: Interests): TemplateResult {
    const draft = this.declared ?? { customers: now.customers.join('\n'), makers: now.makers.join('\n') };
    const set = (field: 'customers' | 'makers') => (text: string) => (this.declared = { ...draft, [field]: text });
    return html`<section class="stack card" aria-labelledby="interests"><h2 id="interests">Conflicts of interest</h2>
      <p class="quiet">Whom you work for, advise or hold shares of. You are not handed their work; which model an answer is of stays hidden.</p>
      ${areaField({ id: 'customers', label: 'Customers, one a line', rows: 2, value: draft.customers, onInput: set('customers') })}
      ${areaField({ id: 'makers', label: 'Makers of models, one a line', rows: 2, value: draft.makers, onInput: set('makers') })}
      <div><button class="btn" type="button" ?disabled=${!this.declared} @click=${() => this.declare(now)}>Keep this</button></div></section>`;
  }

  protected override render(): TemplateResult {
    return html`${pageHead('My quality', 'How your judgements compare, and why. Only you and your leads see this.')}
      ${this.known.show(([projects, ledger, interests]) => html`<div class="stack">${projects.map(mine => this.project(mine, ledger))}${this.interests(interests)}</div>`)}`;
  }
}
