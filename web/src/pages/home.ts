import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import type { Me } from '../api/people';
import { sayError } from '../api/problem';
import type { Desk, DeskProject } from '../api/tasks';
import { isTyping } from '../logic/keys';
import { duration, when } from '../logic/time';
import { go } from '../router';
import { icon } from '../ui/icon';
import { Light } from '../ui/light';
import { badge, emptyState, loading, meter, note, pageHead } from '../ui/pieces';
import '../styles/home.css';

/** Where one's work stands, and the one button that goes on with it. */
@customElement('he-home')
export class Home extends Light {
  @property({ attribute: false }) me!: Me;
  @state() private desk: Desk | null = null;
  @state() private error = '';
  @state() private asked = new Date();

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
      this.asked = new Date();
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private next(): void {
    const held = this.desk?.held[0];
    if (!this.desk) return go('/task');
    if (held) go(`/task/${encodeURIComponent(held.projectId)}/${encodeURIComponent(held.taskId)}`);
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
    </section>`;
  }

  private nothingNow(desk: Desk): TemplateResult {
    const why = desk.projects.length === 0
      ? 'You are not on any project yet. A lead has to add you to one.'
      : 'Every task in your sub-domains and languages is done, judged by you already, or with a colleague. Tasks come back when a colleague returns one or lets it lapse, and when the customer sends a new batch.';
    return emptyState('Nothing for you now', html`${why} Look again in half an hour, or after the next batch; last looked at ${when(this.asked)}.`,
      html`<button class="btn" type="button" @click=${() => this.load()}>Look again</button>`);
  }

  private projects(desk: Desk): TemplateResult | typeof nothing {
    if (desk.projects.length === 0) return nothing;
    return html`<section aria-labelledby="projects-title"><h2 id="projects-title">Projects</h2>
      <ul class="project-list">${desk.projects.map(project => this.project(project))}</ul></section>`;
  }

  private project(project: DeskProject): TemplateResult {
    return html`<li class="card">
      <div class="row"><h3>${project.name}</h3>${project.demo ? badge('Demo · simulated', 'violet') : nothing}
        <span class="push">${project.openForMe ? badge('Open for you', 'good', 'check') : badge('Nothing for you now')}</span></div>
      ${meter('Judgements in the project', project.judged, project.wanted)}
      <p class="quiet">${project.mine} of them yours</p>
    </li>`;
  }

  protected override render(): TemplateResult {
    if (!this.judges) return customElements.get('he-overview') ? html`<he-overview .me=${this.me}></he-overview>` : loading('your projects');
    const first = this.me.name.split(' ')[0] ?? this.me.name;
    const head = pageHead(`Hello, ${first}`);
    if (this.error) return html`${head}${note(html`${this.error}<div><button class="btn small" type="button" @click=${() => this.load()}>Try again</button></div>`, 'bad', 'alert')}`;
    const desk = this.desk;
    if (!desk) return html`${head}${loading('your desk')}`;
    return html`${head}<div class="home">
      ${this.action(desk)}
      <dl class="figures" aria-label="Your judgements">
        <div><dt>Today</dt><dd>${desk.today}</dd></div>
        <div><dt>This week</dt><dd>${desk.week}</dd></div>
        <div><dt>In all</dt><dd>${desk.total}</dd></div>
        ${desk.activeSecondsWeek === undefined ? nothing : html`<div><dt>Active this week</dt><dd>${duration(desk.activeSecondsWeek)}</dd></div>`}
      </dl>
      ${this.projects(desk)}
    </div>`;
  }
}
