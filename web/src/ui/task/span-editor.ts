import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { textOrNull } from '../../logic/form';
import type { Guideline, SpanCode } from '../../logic/guideline';
import type { Span } from '../../logic/judgement';
import { isTyping } from '../../logic/keys';
import { complaint } from '../../logic/mark';
import { myKeys } from '../../task/my-keys';
import { areaField } from '../field';
import { icon } from '../icon';
import { Light } from '../light';
import { place } from './place';
import './code-picker';

export interface SpanEdit {
  /** As it was when the panel opened. */
  span: Span;
  /** The place in the list when an existing one is edited. */
  index: number | null;
  near: DOMRect | null;
  /** What had been written in the panel before a reload. */
  begun?: Span;
  /** What somebody wants to do although something is written here. */
  asks?: SpanEdit | 'close' | undefined;
}

/** The panel beside a selection: kind, code, severity and words. Fires `typed`, `save`, `remove`, `claim`, `cancel`, `drop` and `go-on`. */
@customElement('he-span-editor')
export class SpanEditor extends Light {
  @property({ attribute: false }) guideline!: Guideline;
  @property({ attribute: false }) edit!: SpanEdit;
  @property({ attribute: false }) used: string[] = [];
  @state() private span!: Span;
  @state() private complaint = '';
  /** Where one was writing when something was asked. */
  private from: HTMLElement | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('edit')) return;
    const before = changed.get('edit');
    if (before?.span !== this.edit.span || before?.index !== this.edit.index) this.span = this.edit.begun ?? this.edit.span;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('edit')) return;
    const before = changed.get('edit');
    if (this.edit.asks && !before?.asks) {
      this.from = this.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
      this.querySelector<HTMLElement>('.asking button')?.focus();
    } else if (before?.asks && before.span === this.edit.span) (this.from ?? this.querySelector<HTMLElement>('#span-comment, #span-missing'))?.focus();
    else if (before && before.span !== this.edit.span) this.focusFirst();
  }

  protected override firstUpdated(): void {
    const box = this.querySelector<HTMLElement>('.span-editor')!;
    // It grows when a kind is chosen: each time it finds its place in the window anew.
    new ResizeObserver(() => place(box, this.edit.near)).observe(box);
    this.focusFirst();
  }

  private focusFirst(): void {
    const first = this.omission ? '#span-missing' : this.span.kind ? 'he-code-picker input' : 'input[name=span-kind]';
    // The codes draw themselves a moment later.
    void this.querySelector<Light>('he-code-picker')?.updateComplete.then(() => this.querySelector<HTMLElement>(first)?.focus({ preventScroll: true }));
    this.querySelector<HTMLElement>(first)?.focus({ preventScroll: true });
  }

  private get omission(): boolean {
    return this.span.start === null;
  }

  private set(change: Partial<Span>): void {
    this.span = { ...this.span, ...change };
    this.complaint = '';
    this.dispatchEvent(new CustomEvent<Span>('typed', { detail: this.span }));
  }

  private setKind(kind: string): void {
    const fits = this.guideline.codes.find(code => code.code === this.span.code)?.kinds.includes(kind);
    this.set({ kind, code: fits ? this.span.code : '' });
  }

  private setCode(code: SpanCode): void {
    this.set({ code: code.code, kind: code.kinds.includes(this.span.kind) ? this.span.kind : (code.kinds[0] ?? this.span.kind) });
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented) return event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      this.send(this.edit.asks ? 'go-on' : 'cancel');
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.save();
    } else if (!isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey && !myKeys().off && this.shortcut(event)) event.preventDefault();
    event.stopPropagation();
  }

  /** A letter chooses the kind only while there is no code that it would cost, or while the focus is among the kinds. */
  private shortcut(event: KeyboardEvent): boolean {
    const free = !this.span.code || Boolean((event.target as HTMLElement).closest('.kinds'));
    const kind = free ? this.kindsOffered.find(known => known.shortcut === event.key.toLowerCase()) : undefined;
    const severity = this.span.kind && this.span.kind !== 'strength' ? this.guideline.severities[Number(event.key) - 1] : undefined;
    if (kind) {
      this.setKind(kind.key);
      void this.updateComplete.then(() => this.querySelector<HTMLElement>('#span-code-search')?.focus());
    } else if (severity) {
      this.set({ severity: severity.key });
      // From here Tab leads to the comment.
      void this.updateComplete.then(() => this.querySelector<HTMLElement>('input[name=span-severity]:checked')?.focus());
    }
    return Boolean(kind ?? severity);
  }

  private get kindsOffered() {
    return this.guideline.kinds.filter(kind => !this.omission || kind.key !== 'strength');
  }

  private save(): void {
    this.complaint = complaint(this.span);
    if (this.complaint === '') this.send('save');
  }

  private send(name: 'save' | 'remove' | 'claim' | 'cancel' | 'drop' | 'go-on' | 'ask'): void {
    this.dispatchEvent(new CustomEvent(name, { detail: { span: this.span, index: this.edit.index } }));
  }

  private kinds(): TemplateResult {
    return html`<fieldset class="field kinds"><legend>Kind</legend><div class="kind-row">
      ${this.kindsOffered.map(kind => html`<label class="kind-option m-${kind.key}" title=${kind.description}>
        <input type="radio" name="span-kind" value=${kind.key} .checked=${this.span.kind === kind.key} @change=${() => this.setKind(kind.key)} />
        <span>${kind.name} <kbd aria-hidden="true">${kind.shortcut.toUpperCase()}</kbd></span></label>`)}
    </div></fieldset>`;
  }

  private severities(): TemplateResult {
    return html`<fieldset class="field"><legend>Severity</legend><div class="kind-row">
      ${this.guideline.severities.map((severity, index) => html`<label class="kind-option" title=${severity.definition}>
        <input type="radio" name="span-severity" value=${severity.key} .checked=${this.span.severity === severity.key} @change=${() => this.set({ severity: severity.key })} />
        <span>${severity.name} <kbd aria-hidden="true">${index + 1}</kbd></span></label>`)}
    </div><span class="hint">${this.guideline.severities.find(severity => severity.key === this.span.severity)?.definition ?? 'By consequence, not by how obvious it is.'}</span></fieldset>`;
  }

  private question(): TemplateResult | typeof nothing {
    const { asks } = this.edit;
    if (!asks) return nothing;
    return html`<div class="asking" role="alertdialog" aria-label="Something is written here">
      <span>${asks === 'close' ? 'What you wrote here is not added yet.' : 'You selected something else, but what you wrote here is not added yet.'}</span>
      <button class="btn primary small" type="button" @click=${() => this.send('go-on')}>Go on writing</button>
      <button class="btn danger small" type="button" @click=${() => this.send('drop')}>${asks === 'close' ? 'Delete it' : 'Delete it, mark the other'}</button></div>`;
  }

  private words(): TemplateResult {
    const { span } = this;
    return html`<div class="grid2">
      ${areaField({ id: 'span-comment', label: 'Comment', value: span.comment ?? '', onInput: text => this.set({ comment: textOrNull(text) }), rows: 2 })}
      ${span.kind === 'strength' ? nothing : areaField({ id: 'span-suggestion', label: 'Better wording', value: span.suggestion ?? '', onInput: text => this.set({ suggestion: textOrNull(text) }), rows: 2 })}
    </div>`;
  }

  protected override render(): TemplateResult {
    const { span, edit } = this;
    return html`<div class="span-editor" role="dialog" aria-label=${this.omission ? 'Omission' : 'Mark this text'} @keydown=${(event: KeyboardEvent) => this.key(event)}>
      <div class="row">
        <strong>${this.omission ? `Missing from response ${span.response}` : 'Mark this text'}</strong>
        <button class="btn plain icon small push" type="button" aria-label="Close without saving" @click=${() => this.send('cancel')}>${icon('cross')}</button>
      </div>
      ${this.question()}
      ${this.omission
        ? areaField({ id: 'span-missing', label: 'What is missing', value: span.missingText ?? '', onInput: text => this.set({ missingText: textOrNull(text) }), hint: 'As the answer should have said it.', rows: 2 })
        : html`<blockquote class="picked" dir="auto" tabindex="0" role="region" aria-label="Selected text">${span.quote}</blockquote>`}
      ${this.kinds()}
      ${span.kind ? html`<he-code-picker .guideline=${this.guideline} .kind=${span.kind} .value=${span.code} .used=${this.used} .omission=${this.omission} @picked=${(event: CustomEvent<SpanCode>) => this.setCode(event.detail)}
          @settled=${() => this.querySelector<HTMLElement>('input[name=span-severity], #span-comment')?.focus()}></he-code-picker>
        ${span.kind === 'strength' ? nothing : this.severities()}
        ${this.words()}` : nothing}
      <p class="field" role="alert">${this.complaint ? html`<span class="error">${icon('warn')}${this.complaint}</span>` : nothing}</p>
      <div class="row">
        <button class="btn primary" type="button" @click=${() => this.save()}>${edit.index === null ? 'Add' : 'Save'}</button>
        ${edit.index === null && !this.omission ? html`<button class="btn" type="button" @click=${() => this.send('claim')}>Make it a claim</button>` : nothing}
        ${this.omission ? nothing : html`<button class="btn plain" type="button" @click=${() => this.send('ask')}>Ask the lead</button>`}
        ${edit.index === null ? nothing : html`<button class="btn danger" type="button" @click=${() => this.send('remove')}>Delete</button>`}
        <span class="quiet push"><kbd>Ctrl</kbd> <kbd>Enter</kbd> ${edit.index === null ? 'adds' : 'saves'}</span>
      </div>
    </div>`;
  }
}
