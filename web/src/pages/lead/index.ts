import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Me } from '../../api/people';
import type { Params } from '../../router';
import { Light } from '../../ui/light';
import '../../styles/lead.css';
import '../../styles/report.css';
import './guidelines';
import './in-project';
import './people';
import './person-form';
import './project-form';
import './projects';

/** Pages of people who run projects: `page` is the navigation entry, `params.rest` what follows it in the address. */
@customElement('he-lead')
export class LeadPages extends Light {
  @property({ attribute: false }) me!: Me;
  @property() page = '';
  @property({ attribute: false }) params: Params = {};

  /** An id never starts with an underscore, so that `_new` is free. */
  protected override render(): TemplateResult {
    const [first = '', second = '', third = ''] = (this.params['rest'] ?? '').split('/');
    const id = first === '_new' ? '' : first;
    switch (this.page) {
      case 'Projects':
        return first ? html`${keyed(first, html`<he-project-form .me=${this.me} .projectId=${id}></he-project-form>`)}` : html`<he-projects .me=${this.me}></he-projects>`;
      case 'People':
        return first ? html`${keyed(first, html`<he-person-form .me=${this.me} .personId=${id}></he-person-form>`)}` : html`<he-people .me=${this.me}></he-people>`;
      case 'Guidelines':
        return html`<he-guidelines .me=${this.me} .guideline=${first} .version=${second} .section=${third}></he-guidelines>`;
      default:
        return html`<he-in-project .me=${this.me} .page=${this.page} .projectId=${first} .rest=${second} .below=${third}></he-in-project>`;
    }
  }
}
