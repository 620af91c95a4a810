import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import { count } from '../../lead/words';
import type { Guideline } from '../../logic/guideline';
import { gatesOf } from '../../logic/gates';
import { nameOf } from '../../logic/guideline';
import { found } from '../../logic/search';
import { shortHash } from '../../ui/copy';
import { dialog } from '../../ui/dialog';
import { areaField, selectField, textField, type Choice } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { sayError } from '../../api/problem';
import { badge, note, pageHead } from '../../ui/pieces';
import { toast } from '../../ui/toast';
import { dataTable } from '../../ui/table';
import './guideline-changes';

const sections = [
  { key: 'how', name: 'How to judge' },
  { key: 'dimensions', name: 'Dimensions' },
  { key: 'harm', name: 'Harm' },
  { key: 'claims', name: 'Claims and evidence' },
  { key: 'codes', name: 'Codes' },
  { key: 'behaviour', name: 'Behaviour' },
  { key: 'gates', name: 'Gates' },
  { key: 'sources', name: 'Sources' },
  { key: 'training', name: 'Quiz and calibration' },
  { key: 'changes', name: 'What is new' },
];

const threeWay: Record<string, string> = { SUP: 'supported', 'SUP*': 'half, in the lenient count only', REF: 'refuted', NEI: 'not enough information' };

const capital = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);

/** One guideline version to read, a part at a time. */
@customElement('he-guideline-view')
export class GuidelineView extends Light {
  @property() guideline = '';
  @property() version = '';
  @property() section = '';
  @state() private query = '';
  @state() private filter = '';
  @property({ type: Boolean }) shares = false;
  @state() private targets: Choice[] | null = null;
  @state() private target = '';
  @state() private why = '';
  @state() private error = '';
  private readonly text = new Load<Guideline>(this, 'the guideline', () => api.guideline(this.guideline, this.version));

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('section')) [this.query, this.filter] = ['', ''];
  }

  /** On a phone the parts scroll: the one that is open must be in sight. */
  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('section')) this.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }

  private async chooseTarget(): Promise<void> {
    try {
      const projects = await api.projects();
      this.targets = projects.map(({ projectId, name, customer }) => ({ key: projectId, name: `${name} (${customer})` }));
      [this.target, this.why, this.error] = [this.targets[0]?.key ?? '', '', ''];
    } catch (error) {
      toast(sayError(error));
    }
  }

  private async share(): Promise<void> {
    if (!this.why.trim()) return void (this.error = 'Say why; it is kept with the decision.');
    try {
      await api.shareGuideline(this.target, this.guideline, this.why.trim());
      toast('Shared: the project’s settings offer it now.');
      this.targets = null;
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private sharing(): TemplateResult {
    return dialog({
      heading: 'Share this guideline', open: this.targets !== null, onClose: () => (this.targets = null),
      body: html`<div class="stack"><p>With another project of the same customer: it may work under every version of it. New versions are still added by the projects whose it is.</p>
        ${selectField({ id: 'share-target', label: 'Project', value: this.target, choices: this.targets ?? [], onInput: target => (this.target = target) })}
        ${areaField({ id: 'share-why', label: 'Why', value: this.why, rows: 2, hint: 'Kept with your name and the time.', onInput: why => (this.why = why) })}
        ${this.error ? note(this.error, 'bad', 'alert') : nothing}</div>`,
      foot: html`<button class="btn plain" type="button" @click=${() => (this.targets = null)}>Cancel</button><button class="btn primary" type="button" @click=${() => this.share()}>Share</button>`,
    });
  }

  private get at(): string {
    return this.section || 'how';
  }

  private nav(): TemplateResult {
    return html`<nav class="tabs scroll" aria-label="Parts of the guideline">${sections.filter(({ key }) => key !== 'training' || this.text.value?.quiz?.some(one => one.answer) || this.text.value?.calibration?.length).map(({ key, name }) =>
      html`<a href="#/guidelines/${this.guideline}/${this.version}/${key}" aria-current=${key === this.at ? 'page' : nothing}>${name}</a>`)}</nav>`;
  }

  private body(guideline: Guideline): TemplateResult {
    switch (this.at) {
      case 'dimensions': return this.dimensions(guideline);
      case 'harm': return this.harm(guideline);
      case 'claims': return this.claims(guideline);
      case 'codes': return this.codes(guideline);
      case 'behaviour': return this.behaviour(guideline);
      case 'gates': return this.gates(guideline);
      case 'sources': return this.sources(guideline);
      case 'training': return this.training(guideline);
      case 'changes': return html`<he-guideline-changes .guideline=${this.guideline} .version=${this.version}></he-guideline-changes>`;
      default: return html`<p class="lead-line">${guideline.summary}</p><ol class="reading">${guideline.instructions.map(({ title, text }) => html`<li><h2>${title}</h2><p>${text}</p></li>`)}</ol>`;
    }
  }

  private dimensions({ dimensions }: Guideline): TemplateResult {
    return html`${dimensions.map(one => html`<section class="card stack" aria-labelledby="dim-${one.key}">
      <div><div class="row"><h2 id="dim-${one.key}">${one.name}</h2>${one.naAllowed ? badge('NA allowed') : nothing}</div><p><strong>${one.question}</strong> <span class="quiet">${one.scope}</span></p></div>
      <ol class="score-scale">${Object.entries(one.anchors).map(([score, text]) => html`<li><strong>${score}</strong><span>${text}</span></li>`)}</ol>
    </section>`)}`;
  }

  private harm({ harm, overall, confidence, equity, modes }: Guideline): TemplateResult {
    const levels = (list: typeof overall) => list.map(({ level, name, description }) => ({ key: String(level), name: `${level} · ${name}`, description }));
    return html`${this.words('How bad it could be', harm.extent)}${this.words('How likely', harm.likelihood)}${this.words('How it comes about', harm.mechanism)}
      ${harm.kinds ? this.words('What is harmed', harm.kinds) : nothing}${harm.mediation ? this.words('Who acts on it', harm.mediation) : nothing}
      ${this.words('Overall', levels(overall))}${this.words('Confidence of the person judging', levels(confidence))}
      ${equity ? html`<p class="lead-line">${equity.question} <span class="quiet">${equity.help}</span></p>` : nothing}${modes ? this.words('Modes', modes) : nothing}`;
  }

  private claims({ verdicts, evidenceTiers, claimTypes, checkworthiness }: Guideline): TemplateResult {
    return html`
      ${dataTable('Verdicts', [
        { head: 'Verdict', rowHead: true, cell: one => one.name },
        { head: 'Meaning', cell: one => one.meaning },
        { head: 'Counts as', cell: one => threeWay[one.threeWay] ?? 'nothing' },
      ], verdicts)}
      ${dataTable('Evidence tiers, strongest first', [
        { head: 'Tier', rowHead: true, cell: one => `${one.key} · ${one.name}` },
        { head: 'Evidence', cell: one => one.evidence },
        { head: 'For example', cell: one => one.defaultSources.join(', ') },
      ], evidenceTiers)}
      ${this.words('Types of claim', claimTypes)}${this.words('Worth checking', checkworthiness)}`;
  }

  private codes({ codes, kinds, severities }: Guideline): TemplateResult {
    const shown = codes.filter(one => (!this.filter || one.kinds.includes(this.filter)) && found(this.query, one.code, one.name, one.description));
    return html`<div class="stack">${this.finder('Code, word', 'Kind', kinds, 'Every kind', shown.length, codes.length, 'code')}
      ${dataTable('Codes', [
        { head: 'Code', rowHead: true, cell: one => html`<code>${one.code}</code>` },
        { head: 'Name', cell: one => html`<strong>${one.name}</strong><br />${one.description}` },
        { head: 'Kinds', cell: one => html`<span class="row">${one.kinds.map(kind => badge(nameOf(kinds, kind)))}</span>` },
      ], shown, 'No code has these words. Try fewer.')}</div>
      ${dataTable('Severities', [
        { head: 'Severity', rowHead: true, cell: one => one.name },
        { head: 'Weight', num: true, cell: one => one.weight },
        { head: 'Meaning', cell: one => one.definition },
      ], severities)}`;
  }

  private behaviour({ behaviour }: Guideline): TemplateResult {
    return dataTable('Answered with yes, no, not applicable or unclear', [
      { head: 'Check', cell: one => html`<code>${one.key}</code>` },
      { head: 'What is asked', rowHead: true, cell: one => one.text },
      { head: 'Help', cell: one => one.help },
    ], behaviour);
  }

  private gates(guideline: Guideline): TemplateResult {
    return dataTable('Asked at hand-in, where parts of a judgement do not fit together', [
      { head: 'Gate', rowHead: true, cell: one => html`<code>${one.key}</code>` },
      { head: 'What is asked', cell: one => one.message },
      { head: 'At', cell: one => one.field.replaceAll('_', ' ') },
      { head: 'Confirmed with', cell: one => (one.needsReason ? 'a reason' : 'a tick') },
    ], gatesOf(guideline));
  }

  private sources({ sources, evidenceTiers, paywalled }: Guideline): TemplateResult {
    const tiers = evidenceTiers.map(({ key, name }) => ({ key, name: `${key} · ${name}` }));
    const shown = sources.filter(one => (!this.filter || one.tier === this.filter) && found(this.query, one.domain, one.name, one.jurisdiction, one.kind));
    return html`<div class="stack">${this.finder('Name, address, country, kind', 'Tier', tiers, 'Every tier', shown.length, sources.length, 'source')}
      ${dataTable('Sources and the tier each has by default', [
        { head: 'Source', rowHead: true, cell: one => one.name },
        { head: 'Address', cell: one => html`<code>${one.domain}${one.path ?? ''}</code>` },
        { head: 'Tier', cell: one => one.tier ?? 'by page or record' },
        { head: 'Where', cell: one => one.jurisdiction },
        { head: 'Kind', cell: one => one.kind.replaceAll('_', ' ') },
        { head: 'Owner', cell: one => one.owner ?? '' },
        { head: 'Checked', cell: one => html`${one.checkedOn ?? 'not yet'}${one.checkedIn === 'copy' ? ', in a stored copy' : ''}${one.note ? html`<br /><span class="quiet">${one.note}</span>` : nothing}` },
      ], shown, 'No source has these words. Try fewer.')}</div>
      ${paywalled?.length ? html`<p class="quiet">Behind a paywall, so named only as an extra: ${paywalled.map(one => one.name).join(', ')}.</p>` : nothing}`;
  }

  /** With the solutions, which only those who run projects are sent. */
  private training({ quiz, calibration }: Guideline): TemplateResult {
    return html`<p class="quiet">What a rater does before judging, where the project asks for it. Raters see the questions without the answers, and the experts’ judgement only after their own.</p>
      ${quiz?.length ? dataTable('Quiz', [
        { head: 'Question', rowHead: true, cell: one => html`${one.question} <span class="quiet">${one.topic}</span>` },
        { head: 'Choices', cell: one => html`<ul class="links">${one.choices.map(choice => html`<li>${choice.key === one.answer ? html`<strong>${choice.name}</strong> ${badge('right', 'good')}` : choice.name}</li>`)}</ul>` },
        { head: 'Why', cell: one => one.why ?? '' },
      ], quiz) : nothing}
      ${(calibration ?? []).map(item => html`<section class="card stack" aria-labelledby="calibration-${item.id}">
        <h2 id="calibration-${item.id}">${item.topic}</h2>
        <details><summary>What is judged</summary><div class="stack">${item.messages.map(turn => html`<p dir="auto"><strong>${capital(turn.role)}</strong> ${turn.content}</p>`)}<p class="plain-text" dir="auto"><strong>Answer</strong> ${item.response}</p></div></details>
        ${dataTable(`What experts accept: ${item.topic}`, [
          { head: 'Dimension', rowHead: true, cell: ([key]) => capital(key) },
          { head: 'Their score', num: true, cell: ([key]) => item.reference[key] ?? '–' },
          { head: 'Accepted', cell: ([, range]) => (range.low === range.high ? `${range.low}` : `${range.low} to ${range.high}`) },
        ], Object.entries(item.ranges))}
        <p>Harm: ${item.harmExtents.join(' or ')}. ${item.mustFind.length ? 'To be found:' : 'Nothing has to be found.'}</p>
        ${item.mustFind.length ? html`<ul>${item.mustFind.map(find => html`<li><code>${find.codes.join(' or ')}</code> ${find.severity}${find.quote ? html`: “${find.quote}”` : nothing}. ${find.why}</li>`)}</ul>` : nothing}
        <p>${item.reason}</p>
      </section>`)}`;
  }

  private words(caption: string, rows: { key: string; name: string; description: string }[]): TemplateResult {
    return dataTable(caption, [
      { head: 'Word', rowHead: true, cell: one => one.name || capital(one.key) },
      { head: 'Meaning', cell: one => one.description },
    ], rows);
  }

  private finder(hint: string, by: string, choices: Choice[], none: string, shown: number, all: number, what: string): TemplateResult {
    return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
      ${textField({ id: 'guideline-query', label: 'Find', type: 'search', value: this.query, placeholder: hint, onInput: value => (this.query = value) })}
      ${selectField({ id: 'guideline-filter', label: by, value: this.filter, choices, none, onInput: value => (this.filter = value) })}
      <p class="quiet push" role="status">${shown === all ? count(all, what) : `${shown} of ${count(all, what)}`}</p>
    </form>`;
  }

  protected override render(): TemplateResult {
    const guideline = this.text.value;
    const about = html`<code>${this.guideline}</code> · version ${this.version} ${guideline ? html`· ${shortHash(guideline.sha256, 'SHA-256 of the guideline')}` : nothing} <a href="#/guidelines">All versions</a>
      ${this.shares && this.guideline !== 'healtheval' ? html`<button class="link" type="button" @click=${() => this.chooseTarget()}>Share with a project …</button>` : nothing}`;
    return html`${pageHead(guideline?.title ?? 'Guideline', about)}${this.nav()}<div class="stack wide-gaps guideline-part">${this.text.show(text => this.body(text))}</div>${this.sharing()}`;
  }
}
