import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { GateNotice } from '../../api/tasks';
import type { Dimension } from '../../logic/guideline';
import type { Answer, Score } from '../../logic/judgement';
import { icon } from '../icon';
import { Light } from '../light';

const levels: Score[] = [1, 2, 3, 4, 5];
const words = { NA: 'NA', NOT_CHECKED: 'not checked' };

/** One dimension as a five-notch scale. The anchor of the level in question is always in sight; all five on request. */
@customElement('he-rating')
export class RatingScale extends Light {
  @property({ attribute: false }) dimension!: Dimension;
  @property({ attribute: false }) value: Answer | null = null;
  @property() field = '';
  @property({ attribute: false }) errors: string[] = [];
  @property({ attribute: false }) notices: GateNotice[] = [];
  /** One cell of the grid of all responses: the anchors stand with its row. */
  @property() cell = '';
  @state() private looking: Answer | null = null;
  @state() private all = false;

  private rate(score: Answer | null): void {
    this.dispatchEvent(new CustomEvent<Answer | null>('rate', { detail: score }));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const level = Number(event.key);
    if (level >= 1 && level <= 5) this.rate(level as Score);
    else if (event.key === '0' && this.dimension.naAllowed) this.rate('NA');
    else if (event.key === '9' && this.dimension.notCheckedMeaning) this.rate('NOT_CHECKED');
    else if (event.key === 'Backspace' || event.key === 'Delete') this.rate(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (/^\d$/.test(event.key)) this.dispatchEvent(new CustomEvent('rated-by-key', { bubbles: true }));
  }

  private meaning(level: 'NA' | 'NOT_CHECKED'): string {
    return (level === 'NA' ? this.dimension.naMeaning : this.dimension.notCheckedMeaning) ?? 'No reasoning was asked for or shown.';
  }

  private notch(level: Answer): TemplateResult {
    const name = typeof level === 'string' ? `${words[level]}: ${this.meaning(level)}` : `${level}: ${this.dimension.anchors[level] ?? ''}`;
    return html`<label class="notch ${typeof level === 'string' ? 'na' : ''}" @pointerenter=${() => (this.looking = level)} @pointerleave=${() => (this.looking = null)}>
      <input type="radio" name=${this.field} value=${level} .checked=${live(this.value === level)} aria-label=${name}
        @change=${() => this.rate(level)} @focus=${() => (this.looking = level)} @blur=${() => (this.looking = null)} />
      <span aria-hidden="true">${typeof level === 'string' ? words[level] : level}</span></label>`;
  }

  private anchor(): TemplateResult {
    const level = this.looking ?? this.value;
    if (level === null) return html`<p class="anchor quiet">${this.dimension.question}</p>`;
    if (typeof level === 'string') return html`<p class="anchor"><b>${words[level]}</b> ${this.meaning(level)}</p>`;
    return html`<p class="anchor"><b>${level}</b> ${this.dimension.anchors[level]}</p>`;
  }

  private small(trouble: boolean): TemplateResult {
    const { dimension, field, value } = this;
    return html`<fieldset class="rating cell ${value === null ? 'open' : 'given'}" id=${field} tabindex="-1" @keydown=${(event: KeyboardEvent) => this.key(event)} aria-describedby="${field}-more">
      <legend class="sr">${dimension.name} of response ${this.cell}${value === null ? ', not rated' : `, rated ${value}`}</legend>
      <div class="scale">${levels.map(level => this.notch(level))}${dimension.naAllowed ? this.notch('NA') : nothing}${dimension.notCheckedMeaning ? this.notch('NOT_CHECKED') : nothing}</div>
      ${this.looking === null ? nothing : this.anchor()}
      <div id="${field}-more">${trouble ? html`<span class="error">${icon('warn')}${this.errors.join(' ')}</span>` : nothing}${this.notices.map(notice => html`<span class="gate">${icon('warn')}${notice.message}</span>`)}</div>
    </fieldset>`;
  }

  protected override render(): TemplateResult {
    const { dimension, field, value } = this;
    const trouble = this.errors.length > 0;
    if (this.cell) return this.small(trouble);
    return html`<fieldset class="rating ${value === null ? 'open' : 'given'}" id=${field} tabindex="-1" @keydown=${(event: KeyboardEvent) => this.key(event)}
      aria-describedby="${field}-more">
      <legend><span class="tick">${value === null ? nothing : icon('check')}</span>${dimension.name}<span class="sr">${value === null ? ', not rated' : `, rated ${value}`}</span></legend>
      <div class="scale">${levels.map(level => this.notch(level))}${dimension.naAllowed ? this.notch('NA') : nothing}${dimension.notCheckedMeaning ? this.notch('NOT_CHECKED') : nothing}
        <button class="btn plain icon small" type="button" aria-expanded=${this.all} aria-label="All anchors of ${dimension.name}" title="All anchors" @click=${() => (this.all = !this.all)}>${icon('book')}</button></div>
      ${this.anchor()}
      ${this.all ? html`<dl class="anchors">${levels.map(level => html`<div class=${value === level ? 'now' : ''}><dt>${level}</dt><dd>${dimension.anchors[level]}</dd></div>`)}</dl><p class="quiet">${dimension.scope}</p>` : nothing}
      <div id="${field}-more">
        ${trouble ? html`<span class="error">${icon('warn')}${this.errors.join(' ')}</span>` : nothing}
        ${this.notices.map(notice => html`<span class="gate">${icon('warn')}${notice.message}</span>`)}
      </div>
    </fieldset>`;
  }
}
