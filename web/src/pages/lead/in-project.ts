import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Me } from '../../api/people';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { emptyState, pageHead } from '../../ui/pieces';
import { records } from '../../ui/records';
import { demoBadge, projectEntry, projectsWithProgress, runs, type WithProgress } from './project-entry';
import './audit';
import './batch-desk';
import './batches';
import './benchmarks';
import './design';
import './gold-form';
import './held';
import './mapping';
import './prompt';
import './prompts';
import './quality';
import './receipt';
import './questions';
import './reports';
import './report';
import './sources';
import './tokens';

const purpose: Record<string, string> = {
  Batches: 'The customer’s files and what became of every line in them.',
  Reports: 'One workbook a week, with the data it was made from.',
  Prompts: 'What models are asked, written and refined by those who judge.',
  Items: 'Every item of the project: what was said about it, and what is to be done.',
  Inbox: 'What waits for a lead.',
  Raters: 'Everybody who judges: how right, how alike, how steady, and what you decide about it.',
  Audit: 'Who did what, when: append-only, every entry chained to the one before it.',
  Questions: 'What raters ask about tasks and guideline: answered once, for everybody.',
  Quality: 'How the answers score, and how far the people who judge agree.',
};

/** Under this the trail keeps what belongs to no project, or to all. */
const platform = { projectId: '_' };

/** The project last looked at, so that going from its batches to its reports stays with it. */
let lastProject = '';

/** Finds out which project a page is about; `_all` is the choice among them. */
@customElement('he-in-project')
export class InProject extends Light {
  @property({ attribute: false }) me!: Me;
  @property() page = '';
  @property() projectId = '';
  @property() rest = '';
  @property() below = '';
  private readonly projects = new Load(this, 'your projects', () => projectsWithProgress(this.me));

  private chosen(all: WithProgress[]): WithProgress | undefined {
    const wanted = this.projectId || (all.length === 1 ? all[0]?.project.projectId : lastProject);
    return all.find(({ project }) => project.projectId === wanted);
  }

  /** What is under the heading when no project is chosen. */
  private choice(all: WithProgress[]): TemplateResult {
    const base = this.page.toLowerCase();
    if (all.length === 0 && runs(this.me)) return emptyState('No project', 'There is no project yet. Make one first.', html`<a class="btn primary" href="#/projects/_new">New project</a>`);
    if (all.length === 0) return emptyState('No project', 'You are on no project yet. Your contact at HealthEval adds you to yours.');
    if (this.projectId && this.projectId !== '_all') return emptyState('There is no such project', 'The address is wrong, or the project is not one of yours.', html`<a class="btn" href="#/${base}/_all">Your projects</a>`);
    return records('Projects', all.map(one => projectEntry(one, this.me, base)));
  }

  private get seesAll(): boolean {
    return this.me.projects.includes('*');
  }

  private about({ project }: WithProgress): TemplateResult {
    const many = (this.projects.value?.length ?? 0) > 1;
    return html`<strong>${project.name}</strong> · ${project.customer} ${demoBadge(project)}
      ${this.page === 'Audit' && this.seesAll ? html`<a href="#/audit/_platform">The platform’s own trail</a>` : nothing}
      ${many ? html`<a href="#/${this.page.toLowerCase()}/_all">Other project</a>` : nothing}`;
  }

  private body({ project }: WithProgress): TemplateResult {
    if (this.page === 'Reports' && this.rest) return html`<he-report .project=${project} .week=${this.rest}></he-report>`;
    if (this.page === 'Reports') return html`<he-reports .me=${this.me} .project=${project}></he-reports><he-tokens .me=${this.me} .project=${project} page="reports"></he-tokens>`;
    if (this.page === 'Audit') return html`<he-audit .project=${project}></he-audit>`;
    if (this.page === 'Items' && this.rest && this.below.startsWith('gold')) return html`<he-gold-form .me=${this.me} .project=${project} .taskId=${this.rest} .from=${this.below.slice('gold:'.length)}></he-gold-form>`;
    if (this.page === 'Items' && this.rest) return html`<he-item .me=${this.me} .project=${project} .taskId=${this.rest}></he-item>`;
    if (this.page === 'Items') return html`<he-items .me=${this.me} .project=${project}></he-items>`;
    if (this.page === 'Inbox') return html`<he-inbox .me=${this.me} .project=${project}></he-inbox>`;
    if (this.page === 'Raters' && this.rest === '_standards') return html`<he-standards .project=${project}></he-standards>`;
    if (this.page === 'Raters' && this.rest) return html`<he-rater .project=${project} .personId=${this.rest}></he-rater>`;
    if (this.page === 'Raters') return html`<he-raters .project=${project}></he-raters>`;
    if (this.page === 'Quality') return html`<he-quality .project=${project}></he-quality>`;
    if (this.page === 'Questions' && this.rest === 'sources') return html`<he-sources .project=${project}></he-sources>`;
    if (this.page === 'Questions') return html`<he-questions .project=${project} .seesAll=${this.seesAll}></he-questions>`;
    if (this.page === 'Prompts' && this.rest) return html`<he-prompt .me=${this.me} .project=${project} .promptId=${this.rest === '_new' ? '' : this.rest}></he-prompt>`;
    if (this.page === 'Prompts') return html`<he-prompts .me=${this.me} .project=${project}></he-prompts>`;
    if (this.rest === '_benchmarks') return html`<he-benchmarks .project=${project}></he-benchmarks>`;
    if (this.rest === '_design' && runs(this.me)) return html`<he-design .project=${project}></he-design>`;
    if (this.rest && this.below === 'held' && runs(this.me)) return html`<he-held .project=${project} .batchId=${this.rest}></he-held>`;
    if (this.rest && this.below === 'mapping') return html`<he-mapping .me=${this.me} .project=${project} .batchId=${this.rest}></he-mapping>`;
    if (this.rest) return html`<he-receipt .me=${this.me} .project=${project} .batchId=${this.rest}></he-receipt>${runs(this.me) ? html`<he-batch-desk .project=${project} .batchId=${this.rest}></he-batch-desk>` : nothing}`;
    return html`<he-batches .me=${this.me} .project=${project}></he-batches><he-tokens .me=${this.me} .project=${project} page="batches"></he-tokens>`;
  }

  private get heading(): string {
    if (!this.rest) return this.page;
    if (this.page === 'Items') return this.below.startsWith('gold') ? 'Gold' : 'Item';
    if (this.page === 'Raters') return this.rest === '_standards' ? 'Path and checks' : 'Rater';
    if (this.page === 'Reports') return 'Report';
    if (this.page === 'Prompts') return this.rest === '_new' ? 'New prompt' : 'Prompt';
    if (this.page === 'Questions') return 'Sources';
    if (this.rest === '_benchmarks') return 'Benchmarks';
    if (this.rest === '_design') return 'Compare models';
    return this.below === 'held' ? 'Held items' : this.below === 'mapping' ? 'What is what' : 'Receipt';
  }

  /** One heading for all that may come below it, so that it keeps the focus while the projects arrive. */
  protected override render(): TemplateResult {
    if (this.page === 'Audit' && this.projectId === '_platform' && this.seesAll) {
      return html`${pageHead('Audit', html`<strong>The platform itself</strong>: people who have every project, purges, backups, guidelines for all. <a href="#/audit/_all">A project’s trail</a>`)}
        <he-audit .project=${platform}></he-audit>`;
    }
    const chosen = this.projects.value && this.chosen(this.projects.value);
    if (chosen) lastProject = chosen.project.projectId;
    return html`${pageHead(chosen ? this.heading : this.page, chosen ? this.about(chosen) : purpose[this.page])}
      ${this.projects.show(all => (chosen ? html`${keyed(`${this.page}/${lastProject}/${this.rest}/${this.below}`, this.body(chosen))}` : this.choice(all)))}`;
  }
}
