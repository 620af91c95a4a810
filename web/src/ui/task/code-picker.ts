import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { nameOf, type Guideline, type SpanCode } from '../../logic/guideline';
import { omissionCodes, searchWithin, suggested } from '../../logic/search-codes';
import { Light } from '../light';

/**
 * One code of the taxonomy: at most eight likely ones at hand, all of the kind by search. Codes of another kind are shown apart, and
 * taking one asks. Fires `picked` with the code.
 */
@customElement('he-code-picker')
export class CodePicker extends Light {
  @property({ attribute: false }) guideline!: Guideline;
  @property() kind = '';
  @property() value = '';
  @property({ type: Boolean }) omission = false;
  @property({ attribute: false }) used: string[] = [];
  @state() private query = '';
  @state() private looking = '';
  @state() private asking: SpanCode | null = null;

  private get likely(): SpanCode[] {
    const { codes } = this.guideline;
    const list = this.omission ? omissionCodes(codes) : suggested(codes, this.kind, this.used);
    const chosen = codes.filter(code => code.code === this.value);
    return list.some(code => code.code === this.value) ? list : [...chosen, ...list].slice(0, 8);
  }

  private get found(): { fitting: SpanCode[]; others: SpanCode[] } {
    return this.query.trim() ? searchWithin(this.guideline.codes, this.kind, this.query) : { fitting: this.likely, others: [] };
  }

  private pick(code: SpanCode): void {
    this.asking = null;
    this.value = code.code;
    this.dispatchEvent(new CustomEvent<SpanCode>('picked', { detail: code }));
  }

  /** Chosen by typing: on to what comes after the code. */
  private settle(code: SpanCode): void {
    this.pick(code);
    this.dispatchEvent(new CustomEvent('settled'));
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (!this.query.trim()) return;
      const { fitting, others } = this.found;
      if (fitting[0]) this.settle(fitting[0]);
      else if (others[0]) this.ask(others[0]);
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.querySelector<HTMLElement>('input[type=radio]')?.focus();
    }
  }

  private ask(code: SpanCode): void {
    this.asking = code;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.asking .primary')?.focus());
  }

  private keep(): void {
    this.asking = null;
    this.querySelector<HTMLElement>('input')?.focus();
  }

  private kindsOf(code: SpanCode): string {
    return code.kinds.map(kind => nameOf(this.guideline.kinds, kind)).join(', ');
  }

  private option(code: SpanCode): TemplateResult {
    return html`<label class="code-option" @pointerenter=${() => (this.looking = code.code)} @pointerleave=${() => (this.looking = '')}>
      <input type="radio" name="span-code" value=${code.code} .checked=${code.code === this.value} @change=${() => this.pick(code)}
        @focus=${() => (this.looking = code.code)} @blur=${() => (this.looking = '')} aria-describedby="code-what" />
      <span class="code">${code.code}</span><strong>${code.name}</strong>
    </label>`;
  }

  private ofOtherKinds(others: SpanCode[]): TemplateResult | typeof nothing {
    if (others.length === 0) return nothing;
    return html`<p class="quiet" id="other-kinds">Of another kind:</p>
      <ul class="code-list others" aria-labelledby="other-kinds">${others.map(code => html`<li><button type="button" class="code-option" @click=${() => this.ask(code)}>
        <span class="code">${code.code}</span><span><strong>${code.name}</strong> <em class="quiet">${this.kindsOf(code)}</em></span></button></li>`)}</ul>`;
  }

  private question(code: SpanCode): TemplateResult {
    return html`<div class="asking" role="group" aria-label="Change the kind?" @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && (event.stopPropagation(), event.preventDefault(), this.keep())}>
      <span>${code.code} is not of the kind “${nameOf(this.guideline.kinds, this.kind)}” but: ${this.kindsOf(code)}.</span>
      <button class="btn primary small" type="button" @click=${() => this.settle(code)}>Change the kind</button>
      <button class="btn small" type="button" @click=${() => this.keep()}>Keep the kind</button></div>`;
  }

  protected override render(): TemplateResult {
    const { fitting, others } = this.found;
    const count = this.guideline.codes.length;
    return html`<fieldset class="field">
      <legend>Code</legend>
      <input class="input" type="search" id="span-code-search" aria-label="Search all ${count} codes" placeholder="Search all ${count} codes: dose, red flag, R2 …" autocomplete="off"
        .value=${this.query} @input=${(event: Event) => (this.query = (event.target as HTMLInputElement).value)} @keydown=${(event: KeyboardEvent) => this.key(event)} />
      ${this.asking ? this.question(this.asking) : nothing}
      ${fitting.length === 0 ? html`<p class="quiet">No code of this kind.</p>` : html`<div class="code-list" role="radiogroup" aria-label="Codes">${fitting.map(code => this.option(code))}</div>`}
      ${this.ofOtherKinds(others)}
      <p class="code-what" id="code-what">${this.guideline.codes.find(code => code.code === (this.looking || this.value))?.description ?? 'The likely codes for this kind; search finds the others.'}</p>
      <span class="sr" role="status">${this.query.trim() ? `${fitting.length} codes of this kind, ${others.length} of others` : nothing}</span>
    </fieldset>`;
  }
}
