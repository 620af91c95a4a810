import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Me } from '../../api/people';
import { icon } from '../../ui/icon';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { emptyState, pageHead } from '../../ui/pieces';
import { records } from '../../ui/records';
import { projectEntry, projectsWithProgress } from './project-entry';

@customElement('he-projects')
export class Projects extends Light {
  @property({ attribute: false }) me!: Me;
  private readonly projects = new Load(this, 'the projects', () => projectsWithProgress(this.me));

  protected override render(): TemplateResult {
    const add = this.me.projects.includes('*') ? html`<a class="btn primary" href="#/projects/_new">${icon('plus')}New project</a>` : nothing;
    return html`${pageHead('Projects', 'What is evaluated for whom, under which guideline.', add)}
      ${this.projects.show(all => all.length
        ? records('Projects', all.map(one => projectEntry(one, this.me, 'projects')))
        : emptyState('No project yet', 'A project is one customer’s evaluation: its batches, its people, its reports. Make the first one, then invite people and drop a batch.', add))}`;
  }
}
