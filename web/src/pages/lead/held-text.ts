import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { HeldDetail } from '../../api/held';
import { whereWords } from '../../lead/held';
import { markClasses, occurrences, segments, token, withPlace, type Marked, type Segment } from '../../lead/redaction';
import { count, spelled } from '../../lead/words';
import { stretchOf, trimmed } from '../../logic/selection';
import { selectField, textField } from '../../ui/field';
import { Light } from '../../ui/light';

/** A held text with its places, of which a lead lets some stand or adds others; fires `marked` with all of them. */
@customElement('he-held-text')
export class HeldTextView extends Light {
  @property({ attribute: false }) detail!: HeldDetail;
  @property({ attribute: false }) places: Marked[] = [];
  @state() private words = '';
  @state() private kind = 'name';
  @state() private said = '';

  private change(places: Marked[], said: string): void {
    this.said = said;
    this.dispatchEvent(new CustomEvent<Marked[]>('marked', { detail: places }));
  }

  private toggle(place: Marked): void {
    this.change(this.places.map(one => (one === place ? { ...place, on: !place.on } : one)), '');
  }

  /** What is selected in a text, else the typed words wherever they stand. */
  private mark(): void {
    const found = this.selected();
    const places = found.length ? found : occurrences(this.detail.texts, this.words, this.kind);
    this.change(places.reduce(withPlace, this.places), places.length ? `${count(places.length, 'place')} marked.` : 'Nothing marked: select words in the text, or type words that are in it.');
    if (places.length) this.words = '';
    getSelection()?.removeAllRanges();
  }

  private selected(): { path: string; start: number; end: number; class: string }[] {
    const selection = getSelection();
    if (!selection || selection.isCollapsed) return [];
    const range = selection.getRangeAt(0);
    return this.detail.texts.flatMap(({ path, text }) => {
      const element = this.querySelector(`[data-path="${path}"]`);
      const stretch = element && range.intersectsNode(element) ? stretchOf(element, range) : null;
      const cut = stretch && trimmed(text, stretch);
      return cut ? [{ path, start: cut.start, end: cut.end, class: this.kind }] : [];
    });
  }

  private segment({ start, text, place }: Segment): TemplateResult {
    if (!place) return html`<span data-s=${start}>${text}</span>`;
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      this.toggle(place);
    };
    return html`<span class="place" role="button" tabindex="0" aria-pressed=${place.on} data-s=${start} data-token=${place.on ? ` → ${token(place.class)}` : ' stays'} title="${spelled(place.class)}: ${place.on ? 'will be replaced' : 'stays'}"
      @click=${() => this.toggle(place)} @keydown=${press}>${text}</span>`;
  }

  protected override render(): TemplateResult {
    return html`
      ${this.detail.texts.map(({ path, role, text }) => html`<section class="held-text" aria-label=${whereWords(path)}>
        <h3>${whereWords(path)}${path.startsWith('prompt') ? html` <span class="quiet">${role}</span>` : nothing}</h3>
        <p data-path=${path} dir="auto">${segments(path, text, this.places).map(one => this.segment(one))}</p>
      </section>`)}
      <form class="mark-more" @submit=${(event: Event) => (event.preventDefault(), this.mark())}>
        ${textField({ id: 'mark-words', label: 'Mark more', value: this.words, hint: 'Type the words, or select them in the text above.', onInput: words => (this.words = words) })}
        ${selectField({ id: 'mark-class', label: 'As', value: this.kind, choices: markClasses.map(key => ({ key, name: `${spelled(key)} ${token(key)}` })), onInput: kind => (this.kind = kind) })}
        <button class="btn" type="submit">Mark</button>
      </form>
      <p class="quiet" role="status">${this.said || nothing}</p>`;
  }
}
