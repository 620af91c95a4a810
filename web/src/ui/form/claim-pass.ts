import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { answerFor } from '../../logic/digits';
import { attached, claimUnits, guessed, notAClaim, say, splitOrMerge, unsay, verdictSigns, withClaim, type ClaimUnit } from '../../logic/claims';
import { codePoints, type CodePoints } from '../../logic/code-points';
import { nameOf } from '../../logic/guideline';
import type { Claim, Evidence } from '../../logic/judgement';
import { carried, likely } from '../../logic/earlier';
import { leavesOf } from '../../logic/leaves';
import { saysSomething, unitsOf, type Unit } from '../../logic/units';
import { Light } from '../light';
import { claimDetails } from './claims';
import type { FormContext } from './context';
import './earlier-claims';
import './source-tray';

/**
 * The response, unit by unit, judged without leaving the keyboard. Nothing is stored about a unit until something is said about it.
 * Fires `unit` with the stretch that is looked at.
 */
@customElement('he-claim-pass')
export class ClaimPass extends Light {
  @property({ attribute: false }) context!: FormContext;
  @property() response = '';
  @state() private at = 0;
  @state() private open: 'details' | 'tray' | 'earlier' | null = null;
  @state() private spoken = '';
  private source: CodePoints = codePoints('');
  private sentences: Unit[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('response')) return;
    const { item } = this.context.task;
    const found = item.responses.find(response => response.key === this.response);
    this.source = codePoints(found?.text ?? '');
    this.sentences = unitsOf(leavesOf(found?.view ?? [], this.source), 'sentence', item.language ?? 'en').filter(unit => saysSomething(this.source.slice(unit.start, unit.end)));
    this.at = 0;
    this.open = null;
  }

  protected override firstUpdated(): void {
    this.focusUnit();
    this.show();
  }

  private get units(): ClaimUnit[] {
    return claimUnits(this.sentences, this.context.judgement.claims, this.response, this.context.task.item.claims);
  }

  private claimOf(unit: ClaimUnit | undefined): Claim | null {
    return unit && unit.claim !== null ? (this.context.judgement.claims[unit.claim] ?? null) : null;
  }

  private textOf(unit: ClaimUnit): string {
    return unit.given ? unit.given.text : unit.start === null ? (this.claimOf(unit)?.quote ?? '') : this.source.slice(unit.start, unit.end ?? unit.start);
  }

  private focusUnit(): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('[role=option][aria-selected=true]')?.focus());
  }

  private show(): void {
    const unit = this.units[this.at];
    this.dispatchEvent(new CustomEvent('unit', { bubbles: true, detail: unit && unit.start !== null ? { response: this.response, start: unit.start, end: unit.end, kind: 'cursor' } : null }));
  }

  private go(to: number): void {
    this.at = Math.max(0, Math.min(to, this.units.length - 1));
    this.spoken = '';
    this.focusUnit();
    this.show();
  }

  private key(event: KeyboardEvent): void {
    const unit = this.units[this.at];
    if (!unit || event.ctrlKey || event.metaKey || event.altKey) return;
    const done = this.walked(event) || this.judged(event, unit);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private walked(event: KeyboardEvent): boolean {
    switch (event.key) {
      case 'ArrowDown': this.go(this.at + 1); return true;
      case 'ArrowUp': this.go(this.at - 1); return true;
      case 'Home': this.go(0); return true;
      case 'End': this.go(this.units.length - 1); return true;
      case 'ArrowRight': this.open = this.claimOf(this.units[this.at]) ? 'details' : null; return true;
      case 'ArrowLeft': this.open = null; return true;
      case 'Escape': this.dispatchEvent(new CustomEvent('claim-pass', { bubbles: true, detail: null })); return true;
      default: return false;
    }
  }

  private judged(event: KeyboardEvent, unit: ClaimUnit): boolean {
    const { guideline } = this.context;
    const key = event.key.toLowerCase();
    const verdict = answerFor(key, guideline.verdicts);
    if (verdict) return this.put(unit, verdict === 'NOT_A_CLAIM' ? notAClaim : { verdict }, nameOf(guideline.verdicts, verdict));
    switch (key) {
      case 'x': return this.put(unit, notAClaim, 'Not a claim');
      case 'c': return this.put(unit, { critical: !this.claimOf(unit)?.critical }, this.claimOf(unit)?.critical ? 'Not critical' : 'Critical');
      case 'e': this.open = 'tray'; return true;
      case 'r': this.open = this.context.earlier.claims.length > 0 ? 'earlier' : null; return true;
      case 'backspace': case 'delete': return this.takeBack(unit);
      case 'enter': return this.cut(unit);
      default: return false;
    }
  }

  private put(unit: ClaimUnit, change: Partial<Claim>, spoken: string): boolean {
    this.context.update(`${spoken}: claim`, judgement => say(judgement, this.response, unit, this.textOf(unit), change));
    this.spoken = spoken;
    return true;
  }

  private takeBack(unit: ClaimUnit): boolean {
    const claim = this.claimOf(unit);
    if (!claim) return true;
    if ((unit.start === null && !unit.given) || claim.evidence.length > 0 || claim.correction) this.put(unit, { verdict: null }, 'No verdict');
    else this.context.update('Take the claim back', judgement => unsay(judgement, unit));
    return true;
  }

  private cut(unit: ClaimUnit): boolean {
    if (unit.given || unit.claim !== null || unit.start === null || unit.end === null) {
      this.spoken = unit.given ? 'This claim came with the answer: everybody judges it as it is.' : 'Take the verdict back with Backspace before you split or merge this.';
      return true;
    }
    this.sentences = splitOrMerge(this.sentences, { start: unit.start, end: unit.end }, this.textOf(unit));
    this.requestUpdate();
    this.spoken = `Now: ${this.textOf(this.units[this.at]!)}`;
    this.focusUnit();
    this.show();
    return true;
  }

  private attach(source: Evidence): void {
    const unit = this.units[this.at]!;
    const verdict = this.claimOf(unit)?.verdict ?? null;
    this.context.update('Attach source', judgement => {
      const made = unit.claim === null ? say(judgement, this.response, unit, this.textOf(unit), {}) : judgement;
      const index = unit.claim ?? made.claims.length - 1;
      return withClaim(made, index, { evidence: [...made.claims[index]!.evidence, attached(source, verdict)] });
    });
    this.spoken = `Attached: ${source.title ?? source.publisher ?? source.url}`;
    this.closeTray();
  }

  private takeOver(unit: ClaimUnit, claim: Claim): void {
    this.put(unit, carried(claim), `Taken over: ${nameOf(this.context.guideline.verdicts, claim.verdict)}`);
    this.closeTray();
  }

  private closeTray(): void {
    this.open = null;
    this.focusUnit();
  }

  private line(unit: ClaimUnit, index: number): TemplateResult {
    const claim = this.claimOf(unit);
    const { guideline } = this.context;
    const text = this.textOf(unit);
    const type = claim?.type ?? guessed(text).type;
    const sources = claim?.evidence.length ?? 0;
    return html`<li role="option" tabindex=${index === this.at ? 0 : -1} aria-selected=${index === this.at} id=${unit.claim === null ? nothing : `claims-${unit.claim}`} @click=${() => this.go(index)}>
      <span class="chip verdict-${claim?.verdict ?? 'none'}">${verdictSigns[claim?.verdict ?? ''] ?? '·'}</span>
      <span class="unit-text" dir="auto">${text}</span>
      <span class="quiet">${unit.given?.importance === 'must' ? html`<b>must</b> · ` : nothing}${claim?.verdict ? nameOf(guideline.verdicts, claim.verdict) : nameOf(guideline.claimTypes, type)}${claim?.critical ? html` · <b>critical</b>` : nothing}${sources ? ` · ${sources} ${sources === 1 ? 'source' : 'sources'}` : ''}</span>
    </li>`;
  }

  protected override render(): TemplateResult {
    const { units } = this;
    this.at = Math.min(this.at, Math.max(0, units.length - 1));
    const unit = units[this.at];
    const claim = this.claimOf(unit);
    const { guideline } = this.context;
    return html`<p class="quiet pass-keys"><kbd>↑</kbd> <kbd>↓</kbd> walk · ${guideline.verdicts.filter(verdict => verdict.key !== 'NOT_A_CLAIM').map((verdict, index) => html`<kbd>${index + 1}</kbd> ${verdict.name} `)} · <kbd>X</kbd> not a claim ·
        <kbd>C</kbd> critical · <kbd>E</kbd> source · ${this.context.earlier.claims.length > 0 ? html`<kbd>R</kbd> as in another answer · ` : nothing}${unit?.given ? nothing : html`<kbd>Enter</kbd> split or merge · `} <kbd>→</kbd> details · <kbd>Esc</kbd> leave</p>
      <ol class="units" role="listbox" data-owns-keys aria-label="Units of response ${this.response}" @keydown=${(event: KeyboardEvent) => this.key(event)}>${units.map((entry, index) => this.line(entry, index))}</ol>
      ${this.open === 'tray' && unit ? html`<he-source-tray .context=${this.context} .about=${this.textOf(unit)} @attach=${(event: CustomEvent<Evidence>) => this.attach(event.detail)} @close=${() => this.closeTray()}></he-source-tray>` : nothing}
      ${this.open === 'earlier' && unit ? html`<he-earlier-claims .guideline=${guideline} .claims=${likely(this.context.earlier, this.textOf(unit))} .about=${this.textOf(unit)}
        @take=${(event: CustomEvent<Claim>) => this.takeOver(unit, event.detail)} @close=${() => this.closeTray()}></he-earlier-claims>` : nothing}
      ${claim && unit && this.open === 'details' ? html`<div class="entry claim-open" data-claim=${unit.claim!}>${claimDetails(this.context, claim, unit.claim!)}</div>` : nothing}
      <span class="sr" role="status">${this.spoken}</span>`;
  }
}
