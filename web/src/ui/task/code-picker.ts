import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Guideline, SpanCode } from '../../logic/guideline';
import { searchCodes, suggested } from '../../logic/search-codes';
import { Light } from '../light';

/** One code of the taxonomy: at most eight likely ones at hand, all of them by search. Fires `picked` with the code. */
@customElement('he-code-picker')
export class CodePicker extends Light {
  @property({ attribute: false }) guideline!: Guideline;
  @property() kind = '';
  @property() value = '';
  @property({ attribute: false }) used: string[] = [];
  @state() private query = '';
  @state() private looking = '';

  private get shown(): SpanCode[] {
    const chosen = this.guideline.codes.filter(code => code.code === this.value);
    const list = this.query.trim() ? searchCodes(this.guideline.codes, this.query).slice(0, 12) : suggested(this.guideline.codes, this.kind, this.used);
    return this.query.trim() || list.some(code => code.code === this.value) ? list : [...chosen, ...list].slice(0, 8);
  }

  private pick(code: SpanCode): void {
    this.value = code.code;
    this.dispatchEvent(new CustomEvent<SpanCode>('picked', { detail: code }));
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter' && this.shown[0]) {
      event.preventDefault();
      this.pick(this.shown[0]);
      // Chosen by typing: on to what comes after the code.
      this.dispatchEvent(new CustomEvent('settled'));
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.querySelector<HTMLElement>('input[type=radio]')?.focus();
    }
  }

  private option(code: SpanCode): TemplateResult {
    const other = this.kind && !code.kinds.includes(this.kind);
    return html`<label class="code-option" @pointerenter=${() => (this.looking = code.code)} @pointerleave=${() => (this.looking = '')}>
      <input type="radio" name="span-code" value=${code.code} .checked=${code.code === this.value} @change=${() => this.pick(code)} @focus=${() => (this.looking = code.code)} @blur=${() => (this.looking = '')} aria-describedby="code-what" />
      <span class="code">${code.code}</span>
      <span><strong>${code.name}</strong>${other ? html` <em class="quiet">(${code.kinds.map(kind => this.guideline.kinds.find(known => known.key === kind)?.name ?? kind).join(', ')})</em>` : nothing}</span>
    </label>`;
  }

  protected override render(): TemplateResult {
    const shown = this.shown;
    return html`<fieldset class="field">
      <legend>Code</legend>
      <input class="input" type="search" id="span-code-search" aria-label="Search all ${this.guideline.codes.length} codes" placeholder="Search all ${this.guideline.codes.length} codes: dose, red flag, R2 …" autocomplete="off"
        .value=${this.query} @input=${(event: Event) => (this.query = (event.target as HTMLInputElement).value)} @keydown=${(event: KeyboardEvent) => this.key(event)} />
      <div class="code-list" role="radiogroup" aria-label="Codes">${shown.map(code => this.option(code))}</div>
      <p class="code-what" id="code-what">${this.guideline.codes.find(code => code.code === (this.looking || this.value))?.description ?? 'The likely codes for this kind; search finds the others.'}</p>
      <span class="sr" role="status">${this.query.trim() ? `${shown.length} codes found` : nothing}</span>
    </fieldset>`;
  }
}
