import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import type { MadeLink, Me } from '../api/people';
import { sayError } from '../api/problem';
import { dayAndTime } from '../logic/time';
import { Light } from './light';
import { note } from './pieces';
import { toast } from './toast';

/** After sign-in: which links were made for this person since they last looked, by whom, and which of them let somebody in. */
@customElement('he-made-links')
export class MadeLinks extends Light {
  @property({ attribute: false }) me: Me | null = null;
  @state() private seen = '';

  private get key(): string {
    return `he:links-seen:${this.me?.personId ?? ''}`;
  }

  private unseen(): MadeLink[] {
    const until = this.seen || localStorage.getItem(this.key) || '';
    return (this.me?.links ?? []).filter(link => link.at > until);
  }

  private dismiss(): void {
    this.seen = this.me?.links[0]?.at ?? '';
    localStorage.setItem(this.key, this.seen);
  }

  private async endAll(): Promise<void> {
    try {
      await api.endSessions();
      this.dispatchEvent(new CustomEvent('signed-out'));
    } catch (error) {
      toast(`Not ended: ${sayError(error)}`);
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const links = this.unseen();
    if (links.length === 0) return nothing;
    return note(html`<strong>${links.length === 1 ? 'A sign-in link for you was made' : `${links.length} sign-in links for you were made`}.</strong>
      <ul>${links.map(link => html`<li>by ${link.by}, ${dayAndTime(link.at)}${link.usedAt ? `, used ${dayAndTime(link.usedAt)}` : ', not used yet'}</li>`)}</ul>
      <span>If one of them was not for you to use, somebody may have been here as you: end all sessions and tell whoever runs your project.</span>
      <div class="row"><button class="btn small" type="button" @click=${() => this.dismiss()}>They were for me</button>
        <button class="btn small danger" type="button" @click=${() => this.endAll()}>End all sessions</button></div>`, 'info', 'status');
  }
}
