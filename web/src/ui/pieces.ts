import { html, nothing, type TemplateResult } from 'lit';
import { icon, type IconName } from './icon';

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info' | 'violet';
type Content = TemplateResult | string | typeof nothing;

const toneIcon: Record<Tone, IconName> = { neutral: 'info', good: 'check', warn: 'warn', bad: 'warn', info: 'info', violet: 'info' };

export function badge(label: string, tone: Tone = 'neutral', symbol?: IconName): TemplateResult {
  return html`<span class="badge ${tone}">${symbol ? icon(symbol) : nothing}${label}</span>`;
}

export function note(content: Content, tone: Tone = 'info', role?: 'alert' | 'status'): TemplateResult {
  return html`<div class="note ${tone}" role=${role ?? nothing}>${icon(toneIcon[tone])}<div>${content}</div></div>`;
}

export function emptyState(title: string, text: Content, action: Content = nothing): TemplateResult {
  return html`<section class="empty"><h2>${title}</h2><p>${text}</p>${action}</section>`;
}

/** A bar with its figures in words beside it. */
export function meter(label: string, value: number, max: number, words = `${value} of ${max}`): TemplateResult {
  return html`<div class="meter">
    <div><span>${label}</span><span class="num">${words}</span></div>
    <progress max=${Math.max(max, 1)} .value=${value} aria-label="${label}: ${words}"></progress>
  </div>`;
}

export function pageHead(title: string, text: Content = nothing, actions: Content = nothing): TemplateResult {
  return html`<header class="page-head"><div><h1 tabindex="-1">${title}</h1>${text === nothing ? nothing : html`<p>${text}</p>`}</div><div class="row">${actions}</div></header>`;
}

export function loading(what: string): TemplateResult {
  return html`<p class="quiet" role="status">Loading ${what} …</p>`;
}
