import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import type { SignInWays } from '../api/people';
import { Problem, sayError } from '../api/problem';
import { tokenIn } from '../logic/sign-in-link';
import { setAddress } from '../router';
import { textField } from '../ui/field';
import { mark } from '../ui/icon';
import { Light } from '../ui/light';
import { note } from '../ui/pieces';
import '../styles/sign-in.css';

/** Signs in with a one-time link, opened or pasted, or leads to where the platform signs people in with their own account. */
@customElement('he-sign-in')
export class SignIn extends Light {
  @property() path = '';
  /** A session has just ended by itself. */
  @property({ type: Boolean }) ended = false;
  @state() private link = '';
  @state() private error: TemplateResult | null = null;
  @state() private busy = false;
  @state() private ways: SignInWays | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    api.signInWays().then(ways => (this.ways = ways), () => {}); // without an answer the form for links is shown, which says what is wrong
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('path')) return;
    const token = tokenIn(`#${this.path}`);
    if (token) void this.use(token);
  }

  private async use(token: string): Promise<void> {
    // Out of the address, and so out of the history and of any screenshot, before anything else happens.
    setAddress('/');
    this.busy = true;
    this.error = null;
    try {
      await api.signIn(token);
      this.dispatchEvent(new CustomEvent('signed-in'));
    } catch (error) {
      this.error = explain(error);
    } finally {
      this.busy = false;
    }
  }

  private submit(event: Event): void {
    event.preventDefault();
    const token = tokenIn(this.link.trim());
    if (token) void this.use(token);
    else this.error = html`<strong>This is not a sign-in link.</strong><span>It should contain <code>#/sign-in/</code> followed by a long word. Copy the whole link again.</span>`;
  }

  protected override render(): TemplateResult {
    return html`<div class="sign-in">
      <div class="sign-in-brand">${mark}<h1 tabindex="-1">HealthEval</h1><p>Clinicians judge what AI says about health: every score with its evidence.</p></div>
      ${this.ended ? note(html`<strong>Your session has ended.</strong><span>Your draft is safe: what you wrote is kept on this device and is there again when you have signed in.</span>`, 'info', 'status') : nothing}
      ${this.ways?.signIn ? this.account(this.ways.signIn, this.ways.signOut) : this.form()}
    </div>`;
  }

  private account(signIn: string, signOut: string | null): TemplateResult {
    return html`<div class="card stack">
      <h2>Sign in</h2>
      <p>HealthEval is for people who were invited. Sign in with your own account.</p>
      <p class="quiet">If you have, and see this page again, ask your lead to enter you with the e-mail address you sign in with.</p>
      <a class="btn primary" href=${signIn}>Sign in</a>
      ${signOut ? html`<a class="btn push" href=${signOut}>Use another account</a>` : nothing}
    </div>`;
  }

  private form(): TemplateResult {
    return html`<form class="card stack" @submit=${(event: Event) => this.submit(event)}>
        <h2>Sign in</h2>
        ${this.error ? note(this.error, 'bad', 'alert') : nothing}
        <p class="quiet">Open the sign-in link you were sent. If it opened in another browser, paste it here.</p>
        ${textField({ id: 'sign-in-link', label: 'Sign-in link', value: this.link, onInput: value => (this.link = value), placeholder: 'http://…/#/sign-in/…', hint: 'A link works once.' })}
        <button class="btn primary" type="submit" ?disabled=${this.busy}>${this.busy ? 'Signing in …' : 'Sign in'}</button>
      </form>`;
  }
}

function explain(error: unknown): TemplateResult {
  if (error instanceof Problem && error.status < 500)
    return html`<strong>This link no longer works.</strong><span>${error.detail} On your own machine, the program prints new links when it starts.</span>`;
  return html`<strong>Signing in failed.</strong><span>${sayError(error)}</span>`;
}
