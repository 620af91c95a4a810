import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { Me } from '../../api/people';
import type { Project } from '../../api/projects';
import type { Prompt, PromptChange } from '../../api/prompts';
import { sayError } from '../../api/problem';
import { asText, checkPrompt, newPrompt, promptDraft, promptInput, roleOf, textOf, type PromptDraft } from '../../lead/prompt-draft';
import { subdomains } from '../../lead/words';
import { dayAndTime } from '../../logic/time';
import { wordDiff } from '../../logic/word-diff';
import { go } from '../../router';
import { Form } from '../../ui/edit-form';
import { areaField } from '../../ui/field';
import { icon } from '../../ui/icon';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { toast } from '../../ui/toast';

/** One prompt: its current text to refine, and every version with what changed and why. */
@customElement('he-prompt')
export class PromptPage extends Light {
  @property({ attribute: false }) me!: Me;
  @property({ attribute: false }) project!: Project;
  @property() promptId = '';
  @state() private compared: { version: number; before: string; after: string } | null = null;
  private basedOn: number | undefined;
  private readonly form = new Form<PromptDraft>(this, () => `${this.me.personId}:prompt:${this.project.projectId}/${this.promptId}`, { turns: 'messages' });
  private readonly prompt = new Load<Prompt | null>(this, 'the prompt', async () => {
    const prompt = this.promptId ? await api.prompt(this.project.projectId, this.promptId) : null;
    this.form.start(prompt ? { value: promptDraft(prompt), etag: prompt.etag } : { value: newPrompt, etag: '' });
    return prompt;
  });

  private get back(): string {
    return `#/prompts/${this.project.projectId}`;
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const { projectId } = this.project;
    const send = (draft: PromptDraft, etag: string) => (this.promptId
      ? api.revisePrompt(projectId, this.promptId, promptInput(draft, this.basedOn), etag)
      : api.addPrompt(projectId, promptInput(draft)));
    const reread = async () => {
      const now = await api.prompt(projectId, this.promptId);
      this.prompt.value = now;
      return { value: promptDraft(now), etag: now.etag };
    };
    if (!(await this.form.save(draft => checkPrompt(draft, !this.promptId), send, reread))) return;
    this.basedOn = undefined;
    toast(this.promptId ? `${this.form.value.title}: a new version is kept.` : `${this.form.value.title}: kept.`);
    if (this.promptId) await this.prompt.run();
    else go(this.back.slice(1));
  }

  private async startFrom(version: number): Promise<void> {
    try {
      const old = await api.promptVersion(this.project.projectId, this.promptId, version);
      this.basedOn = version;
      this.form.set({ ...textOf(old.messages), title: old.title, why: `Back to version ${version}: ` });
      this.querySelector<HTMLElement>('#f-why')?.focus();
    } catch (error) {
      toast(`Version ${version} could not be fetched: ${sayError(error)}`);
    }
  }

  private async compare({ version, basedOn }: PromptChange): Promise<void> {
    if (this.compared?.version === version) return void (this.compared = null);
    try {
      const of = async (one: number) => asText((await api.promptVersion(this.project.projectId, this.promptId, one)).messages);
      const [before, after] = await Promise.all([basedOn ? of(basedOn) : '', of(version)]);
      this.compared = { version, before, after };
    } catch (error) {
      toast(`Version ${version} could not be fetched: ${sayError(error)}`);
    }
  }

  private turn(index: number, text: string): void {
    this.form.set({ turns: this.form.value.turns.with(index, text) });
  }

  private turns(): TemplateResult {
    const { turns } = this.form.value;
    return html`<fieldset class="card stack" id="f-turns" tabindex="-1"><legend>What is asked</legend>
      ${areaField({ id: 'f-system', label: 'System message', hint: 'Optional: what the assistant is told before the conversation.', rows: 2, value: this.form.value.system, onInput: system => this.form.set({ system }) })}
      ${turns.map((text, index) => areaField({ id: `f-turns-${index}`, label: roleOf(index) === 'user' ? (turns.length > 1 ? `Person, turn ${index + 1}` : 'Person') : `Assistant, turn ${index + 1}`, rows: roleOf(index) === 'user' ? 4 : 3, value: text, onInput: value => this.turn(index, value) }))}
      <div class="row">
        <button class="btn small" type="button" @click=${() => this.form.set({ turns: [...turns, '', ''] })}>${icon('plus')}Let the conversation go on</button>
        ${turns.length > 1 ? html`<button class="btn small plain" type="button" @click=${() => this.form.set({ turns: turns.slice(0, -2) })}>Take the last two turns away</button>` : nothing}
      </div>
    </fieldset>`;
  }

  private about(): TemplateResult {
    const { form } = this;
    return html`<fieldset class="card stack"><legend>What it is for</legend>
      ${form.text('title', 'Title', { required: true })}
      <div class="grid2">
        ${form.select('subdomain', 'Sub-domain', subdomains)}
        ${form.text('language', 'Language', { hint: 'A code such as en or es.' })}
        ${form.text('tags', 'Tags', { hint: 'With commas between them.' })}
      </div>
    </fieldset>`;
  }

  private entry(change: PromptChange, current: number): Entry {
    const { version, author, at, why, basedOn } = change;
    const open = this.compared?.version === version ? this.compared : null;
    return {
      title: `Version ${version}`,
      badges: html`${version === current ? badge('Current', 'good', 'check') : nothing}${basedOn && basedOn !== version - 1 ? badge(`from version ${basedOn}`) : nothing}`,
      text: html`${why ? html`<span dir="auto">${why}</span> · ` : nothing}<code>${author}</code>, ${dayAndTime(at)}`,
      actions: html`<button class="btn small" type="button" aria-expanded=${open !== null} aria-label="${basedOn ? 'What changed in' : 'Text of'} version ${version}" @click=${() => this.compare(change)}>${basedOn ? 'What changed' : 'Text'}</button>
        ${version === current ? nothing : html`<button class="btn small" type="button" aria-label="Start from version ${version}" @click=${() => this.startFrom(version)}>Start from this</button>`}`,
      below: open ? html`<p class="word-diff" dir="auto">${open.before ? wordDiff(open.before, open.after).map(({ kind, text }) =>
        (kind === 'in' ? html`<ins>${text}</ins>` : kind === 'out' ? html`<del>${text}</del>` : text)) : open.after}</p>` : nothing,
    };
  }

  protected override render(): TemplateResult {
    return html`<p class="back"><a href=${this.back}>← All prompts</a></p>
      ${this.prompt.show(prompt => html`<div class="stack wide-gaps">
        <form class="stack form" novalidate @submit=${(event: Event) => this.save(event)}>
          ${this.form.notices()}${this.about()}${this.turns()}
          ${prompt ? this.form.text('why', 'Why this version', { required: true, hint: 'What it does better, in a sentence. It stays with the version.' }) : nothing}
          ${this.form.foot(prompt ? `Keep as version ${prompt.version + 1}` : 'Keep the prompt', this.back)}
        </form>
        ${prompt ? html`<section class="stack" aria-labelledby="versions"><h2 id="versions">Versions</h2>${records('Versions', prompt.history.toReversed().map(change => this.entry(change, prompt.version)))}</section>` : nothing}
      </div>`)}`;
  }
}
