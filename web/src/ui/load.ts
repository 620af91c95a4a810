import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { sayError, Unreachable } from '../api/problem';
import { loading, note } from './pieces';

/** What a page has asked the server for: on its way, failed (with a way to try again), or here. What is here stays while it is asked for anew. */
export class Load<T> implements ReactiveController {
  value: T | undefined;
  error = '';
  busy = false;
  private turn = 0;
  private timer = 0;

  /** `again`: after how many milliseconds to ask once more, or null when what is here is final. Looks again when the window comes back into view, too. */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly what: string,
    private readonly get: () => Promise<T>,
    private readonly again?: (value: T) => number | null,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    if (this.again) document.addEventListener('visibilitychange', this.onSeen);
    void this.run();
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.onSeen);
    clearTimeout(this.timer);
    this.turn++;
  }

  async run(): Promise<void> {
    const turn = ++this.turn;
    clearTimeout(this.timer);
    this.change({ busy: true });
    try {
      const value = await this.get();
      if (turn === this.turn) this.change({ busy: false, error: '', value });
    } catch (error) {
      if (turn === this.turn) this.change({ busy: false, error: error instanceof Unreachable ? 'The server cannot be reached. Check the connection, then try again.' : sayError(error) });
    }
    if (turn === this.turn) this.plan();
  }

  show(view: (value: T) => TemplateResult): TemplateResult {
    if (this.value !== undefined) return html`${this.trouble()}${view(this.value)}`;
    return this.error ? html`${this.trouble()}` : loading(this.what);
  }

  private readonly onSeen = () => {
    if (document.visibilityState === 'visible') void this.run();
  };

  private plan(): void {
    if (!this.again || this.value === undefined) return;
    const wait = this.again(this.value);
    if (wait !== null) this.timer = window.setTimeout(() => void this.run(), this.error ? wait * 5 : wait);
  }

  private change(patch: Partial<Pick<Load<T>, 'busy' | 'error' | 'value'>>): void {
    Object.assign(this, patch);
    this.host.requestUpdate();
  }

  private trouble(): TemplateResult | typeof nothing {
    if (!this.error) return nothing;
    return note(html`<span>${this.error}</span><div><button class="btn small" type="button" ?disabled=${this.busy} @click=${() => this.run()}>Try again</button></div>`, 'bad', 'alert');
  }
}
