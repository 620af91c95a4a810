import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { trayOf } from '../../logic/claims';
import { emptyEvidence } from '../../logic/form';
import type { Evidence } from '../../logic/judgement';
import { found } from '../../logic/search';
import { understood } from '../../logic/source-address';
import { filledIn, settled } from '../../logic/source-entry';
import { publicationTypes, sourceOf } from '../../logic/sources';
import { Light } from '../light';
import type { FormContext } from './context';

const longestList = 9;

/** A source for a claim in two keys: those of this task by number, those used before by any word, or a new one as one types it. Fires `attach` and `close`. */
@customElement('he-source-tray')
export class SourceTray extends Light {
  @property({ attribute: false }) context!: FormContext;
  /** The claim in words. */
  @property() about = '';
  @state() private typed = '';
  /** A new source whose tier only the person can tell. */
  @state() private asking: Evidence | null = null;

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('input')?.focus();
  }

  private get offered(): Evidence[] {
    const mine = trayOf(this.context.judgement);
    const others = this.context.sources.filter(source => !mine.some(own => own.url === source.url));
    const fits = (source: Evidence) => found(this.typed, source.title, source.publisher, source.url, source.tier);
    return [...mine.filter(fits), ...others.filter(fits)].slice(0, longestList);
  }

  private attach(source: Evidence): void {
    this.dispatchEvent(new CustomEvent<Evidence>('attach', { detail: source }));
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.dispatchEvent(new CustomEvent('close'));
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.take();
    } else if (this.typed === '' && /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && this.offered[Number(event.key) - 1]) {
      event.preventDefault();
      event.stopPropagation();
      this.attach(this.offered[Number(event.key) - 1]!);
    }
  }

  /** Enter: what was typed as a new source, else the first one that fits. */
  private take(): void {
    const { guideline } = this.context;
    const identified = understood(this.typed);
    const words = identified?.as.startsWith('citation');
    if ((!identified || words) && this.typed.trim() && this.offered[0]) return this.attach(this.offered[0]);
    if (!identified) return;
    const entry = { ...emptyEvidence(), ...filledIn(guideline, emptyEvidence(), this.typed) };
    const source = { ...entry, ...settled(guideline, entry) };
    if (source.tier) return this.attach(source);
    this.asking = source;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.asking button')?.focus());
  }

  /** An index holds everything, and the registry does not know all: then the type of publication decides. */
  private question(source: Evidence): TemplateResult {
    const tiers = sourceOf(source.url, this.context.guideline)?.index ? publicationTypes : this.context.guideline.evidenceTiers;
    const pick = (tier: string) => this.attach({ ...source, tier });
    const pressed = (event: KeyboardEvent) => {
      const tier = tiers[Number(event.key) - 1];
      if (!tier) return;
      event.preventDefault();
      event.stopPropagation();
      pick(tier.key);
    };
    return html`<div class="asking" role="group" aria-label="What kind of publication is it?" data-owns-keys @keydown=${pressed}><span>What is it?</span>
      ${tiers.map((tier, index) => html`<button class="btn small" type="button" @click=${() => pick(tier.key)}><kbd aria-hidden="true">${index + 1}</kbd> ${tier.key} · ${tier.name}</button>`)}</div>`;
  }

  protected override render(): TemplateResult {
    const identified = understood(this.typed);
    return html`<div class="tray" role="group" aria-label="Source for: ${this.about}" @keydown=${(event: KeyboardEvent) => this.key(event)}>
      <label class="field"><span class="label">Source: a number below, words to search, or a new one (address, PMID, PMCID, DOI, NCT, citation)</span>
        <input class="input" id="tray-source" dir="ltr" autocomplete="off" .value=${this.typed} @input=${(event: Event) => ((this.typed = (event.target as HTMLInputElement).value), (this.asking = null))} /></label>
      ${identified ? html`<p class="quiet">New: ${identified.as} · <span class="mono">${identified.url}</span></p>` : nothing}
      ${this.asking ? this.question(this.asking) : nothing}
      ${this.offered.length === 0 ? nothing : html`<ol class="tray-list">${this.offered.map((source, index) => html`<li><button class="btn plain small" type="button" @click=${() => this.attach(source)}>
        <kbd aria-hidden="true">${index + 1}</kbd> ${source.title ?? source.url.replace(/^https?:\/\/(www\.)?/, '')} <span class="quiet">${[source.tier, source.publisher].filter(Boolean).join(' · ')}</span></button></li>`)}</ol>`}
    </div>`;
  }
}
