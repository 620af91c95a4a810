import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Me } from '../../api/people';
import { sayError } from '../../api/problem';
import type { Project } from '../../api/projects';
import { tokens, type Token } from '../../api/tokens';
import { curlLines, scopeWords } from '../../lead/tokens';
import { dayAndTime } from '../../logic/time';
import { copyButton } from '../../ui/copy';
import { dialog } from '../../ui/dialog';
import { checkGroup, selectField, textField } from '../../ui/field';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, note } from '../../ui/pieces';
import { dataTable } from '../../ui/table';
import { toast } from '../../ui/toast';

/** For programs: lines to copy, and the tokens that they need. */
@customElement('he-tokens')
export class Tokens extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @property() page: 'batches' | 'reports' = 'batches';
  @state() private open = false;
  @state() private name = '';
  @state() private scopes: string[] = [];
  @state() private days = '90';
  @state() private error = '';
  @state() private secret = '';
  private readonly known = new Load(this, 'the tokens', () => tokens.list(this.project.projectId));

  private ask(): void {
    [this.open, this.error, this.secret, this.name] = [true, '', '', ''];
    const offered = this.known.value?.scopes ?? [];
    this.scopes = [...new Set(curlLines(this.page, '', '').map(({ scope }) => scope))].filter(scope => offered.includes(scope));
  }

  private async make(): Promise<void> {
    try {
      this.secret = (await tokens.make(this.project.projectId, { name: this.name.trim(), scopes: this.scopes, days: Number(this.days) })).token;
      this.error = '';
      await this.known.run();
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private async revoke(token: Token): Promise<void> {
    if (!confirm(`Revoke “${token.name}”? Programs that use it get nothing any more.`)) return;
    try {
      await tokens.revoke(this.project.projectId, token.tokenId);
      await this.known.run();
    } catch (error) {
      toast(`Not revoked: ${sayError(error)}`);
    }
  }

  private lines(): TemplateResult {
    return html`<ul class="curl">${curlLines(this.page, this.project.projectId, location.origin).map(({ what, line, scope }) => html`<li>
      <div class="row"><strong>${what}</strong><span class="quiet">needs ${scope}</span><span class="push">${copyButton(line, `line: ${what}`, 'Copy')}</span></div>
      <pre tabindex="0">${line}</pre></li>`)}</ul>
      <p class="quiet">Put the token into the environment first: <code>export HEALTHEVAL_TOKEN=…</code> ${this.me.authMode === 'local' ? nothing : html`Static Web Apps uses the header <code>Authorization</code> itself: send <code>X-HealthEval-Token: $HEALTHEVAL_TOKEN</code> instead.`}</p>`;
  }

  private table(list: Token[]): TemplateResult {
    return dataTable<Token>('Tokens of this project', [
      { head: 'For', rowHead: true, cell: one => html`${one.name} <code class="quiet">${one.tokenId}</code>` },
      { head: 'May', cell: one => one.scopes.map(scope => scopeWords[scope] ?? scope).join(', ') },
      { head: 'Until', cell: one => dayAndTime(one.expiresAt) },
      { head: 'Last used', cell: one => (one.lastUsedAt ? dayAndTime(one.lastUsedAt) : 'never') },
      { head: 'State', cell: one => (one.state === 'working' ? html`<button class="btn small" type="button" aria-label="Revoke ${one.name}" @click=${() => this.revoke(one)}>Revoke</button>` : badge(one.state, 'warn')) },
    ], list, 'No token yet.');
  }

  private asking(offered: string[]): TemplateResult {
    return dialog({
      heading: this.secret ? 'The token, this once' : 'New token',
      open: this.open,
      onClose: () => ((this.open = false), (this.secret = '')),
      body: this.secret
        ? html`<div class="stack"><div class="secret"><code>${this.secret}</code>${copyButton(this.secret, 'token', 'Copy token')}</div>${note('It is not shown again; only its hash is kept. If it gets lost, revoke it and make another.', 'warn')}</div>`
        : html`<div class="stack">
            ${textField({ id: 'token-name', label: 'For which program', value: this.name, placeholder: 'nightly upload', onInput: value => (this.name = value) })}
            ${checkGroup('token-scopes', 'What it may do', offered.map(key => ({ key, name: `${scopeWords[key] ?? key} (${key})` })), this.scopes, chosen => (this.scopes = chosen))}
            ${selectField({ id: 'token-days', label: 'How long it works', value: this.days, choices: ['7', '30', '90', '365'].map(key => ({ key, name: `${key} days` })), onInput: value => (this.days = value) })}
            ${this.error ? note(this.error, 'bad', 'alert') : nothing}</div>`,
      foot: this.secret
        ? html`<button class="btn primary" type="button" @click=${() => ((this.open = false), (this.secret = ''))}>Done</button>`
        : html`<button class="btn plain" type="button" @click=${() => (this.open = false)}>Cancel</button><button class="btn primary" type="button" @click=${() => this.make()}>Make the token</button>`,
    });
  }

  protected override render(): TemplateResult {
    return html`<details class="card for-programs"><summary><h2>For programs</h2></summary><div class="stack">
      ${this.lines()}
      ${this.known.show(({ tokens: list, scopes }) => html`${this.table(list)}<div><button class="btn" type="button" @click=${() => this.ask()}>New token …</button></div>${this.asking(scopes)}`)}
    </div></details>`;
  }
}
