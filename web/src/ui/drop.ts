import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon } from './icon';
import { Light } from './light';

/** A place to drop or choose files; fires `files` with a File[]. */
@customElement('he-drop')
export class Drop extends Light {
  @property() label = 'Drop a file here';
  @property() accept = '';
  @property() hint = '';
  @property({ type: Boolean }) busy = false;
  @state() private over = false;

  private take(list: FileList | null | undefined): void {
    this.over = false;
    if (list?.length) this.dispatchEvent(new CustomEvent<File[]>('files', { detail: [...list] }));
  }

  private drag(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.over = over;
  }

  protected override render(): TemplateResult {
    return html`<div class="drop ${this.over ? 'over' : ''}"
      @dragover=${(event: DragEvent) => this.drag(event, true)} @dragleave=${(event: DragEvent) => this.drag(event, false)}
      @drop=${(event: DragEvent) => (this.drag(event, false), this.take(event.dataTransfer?.files))}>
      ${icon('file')}<strong>${this.label}</strong><span class="quiet">${this.hint}</span>
      <input class="sr" id="drop-input" type="file" tabindex="-1" multiple accept=${this.accept} ?disabled=${this.busy} aria-label=${this.label}
        @change=${(event: Event) => (this.take((event.target as HTMLInputElement).files), ((event.target as HTMLInputElement).value = ''))} />
      <button class="btn" type="button" ?disabled=${this.busy} @click=${() => this.querySelector('input')?.click()}>Choose files</button>
    </div>`;
  }
}
