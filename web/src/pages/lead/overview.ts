import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api } from '../../api';
import type { Me } from '../../api/people';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { emptyState, pageHead } from '../../ui/pieces';
import { records } from '../../ui/records';
import { projectEntry, projectsWithProgress, runs } from './project-entry';
import '../../styles/lead.css';

/** Home of those who do not judge: the projects they run or receive, and what there is to do next. */
@customElement('he-overview')
export class Overview extends Light {
  @property({ attribute: false }) me!: Me;
  private readonly projects = new Load(this, 'your projects', () => (this.seesProjects ? projectsWithProgress(this.me) : Promise.resolve([])));

  private readonly cases = new Load(this, 'your cases', () => (this.me.roles.includes('adjudicator') ? api.caseDesk() : Promise.resolve(null)));

  private get seesProjects(): boolean {
    return runs(this.me) || this.me.roles.includes('customer');
  }

  private get welcome(): string {
    if (runs(this.me)) return 'How far each project has come, and the way to its batches, reports and figures.';
    return this.me.roles.includes('customer') ? 'Drop a batch, read its receipt, download the week’s report.' : 'You settle disagreements between people who judged the same task.';
  }

  private adjudicating(): TemplateResult | typeof nothing {
    if (!this.me.roles.includes('adjudicator')) return nothing;
    return this.cases.show(desk => !desk ? html`` : desk.held || desk.openForMe
      ? emptyState(desk.held ? 'You have a case in hand' : 'Disagreements wait for you', `${desk.waiting} waiting in your projects · ${desk.today} settled by you today, ${desk.settled} in all. You see the judgements, never who gave them.`,
        html`<a class="btn primary big" href="#/case">${desk.held ? 'Resume case' : 'Next case'}</a>`)
      : emptyState('Nothing to settle for you now', `Cases appear when the last judgement of a task comes in and the judgements disagree. You have settled ${desk.settled}.`,
        html`<a class="btn" href="#/guidelines">Read the guideline</a>`));
  }

  private none(): TemplateResult {
    return runs(this.me)
      ? emptyState('No project yet', 'A project is one customer’s evaluation. Make the first one, then invite people and drop a batch.', html`<a class="btn primary" href="#/projects/_new">New project</a>`)
      : emptyState('No project yet', 'You are on no project yet. Your contact at HealthEval adds you to yours.');
  }

  protected override render(): TemplateResult {
    const first = this.me.name.split(' ')[0] ?? this.me.name;
    return html`${pageHead(`Hello, ${first}`, this.welcome)}<div class="stack wide-gaps">
      ${this.adjudicating()}
      ${this.seesProjects ? this.projects.show(all => (all.length
        ? records('Projects', all.map(one => projectEntry(one, this.me, 'batches')))
        : this.none())) : nothing}
    </div>`;
  }
}
