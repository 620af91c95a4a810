import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api';
import type { Session } from '../api/people';
import { sayError } from '../api/problem';
import { dayAndTime } from '../logic/time';
import { dialog } from './dialog';
import { Light } from './light';
import { Load } from './load';
import { dataTable } from './table';
import { toast } from './toast';

/** Where somebody is signed in, and the way to end it everywhere: one's own, or those of a person whom one may change. */
@customElement('he-sessions')
export class Sessions extends Light {
  /** Empty for one's own. */
  @property() personId = '';
  /** Whom the page is about, for its sentences. */
  @property() name = 'you';
  /** Names by id, as far as they are known. */
  @property({ attribute: false }) names = new Map<string, string>();
  @state() private asking = false;
  private readonly sessions = new Load<Session[]>(this, 'the sessions', () => (this.personId ? api.sessionsOf(this.personId) : api.sessions()));

  private async endAll(): Promise<void> {
    this.asking = false;
    try {
      if (!this.personId) {
        await api.endSessions();
        this.dispatchEvent(new CustomEvent('signed-out', { bubbles: true }));
        return;
      }
      await api.endSessionsOf(this.personId);
      toast(`${this.name}: all sessions and unused links are ended.`);
      await this.sessions.run();
    } catch (error) {
      toast(`Not ended: ${sayError(error)}`);
    }
  }

  private by(session: Session): string {
    return session.linkBy ? (this.names.get(session.linkBy) ?? session.linkBy) : 'the program, when it was started';
  }

  private table(all: Session[]): TemplateResult {
    return html`${dataTable<Session>(this.personId ? `Sessions of ${this.name}` : 'Your sessions', [
      { head: 'Since', rowHead: true, cell: one => html`${one.startedAt ? dayAndTime(one.startedAt) : 'unknown'}${one.here ? html` <strong>(this one)</strong>` : nothing}` },
      { head: 'Last used', cell: one => (one.lastSeenAt ? dayAndTime(one.lastSeenAt) : 'unknown') },
      { head: 'Ends at the latest', cell: one => dayAndTime(one.expiresAt) },
      { head: 'Link made by', cell: one => this.by(one) },
    ], all, 'Signed in nowhere.')}
    <div class="row"><button class="btn danger" type="button" @click=${() => (this.asking = true)}>End all sessions</button>
      <span class="quiet">Also voids sign-in links that nobody has used. A new link is needed to come back.</span></div>`;
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">${this.sessions.show(all => this.table(all))}</div>
      ${dialog({
        heading: this.personId ? `End all sessions of ${this.name}?` : 'End all your sessions?',
        open: this.asking,
        onClose: () => (this.asking = false),
        body: html`<p>${this.personId ? 'They are signed out everywhere at once.' : 'You are signed out everywhere at once, here too.'} What the server has saved stays. To come back, an admin has to make a new sign-in link.</p>`,
        foot: html`<button class="btn danger" type="button" @click=${() => this.endAll()}>End all</button>
          <button class="btn primary" type="button" @click=${() => (this.asking = false)}>Keep them</button>`,
      })}`;
  }
}
