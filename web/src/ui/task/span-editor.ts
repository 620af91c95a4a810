import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { textOrNull } from '../../logic/form';
import type { Guideline, SpanCode } from '../../logic/guideline';
import type { Span } from '../../logic/judgement';
import { isTyping } from '../../logic/keys';
import { areaField } from '../field';
import { icon } from '../icon';
import { Light } from '../light';
import { place } from './place';
import './code-picker';

export interface SpanEdit {
  span: Span;
  /** The place in the list when an existing one is edited. */
  index: number | null;
  near: DOMRect | null;
}

/** The panel beside a selection: kind, code, severity and words. Fires `save`, `remove`, `claim` or `cancel`. */
@customElement('he-span-editor')
export class SpanEditor extends Light {
  @property({ attribute: false }) guideline!: Guideline;
  @property({ attribute: false }) edit!: SpanEdit;
  @property({ attribute: false }) used: string[] = [];
  @state() private span!: Span;
  @state() private complaint = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('edit')) this.span = this.edit.span;
  }

  protected override firstUpdated(): void {
    const box = this.querySelector<HTMLElement>('.span-editor')!;
    // It grows when a kind is chosen: each time it finds its place in the window anew.
    new ResizeObserver(() => place(box, this.edit.near)).observe(box);
    const first = this.omission ? '#span-missing' : this.span.kind ? 'he-code-picker input' : 'input[name=span-kind]';
    this.querySelector<HTMLElement>(first)?.focus({ preventScroll: true });
  }

  private get omission(): boolean {
    return this.span.start === null;
  }

  private set(change: Partial<Span>): void {
    this.span = { ...this.span, ...change };
    this.complaint = '';
  }

  private setKind(kind: string): void {
    const fits = this.guideline.codes.find(code => code.code === this.span.code)?.kinds.includes(kind);
    this.set({ kind, code: fits ? this.span.code : '', severity: kind === 'strength' ? null : this.span.severity });
  }

  /** Chosen by its letter: the next thing to say is the code. */
  private chooseKind(kind: string): void {
    this.setKind(kind);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('#span-code-search')?.focus());
  }

  private setCode(code: SpanCode): void {
    const kind = code.kinds.includes(this.span.kind) ? this.span.kind : (code.kinds[0] ?? this.span.kind);
    this.set({ code: code.code, kind, severity: kind === 'strength' ? null : this.span.severity });
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.send('cancel');
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.save();
    } else if (!isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const kind = this.guideline.kinds.find(known => known.shortcut === event.key.toLowerCase());
      const severity = this.guideline.severities[Number(event.key) - 1];
      if (kind) this.chooseKind(kind.key);
      else if (severity && this.span.kind && this.span.kind !== 'strength') this.set({ severity: severity.key });
      else return event.stopPropagation();
      event.preventDefault();
    }
    event.stopPropagation();
  }

  private save(): void {
    const { kind, code, severity, missingText } = this.span;
    if (!kind) this.complaint = 'Choose a kind.';
    else if (!code) this.complaint = 'Choose a code.';
    else if (kind !== 'strength' && !severity) this.complaint = 'Choose a severity.';
    else if (this.omission && !missingText?.trim()) this.complaint = 'Write what is missing, as the answer should have said it.';
    else this.send('save');
  }

  private send(name: 'save' | 'remove' | 'claim' | 'cancel'): void {
    this.dispatchEvent(new CustomEvent<SpanEdit>(name, { detail: { ...this.edit, span: this.span } }));
  }

  private kinds(): TemplateResult {
    return html`<fieldset class="field"><legend>Kind</legend><div class="kind-row">
      ${this.guideline.kinds.map(kind => html`<label class="kind-option m-${kind.key}" title=${kind.description}>
        <input type="radio" name="span-kind" value=${kind.key} .checked=${this.span.kind === kind.key} @change=${() => this.setKind(kind.key)} />
        <span>${kind.name} <kbd aria-hidden="true">${kind.shortcut.toUpperCase()}</kbd></span></label>`)}
    </div></fieldset>`;
  }

  private severities(): TemplateResult {
    return html`<fieldset class="field"><legend>Severity</legend><div class="kind-row">
      ${this.guideline.severities.map(severity => html`<label class="kind-option" title=${severity.definition}>
        <input type="radio" name="span-severity" value=${severity.key} .checked=${this.span.severity === severity.key} @change=${() => this.set({ severity: severity.key })} />
        <span>${severity.name} <kbd aria-hidden="true">${severity.key === 'minor' ? 1 : severity.key === 'major' ? 2 : 3}</kbd></span></label>`)}
    </div><span class="hint">${this.guideline.severities.find(severity => severity.key === this.span.severity)?.definition ?? 'By consequence, not by how obvious it is.'}</span></fieldset>`;
  }

  protected override render(): TemplateResult {
    const { span, edit } = this;
    return html`<div class="span-editor" role="dialog" aria-label=${this.omission ? 'Omission' : 'Mark this text'} @keydown=${(event: KeyboardEvent) => this.key(event)}>
      <div class="row">
        <strong>${this.omission ? `Missing from response ${span.response}` : 'Mark this text'}</strong>
        <button class="btn plain icon small push" type="button" aria-label="Close without saving" @click=${() => this.send('cancel')}>${icon('cross')}</button>
      </div>
      ${this.omission
        ? areaField({ id: 'span-missing', label: 'What is missing', value: span.missingText ?? '', onInput: text => this.set({ missingText: textOrNull(text) }), hint: 'As the answer should have said it.', rows: 2 })
        : html`<blockquote class="picked" dir="auto" tabindex="0" role="region" aria-label="Selected text">${span.quote}</blockquote>`}
      ${this.kinds()}
      ${span.kind ? html`<he-code-picker .guideline=${this.guideline} .kind=${span.kind} .value=${span.code} .used=${this.used} @picked=${(event: CustomEvent<SpanCode>) => this.setCode(event.detail)}
          @settled=${() => this.querySelector<HTMLElement>('input[name=span-severity], #span-comment')?.focus()}></he-code-picker>
        ${span.kind === 'strength' ? nothing : this.severities()}
        <div class="grid2">
          ${areaField({ id: 'span-comment', label: 'Comment', value: span.comment ?? '', onInput: text => this.set({ comment: textOrNull(text) }), rows: 2 })}
          ${span.kind === 'strength' ? nothing : areaField({ id: 'span-suggestion', label: 'Better wording', value: span.suggestion ?? '', onInput: text => this.set({ suggestion: textOrNull(text) }), rows: 2 })}
        </div>` : nothing}
      <p class="field" role="alert">${this.complaint ? html`<span class="error">${icon('warn')}${this.complaint}</span>` : nothing}</p>
      <div class="row">
        <button class="btn primary" type="button" @click=${() => this.save()}>${edit.index === null ? 'Add' : 'Save'}</button>
        ${edit.index === null && !this.omission ? html`<button class="btn" type="button" @click=${() => this.send('claim')}>Make it a claim</button>` : nothing}
        ${edit.index === null ? nothing : html`<button class="btn danger" type="button" @click=${() => this.send('remove')}>Delete</button>`}
        <span class="quiet push"><kbd>Ctrl</kbd> <kbd>Enter</kbd> ${edit.index === null ? 'adds' : 'saves'}</span>
      </div>
    </div>`;
  }
}
