import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { whenSignedOut } from './api/http';
import type { Me } from './api/people';
import { sayError } from './api/problem';
import { go, match, pathOf, type Params } from './router';
import { allowed, routes, type Route } from './routes';
import { whoAmI } from './session';
import { keepFocus } from './ui/keep-focus';
import { emptyState, loading } from './ui/pieces';
import { Light } from './ui/light';
import './pages/sign-in';
import './ui/bar';
import './ui/made-links';
import './ui/outbox';
import './ui/toast';

/** The frame around every page: who is signed in, which page the address names, and where the focus goes. */
@customElement('he-app')
export class App extends Light {
  @state() private me: Me | null | undefined;
  @state() private trouble = '';
  @state() private path = pathOf(location.hash);
  @state() private ready: Route | null = null;
  @state() private ended = false;

  override connectedCallback(): void {
    super.connectedCallback();
    keepFocus(this);
    addEventListener('hashchange', () => this.moved());
    addEventListener('focus-page', () => this.focusPage());
    whenSignedOut(() => this.sessionEnded());
    // With a sign-in link in the address there is nothing to ask yet.
    if (this.path.startsWith('/sign-in/')) this.me = null;
    else void this.start();
  }

  async start(): Promise<void> {
    this.trouble = '';
    try {
      this.me = await whoAmI();
      if (this.me) await this.open();
    } catch (error) {
      this.trouble = sayError(error);
    }
  }

  /** A session that ends by itself while somebody is at work: the sign-in page says that nothing is lost. */
  private sessionEnded(): void {
    this.ended = Boolean(this.me);
    this.me = null;
  }

  private moved(): void {
    const before = this.path;
    this.path = pathOf(location.hash);
    if (this.me) void this.open(before !== this.path);
  }

  private found(): { route: Route; params: Params } | null {
    for (const route of routes) {
      const params = match(route.path, this.path) ?? (route.below && this.path.startsWith(`${route.path}/`) ? rest(route.path, this.path) : null);
      if (params && this.me && allowed(route, this.me)) return { route, params };
    }
    return null;
  }

  private async open(focus = false): Promise<void> {
    const found = this.found();
    try {
      await found?.route.load();
      this.trouble = '';
    } catch (error) {
      this.trouble = `This page could not be loaded. Reload to try again. (${sayError(error)})`;
    }
    this.ready = found?.route ?? null;
    document.title = `${found?.route.title ?? 'Not found'} · HealthEval`;
    scrollTo(0, 0);
    await this.updateComplete;
    if (focus) this.focusPage();
  }

  /** Moves the focus to the page's heading, so that a screen reader says where one is now. */
  private focusPage(): void {
    requestAnimationFrame(() => (this.querySelector<HTMLElement>('main h1') ?? this.querySelector<HTMLElement>('main'))?.focus());
  }

  private signedIn(): void {
    this.ended = false;
    if (this.path.startsWith('/sign-in')) go('/', 'replace');
    void this.start().then(() => this.focusPage());
  }

  private page(): TemplateResult {
    if (this.trouble) return html`${emptyState('Something is in the way', this.trouble, html`<button class="btn primary" @click=${() => this.start()}>Try again</button>`)}`;
    const found = this.found();
    if (!found) return emptyState('There is no such page', 'The address is wrong, or the page is for people with another role.', html`<a class="btn" href="#/">Go to Home</a>`);
    return this.ready === found.route && this.me ? found.route.view(found.params, this.me) : loading('the page');
  }

  protected override render(): TemplateResult {
    const signIn = this.me === null || this.path.startsWith('/sign-in/');
    const wide = !signIn && this.ready?.wide;
    return html`
      <button class="btn primary skip" type="button" @click=${() => this.querySelector('main')?.focus()}>Skip to content</button>
      ${signIn ? nothing : html`<he-bar .me=${this.me ?? null} .path=${this.path} @signed-out=${() => ((this.ended = false), (this.me = null))}></he-bar>`}
      ${this.me?.roles.includes('annotator') ? html`<he-outbox .personId=${this.me.personId}></he-outbox>` : nothing}
      ${signIn || wide ? nothing : html`<he-made-links .me=${this.me ?? null} @signed-out=${() => ((this.ended = false), (this.me = null))}></he-made-links>`}
      <main tabindex="-1" class=${wide ? 'wide' : ''} @signed-out=${() => ((this.ended = false), (this.me = null))}>
        ${signIn
          ? html`<he-sign-in .path=${this.path} .ended=${this.ended} @signed-in=${() => this.signedIn()}></he-sign-in>`
          : this.me === undefined && !this.trouble ? loading('HealthEval') : this.page()}
      </main>
      <he-toasts></he-toasts>`;
  }
}

function rest(base: string, path: string): Params {
  return { rest: path.slice(base.length + 1) };
}
