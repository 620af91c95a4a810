import { LitElement } from 'lit';

/** Elements draw into the page itself: one style sheet, ids that labels and links can reach, selections that cross them. */
export class Light extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
