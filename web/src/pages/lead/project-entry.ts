import { html, nothing, type TemplateResult } from 'lit';
import { api } from '../../api';
import type { Me } from '../../api/people';
import type { Progress, Project } from '../../api/projects';
import { languageNames, list, number, subdomains } from '../../lead/words';
import { badge, meter } from '../../ui/pieces';
import type { Entry } from '../../ui/records';

export interface WithProgress {
  project: Project;
  progress: Progress | null;
}

/** One's projects, with how far each has come for those who may know. */
export async function projectsWithProgress(me: Me): Promise<WithProgress[]> {
  const byName = (await api.projects()).toSorted((one, other) => one.name.localeCompare(other.name));
  return Promise.all(byName.map(async project => ({ project, progress: receives(me) ? await api.progress(project.projectId).catch(() => null) : null })));
}

export function runs(me: Me): boolean {
  return me.roles.includes('lead') || me.roles.includes('admin');
}

/** Sends batches and gets reports, or looks after those who do. */
function receives(me: Me): boolean {
  return runs(me) || me.roles.includes('customer');
}

export function demoBadge(project: Project): TemplateResult | typeof nothing {
  return project.demo ? badge('Demo · simulated', 'violet') : nothing;
}

/** A project in a list; `open` is where its name leads. */
export function projectEntry({ project, progress }: WithProgress, me: Me, open: string): Entry {
  const { projectId } = project;
  return {
    title: html`<a href="#/${open}/${projectId}">${project.name}</a>`,
    badges: html`${demoBadge(project)}${project.comparison ? badge('Comparison') : nothing}`,
    text: html`${project.customer} · <code>${projectId}</code>`,
    facts: runs(me) ? [
      ['Judgements a task', String(project.overlap)],
      ['Guideline', html`<a href="#/guidelines/${project.guideline.id}/${project.guideline.version}">${project.guideline.id} ${project.guideline.version}</a>`],
      ['Sub-domains', project.subdomains.length === subdomains.length ? 'all four' : list(project.subdomains.map(key => key.replace('_', ' ')))],
      ['Languages', languageNames(project.languages)],
    ] : [],
    below: progress
      ? progress.wanted > 0 ? meter('Judgements so far', progress.judged, progress.wanted, `${number(progress.judged)} of ${number(progress.wanted)}`) : html`<p class="quiet">No task yet: the first batch opens them.</p>`
      : nothing,
    actions: !receives(me) ? nothing : html`
      <a class="btn small" href="#/batches/${projectId}">Batches</a>
      <a class="btn small" href="#/reports/${projectId}">Reports</a>
      ${runs(me) ? html`<a class="btn small" href="#/quality/${projectId}">Quality</a><a class="btn small" href="#/projects/${projectId}">Edit</a>` : nothing}`,
  };
}
