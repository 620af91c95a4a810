import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { Me } from '../../api/people';
import type { GuidelineSummary, OverlapEffect, Project } from '../../api/projects';
import { checkProject, guidelineKey, idFrom, margins, newProject, projectDraft, projectInput, reportInput, targets, type ProjectDraft } from '../../lead/project-draft';
import { codes, count, languageNames, subdomains } from '../../lead/words';
import { dayAndTime } from '../../logic/time';
import { go } from '../../router';
import { sayError } from '../../api/problem';
import { Form } from '../../ui/edit-form';
import type { Choice } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { pageHead } from '../../ui/pieces';
import { toast } from '../../ui/toast';
import { demoBadge } from './project-entry';

interface Known {
  project: Project | null;
  guidelines: GuidelineSummary[];
  customers: string[];
  ids: string[];
}

const privacyModes: (Choice & { hint: string })[] = [
  { key: 'warn', name: 'Load it and warn', hint: 'Every item goes to raters; the receipt counts what looks like personal data. For synthetic or cleared texts.' },
  { key: 'hold', name: 'Hold the item until a lead decides', hint: 'Raters get everything else at once; a lead releases, redacts or drops each held item, on the page of its batch.' },
  { key: 'reject', name: 'Reject the record', hint: 'The record is not loaded; the receipt tells the customer where to look, and they send it again without it.' },
];

const modes: (Choice & { hint: string })[] = [
  { key: 'full', name: 'Full', hint: 'Ratings, harm, claims with sources, marks and checklist: about 15 to 22 minutes a response.' },
  { key: 'quick', name: 'Quick', hint: 'Ratings, harm and critical marks: about 3 to 5 minutes a response. Needs guideline version 2 or later.' },
  { key: 'fact_check', name: 'Fact-check', hint: 'Claims with verdicts and sources, no ratings: about 2 to 4 minutes a claim. Needs guideline version 2 or later.' },
];

/** Makes a project, or changes one. */
@customElement('he-project-form')
export class ProjectForm extends Light {
  @property({ attribute: false }) me!: Me;
  @property() projectId = '';
  @state() private effect: OverlapEffect | null = null;
  private idTyped = false;
  private readonly form = new Form<ProjectDraft>(this, () => `${this.me.personId}:project:${this.projectId}`, {
    goldPercent: 'goldShare', findingRule: 'report.findingRule', candidate: 'report.candidate', baseline: 'report.baseline', targetIndex: 'report.targets', marginIndex: 'report.margins',
  });
  private readonly known = new Load<Known>(this, 'the project', () => this.read());

  private async read(): Promise<Known> {
    const [projects, guidelines, project] = await Promise.all([api.projects(), api.guidelines(), this.projectId ? api.project(this.projectId) : null]);
    const newest = guidelines.findLast(one => one.id === guidelines[0]?.id);
    this.form.start(project
      ? { value: projectDraft(project), etag: project.etag }
      : { value: newProject(newest ? guidelineKey(newest) : '', Intl.DateTimeFormat().resolvedOptions().timeZone), etag: '' });
    return { project, guidelines, customers: [...new Set(projects.map(one => one.customer))], ids: projects.map(one => one.projectId) };
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const before = this.known.value?.project?.report;
    const whole = (draft: ProjectDraft) => ({ ...projectInput(draft), report: reportInput(draft, before) });
    const send = (draft: ProjectDraft, etag: string) => (this.projectId ? api.saveProject(whole(draft), etag) : api.addProject(whole(draft)));
    const reread = async () => {
      const now = await api.project(this.projectId);
      return { value: projectDraft(now), etag: now.etag };
    };
    const isForOpen = this.projectId !== '' && this.form.value.overlapFor === 'open' && this.effect !== null;
    if (!(await this.form.save(checkProject, send, reread))) return;
    const { name, overlap } = this.form.value;
    try {
      const changed = isForOpen ? await api.changeOpenTasks(this.projectId, Number(overlap)) : null;
      toast(changed ? `${name}: saved; ${count(changed.changed, 'open task')} changed.` : `${name}: saved.`);
    } catch (error) {
      toast(`${name}: saved for new tasks. Open tasks were not changed: ${sayError(error)}`);
    }
    go('/projects');
  }

  private nameTyped(name: string): void {
    this.form.set(this.projectId || this.idTyped ? { name } : { name, projectId: idFrom(name) });
  }

  /** A changed number asks what becomes of the tasks that still wait, and says what either choice means. */
  private async overlapTyped(overlap: string): Promise<void> {
    this.form.set({ overlap });
    this.effect = null;
    const before = this.known.value?.project?.overlap;
    if (!before || Number(overlap) === before || !/^([1-9]|1\d|20)$/.test(overlap)) return;
    const effect = await api.overlapEffect(this.projectId, Number(overlap)).catch(() => null);
    if (this.form.value.overlap === overlap) this.effect = effect;
  }

  private overlapChoice(): TemplateResult | typeof nothing {
    if (!this.effect || Number(this.form.value.overlap) !== this.effect.overlap) return nothing;
    const { open, changed, adds, saves } = this.effect;
    const means = [adds ? `adds ${count(adds, 'judgement')}` : '', saves ? `saves ${count(saves, 'judgement')}` : ''].filter(Boolean).join(' and ') || 'changes nothing';
    return this.form.select('overlapFor', 'The new number is for', [
      { key: 'new', name: 'New tasks only: open tasks keep theirs' },
      { key: 'open', name: `Open tasks too: ${means} on ${changed} of ${count(open, 'open task')}` },
    ], { hint: 'Complete tasks keep the judgements they have. Progress counts what each task asks for.' });
  }

  private agreed(): TemplateResult {
    const { form } = this;
    return html`<fieldset class="card stack"><legend>What reports hold it to</legend>
      <div class="grid2">${targets.map(({ field, label, standard }) => form.text(field, label, { placeholder: standard, hint: `Empty: the platform’s own, ${standard}.` }))}
        ${form.select('findingRule', 'Harm and critical errors count when found by', [{ key: 'majority', name: 'more than half of the raters' }, { key: 'any', name: 'any rater' }], { none: 'The platform’s default', hint: 'Both are always shown; this one is the headline.' })}
        ${form.text('candidate', 'Candidate model', { hint: 'The one to be decided about; empty: all pairs are compared.' })}
        ${form.text('baseline', 'Baseline model', { hint: 'What it is compared with.' })}
      </div>
      <details ?open=${margins.some(({ field }) => form.value[field] !== '')}>
        <summary>How much worse still counts as not worse</summary>
        <p class="quiet">A candidate is <em>not worse</em> in a figure when the whole 95\u00a0% interval of its difference from the baseline stays above this margin.</p>
        <div class="grid2">${margins.map(({ field, label, standard }) => form.text(field, label, { placeholder: standard, hint: `Empty: the platform’s own, ${standard}.` }))}</div>
      </details>
    </fieldset>`;
  }

  private what({ customers }: Known): TemplateResult {
    const { form } = this;
    return html`<fieldset class="card stack"><legend>What is evaluated</legend>
      <div class="grid2">
        ${form.text('name', 'Name', { required: true, onInput: name => this.nameTyped(name) })}
        ${this.projectId ? nothing : form.text('projectId', 'Project id', { required: true, hint: 'In addresses, folders and file names; it stays as it is. Lower-case letters, digits, hyphens.', onInput: projectId => ((this.idTyped = true), form.set({ projectId })) })}
        ${form.text('customer', 'Customer', { required: true, list: 'customers' })}
      </div>
      <datalist id="customers">${customers.map(name => html`<option value=${name}></option>`)}</datalist>
      <div class="grid2">
        ${form.group('subdomains', 'Sub-domains', subdomains, 'Tasks go to people who have the item’s sub-domain.')}
        ${form.text('languages', 'Languages', { hint: `Codes with commas between them: ${languageNames(codes(form.value.languages)) || 'none yet'}` })}
      </div>
    </fieldset>`;
  }

  private how({ guidelines }: Known): TemplateResult {
    const { form } = this;
    const choices = guidelines.map(one => ({ key: guidelineKey(one), name: `${one.title}, version ${one.version} (${one.sha256.slice(0, 8)})` }));
    const [id, version] = form.value.guideline.split('@');
    return html`<fieldset class="card stack"><legend>How it is judged</legend>
      ${form.select('guideline', 'Guideline version', choices, { hint: 'Judgements keep the version they were made under.', ...(form.value.guideline ? {} : { none: 'Choose one' }) })}
      ${id && version ? html`<p class="quiet"><a href="#/guidelines/${id}/${version}">Read this version</a></p>` : nothing}
      ${form.select('mode', 'How much is asked', modes, { hint: modes.find(mode => mode.key === form.value.mode)?.hint ?? '' })}
      <div class="grid2">
        ${form.text('overlap', 'Judgements a task', { type: 'number', hint: 'Independent people per task; two or more let agreement be measured.', onInput: overlap => this.overlapTyped(overlap) })}
        ${form.text('goldPercent', 'Hidden gold tasks, %', { type: 'number', hint: 'Share of tasks with a known answer, mixed in unseen; 0 to 50 (8 is usual). As long as the project has no gold items, none are mixed in.' })}
        ${form.text('leaseMinutes', 'Lease, minutes', { type: 'number', hint: 'How long a task stays reserved after the last sign of work.' })}
      </div>
      ${this.overlapChoice()}
      ${form.check('comparison', html`<strong>Comparison</strong>: keep a prompt’s responses together, so that they are compared with each other`, 'Comparison')}
      ${form.check('showReasoning', html`<strong>Judge reasoning</strong>: show raters what a model thought before it answered, where the file has it. Otherwise it is kept apart, and no rater sees it`, 'Judge reasoning')}
      ${form.check('showMustHave', html`<strong>Must-have list</strong>: show raters the statements that a file’s reference lists as <code>must_have</code> and <code>nice_to_have</code>, to be judged one by one beside each answer. Nothing else of a reference is ever shown`, 'Must-have list')}
    </fieldset>`;
  }

  private around(): TemplateResult {
    const { form } = this;
    return html`<fieldset class="card stack"><legend>Around it</legend>
      <div class="grid2">
        ${form.text('timeZone', 'Time zone', { list: 'zones', hint: 'Of the customer, such as Europe/Lisbon.' })}
        ${form.select('privacy', 'When a file seems to hold personal data', privacyModes, { hint: privacyModes.find(mode => mode.key === form.value.privacy)?.hint ?? '' })}
      </div>
      ${form.check('showCustomer', html`<strong>Show the customer</strong>: those who judge see whose project it is`, 'Show the customer')}
      ${form.check('exactTimes', html`<strong>Exact times</strong>: reports and exports tell to the second when a judgement was begun and handed in, not only the day`, 'Exact times')}
      <datalist id="zones">${Intl.supportedValuesOf('timeZone').map(zone => html`<option value=${zone}></option>`)}<option value="UTC"></option></datalist>
    </fieldset>`;
  }

  protected override render(): TemplateResult {
    const project = this.known.value?.project;
    const text = project ? html`<code>${project.projectId}</code> · made ${dayAndTime(project.createdAt)} ${demoBadge(project)}` : 'After this: people, then the first batch.';
    return html`${pageHead(project?.name ?? (this.projectId ? 'Project' : 'New project'), text)}
      ${this.known.show(known => html`<form class="stack form" novalidate @submit=${(event: Event) => this.save(event)}>
        ${this.form.notices()}${this.what(known)}${this.how(known)}${this.agreed()}${this.around()}
        ${this.form.foot(project ? 'Save changes' : 'Make the project', '#/projects')}
      </form>`)}`;
  }
}
