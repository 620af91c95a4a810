import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { factsIn } from '../../logic/facts';
import type { TaskSession } from '../../task/session';
import { icon } from '../icon';
import { Light } from '../light';

/** Facts from earlier in the conversation, offered for pinning; what is pinned stays in sight while one reads. */
@customElement('he-pins')
export class Pins extends Light {
  @property({ attribute: false }) session!: TaskSession;
  @state() private pinned: string[] = [];
  private facts: string[] = [];
  private of: TaskSession | null = null;

  protected override willUpdate(): void {
    if (this.of === this.session) return;
    this.of = this.session;
    this.pinned = [];
    this.facts = factsIn(this.session.task.item.prompt, this.session.task.item.language);
  }

  private toggle(fact: string): void {
    this.pinned = this.pinned.includes(fact) ? this.pinned.filter(other => other !== fact) : [...this.pinned, fact];
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.facts.length === 0) return nothing;
    return html`${this.pinned.length > 0 ? html`<ul class="pinned" aria-label="Pinned facts">${this.pinned.map(fact => html`<li><span dir="auto">${fact}</span>
        <button class="btn plain icon small" type="button" aria-label="Unpin: ${fact}" @click=${() => this.toggle(fact)}>${icon('cross')}</button></li>`)}</ul>` : nothing}
      <details class="facts"><summary>Facts to keep in sight <span class="quiet">${this.facts.length}</span></summary>
        <ul>${this.facts.map(fact => html`<li><button class="btn plain small" type="button" aria-pressed=${this.pinned.includes(fact)} @click=${() => this.toggle(fact)}>${icon('target')} <span dir="auto">${fact}</span></button></li>`)}</ul></details>`;
  }
}
