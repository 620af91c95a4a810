import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Me } from '../api/people';
import { dayAndTime } from '../logic/time';
import { Light } from '../ui/light';
import { note, pageHead } from '../ui/pieces';
import '../ui/sessions';

/** Where one is signed in, which links were made for one, and the way to end it all. */
@customElement('he-sessions-page')
export class SessionsPage extends Light {
  @property({ attribute: false }) me!: Me;

  private links(): TemplateResult | typeof nothing {
    const { links } = this.me;
    if (links.length === 0) return nothing;
    return html`<section class="card stack" aria-labelledby="links-title"><h2 id="links-title">Sign-in links made for you</h2>
      <ul>${links.map(link => html`<li>by ${link.by}, ${dayAndTime(link.at)}${link.usedAt ? `, used ${dayAndTime(link.usedAt)}` : ', not used'}</li>`)}</ul>
      <p class="quiet">Kept for a month. If somebody else used one of them, end all sessions and tell whoever runs your project.</p></section>`;
  }

  protected override render(): TemplateResult {
    const { me } = this;
    return html`${pageHead('Your sessions', 'Where you are signed in.')}
      ${me.authMode === 'platform'
        ? note('Here people sign in with their own account, and their organization ends sessions. There are none of this program’s own.', 'info')
        : html`<div class="stack"><section class="card"><he-sessions .names=${new Map([[me.personId, me.name]])}></he-sessions></section>${this.links()}</div>`}`;
  }
}
