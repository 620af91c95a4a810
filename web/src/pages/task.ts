import type { TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { Light } from '../ui/light';
import { pageHead } from '../ui/pieces';

@customElement('he-task')
export class TaskPage extends Light {
  protected override render(): TemplateResult {
    return pageHead('Task');
  }
}
