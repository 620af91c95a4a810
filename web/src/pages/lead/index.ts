import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Me } from '../../api/people';
import type { Params } from '../../router';
import { Light } from '../../ui/light';
import { emptyState, pageHead } from '../../ui/pieces';

/** Pages of people who run projects: `page` is the navigation entry, `params.rest` what follows it in the address. */
@customElement('he-lead')
export class LeadPages extends Light {
  @property({ attribute: false }) me!: Me;
  @property() page = '';
  @property({ attribute: false }) params: Params = {};

  protected override render(): TemplateResult {
    return html`${pageHead(this.page)}${emptyState('Not here yet', 'This page is being built.')}`;
  }
}
