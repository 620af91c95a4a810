import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import type { Me } from '../api/people';
import { sayError } from '../api/problem';
import type { Question } from '../api/questions';
import type { Desk, DeskProject } from '../api/tasks';
import { isTyping } from '../logic/keys';
import { duration, when } from '../logic/time';
import { go } from '../router';
import { keptHeld } from '../task/kept-tasks';
import { outboxOf } from '../task/my-outbox';
import { chooseProject, chosenProject } from '../task/my-project';
import { icon } from '../ui/icon';
import { Light } from '../ui/light';
import { badge, emptyState, loading, meter, note, pageHead } from '../ui/pieces';
import '../styles/home.css';

const addressOf = (task: { projectId: string; taskId: string }) => `/task/${encodeURIComponent(task.projectId)}/${encodeURIComponent(task.taskId)}`;

/** By one's own pace; nothing where too little is known of it. */
const estimate = ({ waiting, medianSeconds }: DeskProject) => (medianSeconds ? `, about ${duration(waiting * medianSeconds)} at your pace of ${duration(medianSeconds)} each` : '');

/** Where one's work stands, and the one button that goes on with it. */
@customElement('he-home')
export class Home extends Light {
  @property({ attribute: false }) me!: Me;
  @state() private desk: Desk | null = null;
  @state() private error = '';
  @state() private lookedAt = new Date();
  @state() private questions: Question[] = [];

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const onBody = event.target === document.body || (event.target as HTMLElement).tagName === 'H1' || (event.target as HTMLElement).tagName === 'MAIN';
    if (event.key === 'n' || event.key === 'N' || (event.key === 'Enter' && onBody)) this.next();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.judges) return void import('./lead/overview').then(() => this.requestUpdate());
    addEventListener('keydown', this.onKey);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
  }

  private get judges(): boolean {
    return this.me.roles.includes('annotator');
  }

  private async load(): Promise<void> {
    this.error = '';
    try {
      this.desk = await api.desk();
      this.lookedAt = new Date();
      void this.ask(this.desk);
    } catch (error) {
      this.error = sayError(error);
    }
  }

  /** Beside the desk: without it the page is whole. */
  private async ask(desk: Desk): Promise<void> {
    const mine = await Promise.all(desk.projects.map(project => api.questions(project.projectId, true).catch(() => [])));
    this.questions = mine.flat().sort((a, b) => (b.answer?.at ?? '').localeCompare(a.answer?.at ?? '')).slice(0, 5);
  }

  private next(): void {
    const held = this.desk?.held[0];
    if (!this.desk) return go('/task');
    if (held) go(addressOf(held));
    else if (this.desk.projects.some(project => project.openForMe)) go('/task');
  }

  private action(desk: Desk): TemplateResult {
    const held = desk.held[0];
    const open = desk.projects.some(project => project.openForMe);
    if (!held && !open) return this.nothingNow(desk);
    return html`<section class="next-card" aria-labelledby="next-title">
      <div>
        <h2 id="next-title">${held ? 'You have a task in hand' : 'Ready when you are'}</h2>
        <p>${held ? `Your draft is kept. It is reserved for you until ${when(held.expiresAt)}.` : 'You read one conversation and judge the answers in it. Drafts save themselves.'}</p>
      </div>
      <button class="btn primary big" type="button" @click=${() => this.next()}>${held ? 'Resume task' : 'Next task'} ${icon('arrow')}</button>
      <p class="keys">or press <kbd>Enter</kbd> or <kbd>N</kbd></p>
      ${desk.held.length > 1 ? html`<p class="also">Also in hand: ${desk.held.slice(1).map((task, index) => html`${index > 0 ? ', ' : ''}<a href="#${addressOf(task)}">a task of ${this.nameOf(task.projectId)}</a>`)}</p>` : nothing}
    </section>`;
  }

  private nameOf(projectId: string): string {
    return this.desk?.projects.find(project => project.projectId === projectId)?.name ?? projectId;
  }

  private nothingNow(desk: Desk): TemplateResult {
    const why = desk.projects.length === 0
      ? 'You are not on any project yet. A lead has to add you to one.'
      : 'Every task in your sub-domains and languages is done, judged by you already, or with a colleague. Tasks come back when a colleague returns one or lets it lapse, and when the customer sends a new batch.';
    const closed = desk.projects.find(project => project.closed && project.closed !== 'interest')?.closed;
    if (closed) {
      const reasons: Record<string, string> = { paused: 'You are paused in a project.', cap: 'You have reached your cap for today; it begins anew at midnight UTC.', quiz: 'The guideline quiz comes first.', calibration: 'The calibration comes first.' };
      return emptyState('Nothing for you now', reasons[closed] ?? 'A lead has to let you go on.', closed === 'cap' ? nothing : html`<a class="btn primary" href="#/my-quality">See why, and what to do</a>`);
    }
    return emptyState('Nothing for you now', html`${why} Look again in half an hour, or after the next batch; last looked at ${when(this.lookedAt)}.`,
      html`<button class="btn" type="button" @click=${() => this.load()}>Look again</button>`);
  }

  private projects(desk: Desk): TemplateResult | typeof nothing {
    if (desk.projects.length === 0) return nothing;
    const chosen = chosenProject(this.me.personId);
    return html`<section aria-labelledby="projects-title"><h2 id="projects-title">Projects</h2>
      ${chosen && desk.projects.length > 1 ? html`<p class="row"><span>You get tasks of ${this.nameOf(chosen)} only.</span><button class="btn small" type="button" @click=${() => this.choose(null)}>Of all projects again</button></p>` : nothing}
      <ul class="project-list">${desk.projects.map(project => this.project(project, desk.projects.length > 1, chosen))}</ul></section>`;
  }

  private choose(projectId: string | null): void {
    chooseProject(this.me.personId, projectId);
    this.requestUpdate();
  }

  private project(project: DeskProject, several: boolean, chosen: string | null): TemplateResult {
    const only = chosen === project.projectId;
    return html`<li class="card">
      <div class="row"><h3>${project.name}</h3>${project.demo ? badge('Demo · simulated', 'violet') : nothing}
        <span class="push">${project.openForMe ? badge('Open for you', 'good', 'check') : badge('Nothing for you now')}</span></div>
      ${meter('Judgements in the project', project.judged, project.wanted)}
      <p class="quiet">${project.mine} of them yours${project.waiting > 0 ? ` · ${project.waiting} ${project.waiting === 1 ? 'task waits' : 'tasks wait'} for you${estimate(project)}` : ''}</p>
      ${several && project.openForMe ? html`<p><button class="btn small" type="button" aria-pressed=${only} @click=${() => this.choose(only ? null : project.projectId)}>${only ? 'Only this project' : 'Work on this one only'}</button></p>` : nothing}
    </li>`;
  }

  /** What one has asked the leads, the answered ones first to be read. */
  private asked(): TemplateResult | typeof nothing {
    if (this.questions.length === 0) return nothing;
    return html`<section aria-labelledby="questions-title"><h2 id="questions-title">Your questions</h2>
      <dl class="questions-asked">${this.questions.map(question => html`<div><dt dir="auto">${question.text}</dt><dd dir="auto">${question.answer ? html`${question.answer.text} <span class="quiet">${when(question.answer.at)}</span>` : html`<span class="quiet">Waits for a lead since ${when(question.askedAt)}.</span>`}</dd></div>`)}</dl></section>`;
  }

  /** Without a network the tasks on this device can be worked on. */
  private offline(): TemplateResult | typeof nothing {
    const kept = keptHeld(this.me.personId).filter(({ task }) => !outboxOf(this.me.personId).taskIds.includes(task.taskId));
    if (kept.length === 0) return nothing;
    return html`<section class="card stack" aria-labelledby="kept-title"><h2 id="kept-title">On this device</h2>
      <p>${kept.length === 1 ? 'A task is' : `${kept.length} tasks are`} kept here for you. You can judge without a network; what you hand in is sent when the server can be reached.</p>
      <ul>${kept.map(({ task }) => html`<li><a href="#${addressOf(task)}">A task of ${task.projectName}</a></li>`)}</ul></section>`;
  }

  protected override render(): TemplateResult {
    if (!this.judges) return customElements.get('he-overview') ? html`<he-overview .me=${this.me}></he-overview>` : loading('your projects');
    const first = this.me.name.split(' ')[0] ?? this.me.name;
    const head = pageHead(`Hello, ${first}`);
    if (this.error) return html`${head}${note(html`${this.error}<div><button class="btn small" type="button" @click=${() => this.load()}>Try again</button></div>`, 'bad', 'alert')}${this.offline()}`;
    const desk = this.desk;
    if (!desk) return html`${head}${loading('your desk')}`;
    return html`${head}<div class="home">
      ${this.action(desk)}
      <dl class="figures" aria-label="Your judgements">
        <div><dt>Today</dt><dd>${desk.today}</dd></div>
        <div><dt>This week</dt><dd>${desk.week}</dd></div>
        <div><dt>In all</dt><dd>${desk.total}</dd></div>
      </dl>
      ${this.asked()}
      ${this.projects(desk)}
    </div>`;
  }
}
