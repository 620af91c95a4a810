import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { Question } from '../../api/questions';
import type { Guideline } from '../../logic/guideline';
import { guidelineEntries, type Chapter } from '../../logic/guideline-entries';
import { icon } from '../icon';
import { Light } from '../light';

/** The guideline beside the work, searched by any word in it. Fires `close`. */
@customElement('he-guideline')
export class GuidelineDrawer extends Light {
  @property({ attribute: false }) guideline!: Guideline;
  /** The project whose questions and answers belong to it here. */
  @property() projectId = '';
  @state() private query = '';
  @state() private questions: Question[] = [];

  private from: Element | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.from = document.activeElement;
  }

  /** Back to where it was opened, unless the focus has gone elsewhere. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (document.activeElement === document.body) (this.from as HTMLElement | null)?.focus();
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('input')?.focus();
    if (this.projectId) void api.questions(this.projectId).then(questions => (this.questions = questions), () => {}); // without a network the guideline alone
  }

  /** Of this guideline: what was answered for all, and one's own. */
  private thread(): Chapter {
    const asked = this.questions.filter(question => question.guideline.id === this.guideline.id);
    return { title: `Questions and answers (${asked.length})`, open: true, entries: asked.map(question => ({ title: question.text, text: question.answer?.text ?? 'Waits for a lead.' })) };
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('close'));
  }

  protected override render(): TemplateResult {
    const { guideline } = this;
    const words = this.query.toLowerCase().split(/\s+/).filter(Boolean);
    const chapters = [this.thread(), ...guidelineEntries(guideline)]
      .map(chapter => ({ ...chapter, entries: chapter.entries.filter(entry => words.every(word => `${entry.title} ${entry.text}`.toLowerCase().includes(word))) }))
      .filter(chapter => chapter.entries.length > 0);
    const count = chapters.reduce((sum, chapter) => sum + chapter.entries.length, 0);
    return html`<aside class="drawer" aria-labelledby="drawer-title" @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && this.close()}>
      <div class="drawer-head"><div><h2 id="drawer-title">Guideline</h2><p class="quiet">${guideline.title}, version ${guideline.version}</p></div>
        <button class="btn plain icon small push" type="button" aria-label="Close the guideline" @click=${() => this.close()}>${icon('cross')}</button></div>
      <input class="input" type="search" aria-label="Search the guideline" placeholder="Search: red flag, dose, tier 1 …" .value=${this.query} @input=${(event: Event) => (this.query = (event.target as HTMLInputElement).value)} />
      <p class="quiet" role="status">${words.length > 0 ? `${count} found` : nothing}</p>
      <div class="drawer-body" tabindex="0" role="region" aria-label="Chapters">
        ${chapters.map(chapter => html`<details ?open=${words.length > 0 || chapter.open}><summary><h3>${chapter.title}</h3></summary>
          <dl>${chapter.entries.map(entry => html`<div><dt>${entry.title}</dt><dd>${entry.text.split('\n').map(line => html`<p>${line}</p>`)}</dd></div>`)}</dl></details>`)}
      </div>
    </aside>`;
  }
}
