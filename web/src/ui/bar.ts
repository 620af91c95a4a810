import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Me } from '../api/people';
import { sayError } from '../api/problem';
import { allowed, routes, type Route } from '../routes';
import { signOut } from '../session';
import { hasUnsaved } from '../task/local-copy';
import { applyTheme, currentTheme, nextTheme, themeIcon, themeName, type Theme } from '../theme';
import { icon, mark } from './icon';
import { dialog } from './dialog';
import { Light } from './light';
import { toast } from './toast';

/** With more pages than these the navigation has lines of its own where the window is narrow. */
const fewest = 7;

/** The bar on top of every page: where one can go, how it looks, who one is. */
@customElement('he-bar')
export class Bar extends Light {
  @property({ attribute: false }) me: Me | null = null;
  @property() path = '/';
  @state() private theme: Theme = currentTheme();
  @state() private asking = false;

  /** On a phone the navigation scrolls: where one is must be in sight. */
  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('path') || changed.has('me')) this.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }

  private turnTheme(): void {
    this.theme = nextTheme(this.theme);
    applyTheme(this.theme);
  }

  private leave(): void {
    if (this.me && hasUnsaved(localStorage, this.me.personId)) this.asking = true;
    else void this.reallyLeave();
  }

  private async reallyLeave(): Promise<void> {
    this.asking = false;
    if (!this.me) return;
    try {
      await signOut(this.me);
      this.dispatchEvent(new CustomEvent('signed-out'));
    } catch (error) {
      toast(`Not signed out: ${sayError(error)}`);
    }
  }

  private shown(me: Me): Route[] {
    return routes.filter(route => route.nav && allowed(route, me));
  }

  private links(me: Me): TemplateResult {
    const current = (path: string) => (path === '/' ? this.path === '/' : this.path === path || this.path.startsWith(`${path}/`));
    return html`<nav aria-label="Main">${this.shown(me).map(route => html`<a href="#${route.path}" aria-current=${current(route.path) ? 'page' : nothing}>${route.nav}</a>`)}</nav>`;
  }

  protected override render(): TemplateResult {
    return html`<header class="bar ${this.me && this.shown(this.me).length > fewest ? 'many' : ''}">
      <a class="brand" href="#/" aria-label="HealthEval, home">${mark}<span>HealthEval</span></a>
      ${this.me ? this.links(this.me) : html`<span class="push"></span>`}
      <div class="person">
        <button class="btn plain icon small" type="button" aria-label="Colours: ${themeName[this.theme]}. Change" title="Colours: ${themeName[this.theme]}" @click=${() => this.turnTheme()}>${icon(themeIcon[this.theme])}</button>
        ${this.me ? html`<a class="name" href="#/sessions" aria-current=${this.path === '/sessions' ? 'page' : nothing} title="Shown to others as ${this.me.pseudonym}. Your sessions">${this.me.name}</a>
          <button class="btn plain icon small" type="button" aria-label="Sign out" title="Sign out" @click=${() => this.leave()}>${icon('out')}</button>` : nothing}
      </div>
    </header>
    ${dialog({
      heading: 'Sign out with unsaved work?',
      open: this.asking,
      onClose: () => (this.asking = false),
      body: html`<p>A draft on this device has not reached the server yet. Signing out deletes it here. Stay until the status says “saved on server”, or sign out and lose it.</p>`,
      foot: html`<button class="btn danger" type="button" @click=${() => this.reallyLeave()}>Sign out and lose it</button>
        <button class="btn primary" type="button" @click=${() => (this.asking = false)}>Stay</button>`,
    })}`;
  }
}
