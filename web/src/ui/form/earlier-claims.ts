import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { verdictSigns } from '../../logic/claims';
import { nameOf, type Guideline } from '../../logic/guideline';
import type { Claim } from '../../logic/judgement';
import { Light } from '../light';

const longestList = 9;

/** Earlier claims to take over for a unit, by number. Fires `take` and `close`. */
@customElement('he-earlier-claims')
export class EarlierClaims extends Light {
  @property({ attribute: false }) guideline!: Guideline;
  @property({ attribute: false }) claims: Claim[] = [];
  /** The unit in words. */
  @property() about = '';

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('button')?.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const found = /^[1-9]$/.test(event.key) ? this.claims[Number(event.key) - 1] : undefined;
    if (event.key === 'Escape') this.dispatchEvent(new CustomEvent('close'));
    else if (found) this.dispatchEvent(new CustomEvent<Claim>('take', { detail: found }));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  protected override render(): TemplateResult {
    return html`<div class="tray" role="group" aria-label="Earlier claims for: ${this.about}" data-owns-keys @keydown=${(event: KeyboardEvent) => this.key(event)}>
      <p class="quiet">What you found in other answers to this prompt. A number takes verdict and sources over; <kbd>Esc</kbd> leaves.</p>
      <ol class="tray-list">${this.claims.slice(0, longestList).map((claim, index) => html`<li><button class="btn plain small" type="button" @click=${() => this.dispatchEvent(new CustomEvent<Claim>('take', { detail: claim }))}>
        <kbd aria-hidden="true">${index + 1}</kbd> <span class="chip verdict-${claim.verdict}">${verdictSigns[claim.verdict ?? ''] ?? '·'}</span> <span dir="auto">${claim.quote}</span>
        <span class="quiet">${nameOf(this.guideline.verdicts, claim.verdict)}${claim.evidence.length ? ` · ${claim.evidence.length} ${claim.evidence.length === 1 ? 'source' : 'sources'}` : ''}</span></button></li>`)}</ol>
    </div>`;
  }
}
