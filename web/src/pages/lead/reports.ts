import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, downloads } from '../../api';
import type { Me } from '../../api/people';
import { sayError } from '../../api/problem';
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
  @state() private trouble: { week: string; text: string } | null = null;
  @state() private files: Record<string, Files | string> = {};
  private readonly weeks = new Load<ReportWeek[]>(this, 'the reports', () => api.reports(this.project.projectId));

  /** The buttons stay enabled meanwhile, so that the one pressed keeps the focus. */
  private async compile(week: string): Promise<void> {
    if (this.compiling) return;
    [this.compiling, this.trouble] = [week, null];
    try {
      const made = await api.compileReport(this.project.projectId, week);
      this.files = { ...this.files, [week]: made.files ?? '' };
      toast(`${week} is compiled: ${count(made.judgements, 'judgement')}.`);
      await this.weeks.run();
    } catch (error) {
      this.trouble = { week, text: sayError(error) };
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
      title: week.week,
      badges: html`${badge(words, tone, tone === 'good' ? 'check' : 'clock')}${done && week.state !== 'compiled' ? badge('Provisional', 'warn') : nothing}`,
      text: sayWeek(week.week),
      facts: [
        ['Judgements', String(week.judgements)],
        ...(week.compiledAt ? [['Compiled', dayAndTime(week.compiledAt)] as [string, string]] : []),
        ...(week.workbookBytes ? [['Workbook', bytes(week.workbookBytes)] as [string, string]] : []),
        ...(week.workbookSha256 ? [['SHA-256', shortHash(week.workbookSha256, 'SHA-256 of the workbook')] as [string, TemplateResult]] : []),
      ],
      below: html`${text ? html`<p class="quiet">${text}</p>` : nothing}${this.progress(week.week)}${done ? this.fileList(week.week) : nothing}`,
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
    return this.trouble?.week === week ? note(html`<strong>Not compiled.</strong><span>${this.trouble.text}</span>`, 'bad', 'alert') : nothing;
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
      ${this.exports()}
    </div>`;
  }
}
