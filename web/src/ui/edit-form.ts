import { html, nothing, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { Problem, sayError, Unreachable } from '../api/problem';
import { merge, same, type Merge } from '../logic/merge';
import { checkField, checkGroup, selectField, textField, type Choice, type FieldOptions } from './field';
import { note } from './pieces';

export type Draft = Record<string, string | string[] | boolean>;
export type Errors = Record<string, string[]>;
type More = Partial<Pick<FieldOptions, 'hint' | 'required' | 'placeholder'>> & { type?: string; list?: string; onInput?: (value: string) => void };

export interface Version<T> {
  value: T;
  etag: string;
}

/** What somebody typed and has not saved when they left the page; in memory only, by the form's key. */
const parked = new Map<string, { base: unknown; value: unknown }>();

/** What is typed into a form: saved with its ETag, joined with a colleague's change, kept when one looks elsewhere. Fields have the ids `f-<key>`. */
export class Form<T extends Draft> implements ReactiveController {
  value!: T;
  busy = false;
  restored = false;
  private base!: T;
  private etag = '';
  private errors: Errors = {};
  private failure = '';
  private joined: Merge<T> | null = null;
  private readonly labels: Record<string, string> = {};
  private readonly choices: Record<string, Choice[]> = {};

  /** `paths`: where the server's name for a field differs from its key here. */
  constructor(private readonly host: LitElement, private readonly key: () => string, private readonly paths: Partial<Record<keyof T & string, string>> = {}) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('beforeunload', this.onUnload);
  }

  hostDisconnected(): void {
    removeEventListener('beforeunload', this.onUnload);
    if (this.dirty) parked.set(this.key(), { base: this.base, value: this.value });
    else parked.delete(this.key());
  }

  get dirty(): boolean {
    return this.value !== undefined && !same(this.base, this.value);
  }

  start({ value, etag }: Version<T>): void {
    const before = parked.get(this.key()) as { base: T; value: T } | undefined;
    const joined = before ? merge(before.base, before.value, value) : null;
    this.joined = joined && joined.taken.length + joined.clashes.length > 0 ? joined : null;
    this.restored = before !== undefined;
    this.base = value;
    this.etag = etag;
    this.value = joined?.value ?? value;
    this.host.requestUpdate();
  }

  /** Back to what the server has. */
  reset(): void {
    this.value = this.base;
    this.errors = {};
    [this.failure, this.joined, this.restored] = ['', null, false];
    this.host.requestUpdate();
  }

  set(patch: Partial<T>): void {
    this.value = { ...this.value, ...patch };
    this.host.requestUpdate();
  }

  /** True when it is saved. `reread` brings what the server has now, in case somebody else was faster. */
  async save(check: (value: T) => Errors, send: (value: T, etag: string) => Promise<unknown>, reread?: () => Promise<Version<T>>): Promise<boolean> {
    this.errors = check(this.value);
    [this.failure, this.joined, this.restored] = ['', null, false];
    this.busy = true;
    this.host.requestUpdate();
    try {
      if (Object.keys(this.errors).length > 0) return await this.refused();
      await send(this.value, this.etag);
      this.base = this.value;
      return true;
    } catch (error) {
      return await this.refused(error, reread);
    } finally {
      this.busy = false;
      this.host.requestUpdate();
    }
  }

  text(key: keyof T & string, label: string, { onInput, ...more }: More = {}): TemplateResult {
    return textField({ ...this.known(key, label), value: this.value[key] as string, onInput: onInput ?? (value => this.put(key, value)), ...more });
  }

  select(key: keyof T & string, label: string, choices: Choice[], more: Pick<More, 'hint'> & { none?: string } = {}): TemplateResult {
    this.choices[key] = choices;
    return selectField({ ...this.known(key, label), value: this.value[key] as string, onInput: value => this.put(key, value), choices, ...more });
  }

  group(key: keyof T & string, label: string, choices: Choice[], hint?: string): TemplateResult {
    this.choices[key] = choices;
    const { id, errors } = this.known(key, label);
    return checkGroup(id, label, choices, this.value[key] as string[], value => this.put(key, value), hint, errors);
  }

  check(key: keyof T & string, label: string | TemplateResult, name = String(label)): TemplateResult {
    return checkField(this.known(key, name).id, label, this.value[key] as boolean, value => this.put(key, value));
  }

  /** Everything that stands in the way of saving, above the fields. */
  notices(): TemplateResult {
    const listed = Object.entries(this.errors);
    return html`
      ${listed.length || this.failure ? note(html`<strong>Not saved.</strong>${this.failure ? html`<span>${this.failure}</span>` : nothing}
        ${listed.length ? html`<ul class="links">${listed.map(([path, messages]) => this.fault(path, messages))}</ul>` : nothing}`, 'bad', 'alert') : nothing}
      ${this.joined ? this.joinedNote(this.joined) : this.restored ? this.restoredNote() : nothing}`;
  }

  /** Save and cancel, and whether there is anything to save. */
  foot(action: string, back: string): TemplateResult {
    return html`<div class="row form-foot">
      <button class="btn primary" type="submit" ?disabled=${this.busy}>${this.busy ? 'Saving …' : action}</button>
      <a class="btn" href=${back} @click=${() => this.reset()}>Cancel</a>
      <span class="quiet" role="status">${this.dirty ? 'Not saved yet' : ''}</span>
    </div>`;
  }

  private readonly onUnload = (event: BeforeUnloadEvent) => {
    if (this.dirty) event.preventDefault();
  };

  private put(key: string, value: unknown): void {
    this.set({ [key]: value } as Partial<T>);
  }

  private known(key: keyof T & string, label: string): { id: string; label: string; errors: string[] | undefined } {
    this.labels[key] = label;
    return { id: `f-${key}`, label, errors: this.errors[this.paths[key] ?? key] };
  }

  private keyAt(path: string): string | undefined {
    return Object.keys(this.labels).find(key => (this.paths[key] ?? key) === path);
  }

  private fault(path: string, messages: string[]): TemplateResult {
    const key = this.keyAt(path);
    const words = messages.join(' ');
    return html`<li>${key ? html`<button class="link" type="button" @click=${() => this.focus(key)}>${this.labels[key]}</button>: ` : nothing}${words}</li>`;
  }

  private async refused(error?: unknown, reread?: () => Promise<Version<T>>): Promise<false> {
    if (error instanceof Problem && error.status === 412 && reread) await this.join(reread);
    else if (error instanceof Problem) [this.failure, this.errors] = [Object.keys(error.errors).length ? 'Some fields are not right yet:' : error.detail, error.errors];
    else if (error instanceof Unreachable) this.failure = 'The server cannot be reached. What you typed is still here; save again when the connection is back.';
    else if (error) this.failure = sayError(error);
    this.host.requestUpdate();
    await this.host.updateComplete;
    const keys = Object.keys(this.errors).map(path => this.keyAt(path));
    const first = Object.keys(this.labels).find(key => keys.includes(key));
    if (first) this.focus(first);
    return false;
  }

  private async join(reread: () => Promise<Version<T>>): Promise<void> {
    try {
      const now = await reread();
      this.joined = merge(this.base, this.value, now.value);
      [this.base, this.value, this.etag] = [now.value, this.joined.value, now.etag];
    } catch (error) {
      this.failure = `Somebody else changed this meanwhile, and it could not be read again. What you typed is still here; save again. (${sayError(error)})`;
    }
  }

  private focus(key: string): void {
    const field = this.host.querySelector<HTMLElement>(`#f-${key}`);
    (field?.querySelector<HTMLElement>('input') ?? field)?.focus();
  }

  private joinedNote({ taken, clashes, theirs }: Merge<T>): TemplateResult {
    return note(html`<strong>Somebody else changed this while you were writing. Nothing of yours is lost, and nothing is saved yet.</strong>
      ${taken.length ? html`<span>Taken over from them: ${taken.map(key => `${this.labels[key] ?? key} is now ${this.say(key, theirs[key])}`).join('; ')}.</span>` : nothing}
      ${clashes.map(key => html`<span>You both changed ${this.labels[key] ?? key}. Yours stands below; theirs is ${this.say(key, theirs[key])}.
        <button class="link" type="button" @click=${() => this.takeTheirs(key, theirs)}>Use theirs</button></span>`)}
      <span>Look it over and save again.</span>`, 'warn', 'alert');
  }

  private restoredNote(): TemplateResult {
    return note(html`<span>You left this form without saving; what you had typed is here again. <button class="link" type="button" @click=${() => this.reset()}>Discard it</button></span>`, 'info', 'status');
  }

  private takeTheirs(key: keyof T & string, theirs: T): void {
    this.put(key, theirs[key]);
    if (this.joined) this.joined = { ...this.joined, clashes: this.joined.clashes.filter(other => other !== key) };
  }

  private say(key: string, value: unknown): string {
    const name = (one: string) => this.choices[key]?.find(choice => choice.key === one)?.name ?? one;
    if (typeof value === 'boolean') return value ? 'on' : 'off';
    return `“${Array.isArray(value) ? value.map(name).join(', ') : name(String(value))}”`;
  }
}
