import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Me } from '../../api/people';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { emptyState, pageHead } from '../../ui/pieces';
import { records } from '../../ui/records';
import { demoBadge, projectEntry, projectsWithProgress, runs, type WithProgress } from './project-entry';
import './batches';
import './quality';
import './receipt';
import './reports';

const purpose: Record<string, string> = {
  Batches: 'The customer’s files and what became of every line in them.',
  Reports: 'One workbook a week, with the data it was made from.',
  Quality: 'How the answers score, and how far the people who judge agree.',
};

/** The project last looked at, so that going from its batches to its reports stays with it. */
let lastProject = '';

/** Finds out which project a page is about; `_all` is the choice among them. */
@customElement('he-in-project')
export class InProject extends Light {
  @property({ attribute: false }) me!: Me;
  @property() page = '';
  @property() projectId = '';
  @property() rest = '';
  private readonly projects = new Load(this, 'your projects', projectsWithProgress);

  private chosen(all: WithProgress[]): WithProgress | undefined {
    const wanted = this.projectId || (all.length === 1 ? all[0]?.project.projectId : lastProject);
    return all.find(({ project }) => project.projectId === wanted);
  }

  private choice(all: WithProgress[]): TemplateResult {
    const base = this.page.toLowerCase();
    const head = pageHead(this.page, purpose[this.page]);
    if (all.length === 0) return html`${head}${emptyState('No project', runs(this.me) ? 'There is no project yet. Make one first.' : 'You are on no project yet. Your contact at HealthEval adds you to yours.', runs(this.me) ? html`<a class="btn primary" href="#/projects/_new">New project</a>` : html``)}`;
    if (this.projectId && this.projectId !== '_all') return html`${head}${emptyState('There is no such project', 'The address is wrong, or the project is not one of yours.', html`<a class="btn" href="#/${base}/_all">Your projects</a>`)}`;
    return html`${head}${records('Projects', all.map(one => projectEntry(one, this.me, base)))}`;
  }

  private about({ project }: WithProgress, many: boolean): TemplateResult {
    lastProject = project.projectId;
    const about = html`<strong>${project.name}</strong> · ${project.customer} ${demoBadge(project)}
      ${many ? html`<a href="#/${this.page.toLowerCase()}/_all">Other project</a>` : ''}`;
    const { me } = this;
    const page = () => {
      if (this.page === 'Reports') return html`<he-reports .me=${me} .project=${project}></he-reports>`;
      if (this.page === 'Quality') return html`<he-quality .project=${project}></he-quality>`;
      if (this.rest) return html`<he-receipt .project=${project} .batchId=${this.rest}></he-receipt>`;
      return html`<he-batches .project=${project}></he-batches>`;
    };
    return html`${pageHead(this.rest ? 'Receipt' : this.page, about)}${keyed(`${project.projectId}/${this.rest}`, page())}`;
  }

  protected override render(): TemplateResult {
    if (this.projects.value === undefined) return html`${pageHead(this.page, purpose[this.page])}${this.projects.show(() => html``)}`;
    const chosen = this.chosen(this.projects.value);
    return chosen ? this.about(chosen, this.projects.value.length > 1) : this.choice(this.projects.value);
  }
}
