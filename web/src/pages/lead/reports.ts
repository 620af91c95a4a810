import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, downloads } from '../../api';
import type { Me } from '../../api/people';
import { Problem, sayError } from '../../api/problem';
import type { Project, ReportWeek } from '../../api/projects';
import { exportFormats } from '../../lead/exports';
import { count } from '../../lead/words';
import { sayWeek } from '../../lead/week';
import { bytes, dayAndTime } from '../../logic/time';
import { shortHash } from '../../ui/copy';
import { icon } from '../../ui/icon';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, note, type Tone } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { textField } from '../../ui/field';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { runs } from './project-entry';

type Files = NonNullable<ReportWeek['files']>;

const states: Record<ReportWeek['state'], { words: string; tone: Tone; text: string }> = {
  compiled: { words: 'Compiled', tone: 'good', text: '' },
  damaged: { words: 'Damaged', tone: 'bad', text: 'The stored files are not those that were delivered. Compile it again; if the data are unchanged, it becomes the same report.' },
  due: { words: 'Due', tone: 'warn', text: 'The week is over; its report is compiled within minutes.' },
  open: { words: 'Week still open', tone: 'info', text: 'More judgements may come until Sunday ends (UTC); what is compiled now is provisional.' },
  none: { words: 'Not compiled', tone: 'neutral', text: 'Nothing was judged in this week.' },
};

/** A project's weeks: what is compiled can be downloaded, by leads what is not can be compiled. */
@customElement('he-reports')
export class Reports extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @state() private compiling = '';
  @state() private trouble: { week: string; text: string; asks: boolean } | null = null;
  @state() private reason = '';
  @state() private scope = { from: '', to: '', batch: '', tag: '' };
  @state() private files: Record<string, Files | string> = {};
  private readonly weeks = new Load<ReportWeek[]>(this, 'the reports', () => api.reports(this.project.projectId));
  private readonly campaigns = new Load<ReportWeek[]>(this, 'the campaign reports', () => api.campaigns(this.project.projectId));

  /** The buttons stay enabled meanwhile, so that the one pressed keeps the focus. */
  private async compile(week: string, reason?: string): Promise<void> {
    await this.make(week, () => api.compileReport(this.project.projectId, week, reason));
  }

  private async compileCampaign(event: Event): Promise<void> {
    event.preventDefault();
    const given = Object.fromEntries(Object.entries(this.scope).filter(([, value]) => value.trim() !== '').map(([key, value]) => [key, value.trim()]));
    await this.make('campaign', () => api.compileCampaign(this.project.projectId, given));
  }

  private async make(week: string, send: () => Promise<ReportWeek>): Promise<void> {
    if (this.compiling) return;
    [this.compiling, this.trouble] = [week, null];
    try {
      const made = await send();
      const name = made.name ?? made.week;
      this.files = { ...this.files, [made.week]: made.files ?? '' };
      this.reason = '';
      toast(made.outcome === 'unchanged' ? `${name}: nothing has changed. The delivered report stays as it is.`
        : made.outcome === 'revised' ? `${name}: revision ${made.revision} is compiled; the one before is kept.` : `${name} is compiled: ${count(made.judgements, 'judgement')}.`);
      await Promise.all([this.weeks.run(), this.campaigns.run()]);
    } catch (error) {
      this.trouble = { week, text: sayError(error), asks: error instanceof Problem && error.code === 'reason_needed' };
    } finally {
      this.compiling = '';
    }
  }

  private async showFiles(week: string, open: boolean): Promise<void> {
    if (!open || Array.isArray(this.files[week])) return;
    try {
      this.files = { ...this.files, [week]: (await api.report(this.project.projectId, week)).files ?? [] };
    } catch (error) {
      this.files = { ...this.files, [week]: sayError(error) };
    }
  }

  private entry(week: ReportWeek): Entry {
    const { words, tone, text } = states[week.state];
    const done = week.compiledAt !== null;
    return {
      title: done && week.state !== 'damaged' ? html`<a href="#/reports/${this.project.projectId}/${week.week}">${week.name ?? week.week}</a>` : week.name ?? week.week,
      badges: html`${badge(words, tone, tone === 'good' ? 'check' : 'clock')}${done && week.state !== 'compiled' ? badge('Provisional', 'warn') : nothing}${(week.revision ?? 1) > 1 ? badge(`Revision ${week.revision}`, 'info') : nothing}`,
      text: week.name ? '' : sayWeek(week.week),
      facts: [
        ['Judgements', String(week.judgements)],
        ...(week.compiledAt ? [['Compiled', dayAndTime(week.compiledAt)] as [string, string]] : []),
        ...(week.workbookBytes ? [['Workbook', bytes(week.workbookBytes)] as [string, string]] : []),
        ...(week.workbookSha256 ? [['SHA-256', shortHash(week.workbookSha256, 'SHA-256 of the workbook')] as [string, TemplateResult]] : []),
      ],
      below: html`${text ? html`<p class="quiet">${text}</p>` : nothing}${this.progress(week.week)}${this.earlier(week)}${done ? this.fileList(week.week) : nothing}`,
      // While a week is compiled again its files are being replaced, so there is nothing whole to download.
      actions: html`${done && this.compiling !== week.week ? this.downloads(week.week) : nothing}${this.compileButton(week, done)}`,
    };
  }

  private downloads(week: string): TemplateResult {
    const { projectId } = this.project;
    const link = (href: string, words: string, main = false) => html`<a class="btn small ${main ? 'primary' : ''}" href=${href} download aria-label="${words} of ${week}">${icon('down')}${words}</a>`;
    return html`${link(downloads.workbook(projectId, week), 'Workbook', true)}${link(downloads.data(projectId, week), 'Data')}${link(downloads.manifest(projectId, week), 'Manifest')}`;
  }

  private compileButton(week: ReportWeek, done: boolean): TemplateResult | typeof nothing {
    if (!runs(this.me)) return nothing;
    return html`<button class="btn small" type="button" aria-busy=${this.compiling === week.week} aria-label="Compile ${done ? 'again' : 'now'}: ${week.week}" @click=${() => this.compile(week.week)}>${done ? 'Compile again' : 'Compile now'}</button>`;
  }

  private progress(week: string): TemplateResult | typeof nothing {
    if (this.compiling === week) return html`<div class="meter" role="status"><span>Compiling: figures, workbook, data files, manifest …</span><progress aria-label="Compiling ${week}"></progress></div>`;
    if (this.trouble?.week !== week) return nothing;
    if (!this.trouble.asks) return note(html`<strong>Not compiled.</strong><span>${this.trouble.text}</span>`, 'bad', 'alert');
    return html`${note(this.trouble.text, 'warn', 'alert')}
      <form class="row" @submit=${(event: Event) => (event.preventDefault(), this.compile(week, this.reason))}>
        ${textField({ id: `reason-${week}`, label: 'Why a new revision replaces the delivered report', value: this.reason, required: true, onInput: value => (this.reason = value) })}
        <button class="btn small primary" type="submit" ?disabled=${this.reason.trim() === ''}>Make the revision</button>
      </form>`;
  }

  /** What was delivered before and replaced. */
  private earlier(week: ReportWeek): TemplateResult | typeof nothing {
    if (!week.replaced?.length) return nothing;
    const { projectId } = this.project;
    return html`<details>
      <summary>${count(week.replaced.length, 'earlier revision')}${week.reason ? `; replaced because: ${week.reason}` : ''}</summary>
      ${dataTable(`Earlier revisions of ${week.name ?? week.week}`, [
        { head: 'Revision', rowHead: true, cell: row => String(row.revision) },
        { head: 'Compiled', cell: row => dayAndTime(row.compiledAt) },
        { head: 'Workbook SHA-256', cell: row => shortHash(row.workbookSha256, `SHA-256 of revision ${row.revision}`) },
        { head: 'Files', cell: row => html`<a href=${downloads.workbook(projectId, week.week, row.revision)} download aria-label="Workbook of revision ${row.revision}">Workbook</a> · <a href=${downloads.data(projectId, week.week, row.revision)} download aria-label="Data of revision ${row.revision}">Data</a>` },
      ], week.replaced)}
    </details>`;
  }

  private campaign(): TemplateResult {
    const field = (key: 'from' | 'to' | 'batch' | 'tag', label: string, hint: string) =>
      textField({ id: `campaign-${key}`, label, hint, value: this.scope[key], onInput: value => (this.scope = { ...this.scope, [key]: value }) });
    return html`<section class="stack" aria-labelledby="campaigns"><h2 id="campaigns">Campaign reports</h2>
      <p class="quiet">The same workbook over several weeks, or over one batch or tag of them.</p>
      ${runs(this.me) ? html`<form class="card stack" @submit=${(event: Event) => this.compileCampaign(event)}>
        <div class="grid2">${field('from', 'First week', 'Such as 2026-W40; empty: the first')}${field('to', 'Last week', 'Empty: the running one')}${field('batch', 'Batch', 'Its id; empty: all')}${field('tag', 'Tag', 'Empty: all')}</div>
        <div class="row"><button class="btn primary" type="submit" aria-busy=${this.compiling === 'campaign'}>Compile the campaign report</button></div>
        ${this.progress('campaign')}
      </form>` : nothing}
      ${this.campaigns.show(all => (all.length ? records('Campaign reports', all.map(one => this.entry(one))) : html`<p class="quiet">There is none yet.</p>`))}
    </section>`;
  }

  private fileList(week: string): TemplateResult {
    const files = this.files[week];
    return html`<details @toggle=${(event: Event) => this.showFiles(week, (event.target as HTMLDetailsElement).open)}>
      <summary>Files and their hashes</summary>
      ${Array.isArray(files) ? dataTable(`Files of ${week}`, [
        { head: 'File', rowHead: true, cell: file => html`<code>${file.path}</code>` },
        { head: 'Size', num: true, cell: file => bytes(file.bytes) },
        { head: 'SHA-256', cell: file => shortHash(file.sha256, `SHA-256 of ${file.path}`) },
      ], files) : html`<p class="quiet" role="status">${files || 'Loading …'}</p>`}
      <p class="quiet">Unpacked into one folder, <code>healtheval verify FOLDER</code> computes the report again from its own data and compares every hash.</p>
    </details>`;
  }

  private exports(): TemplateResult {
    const link = (format: string, name: string) => html`<a class="btn small" href=${downloads.export(this.project.projectId, format)} download aria-label="Download ${name}">${icon('down')}Download</a>`;
    return html`<details>
      <summary>All judgements so far, for other programs</summary>
      ${dataTable('Exports of all judgements', [
        { head: 'Format', rowHead: true, cell: row => row.name },
        { head: 'What it is for', cell: row => row.use },
        { head: 'File', cell: row => link(row.format, row.name) },
      ], exportFormats)}
      <p class="quiet">These grow with every judgement and name no rater. For figures that can be computed again, take a week's data instead.</p>
    </details>`;
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      ${this.project.demo ? note('This is a demo: judgements here may be simulated, and the workbook says which.', 'warn') : nothing}
      ${this.weeks.show(weeks => (weeks.length
        ? records('Weeks', weeks.map(week => this.entry(week)))
        : emptyState('No report yet', 'There is one for every week from Monday to Sunday (UTC) in which something was judged. The first appears with the first judgement.')))}
      ${this.campaign()}
      ${this.exports()}
    </div>`;
  }
}
