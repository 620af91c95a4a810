import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { oversight, type ActResult } from '../../api/oversight';
import type { Person } from '../../api/people';
import { sayError } from '../../api/problem';
import { actKinds, refusals } from '../../lead/acts';
import { count, number } from '../../lead/words';
import { dialog } from '../../ui/dialog';
import { areaField, selectField } from '../../ui/field';
import { Light } from '../../ui/light';
import { meter, note } from '../../ui/pieces';

/** What is to be done, and to which items. */
export interface Acting {
  kind: string;
  taskIds: string[];
  annotationIds?: string[];
}

export interface Acted {
  acts: string[];
  done: number;
  refused: number;
  canBeUndone: boolean;
}

const atOnce = 200;

/** Says what would happen, asks why, does it; fires `acted` with an Acted, `closed` when nothing is asked any more. */
@customElement('he-item-acts')
export class ItemActs extends Light {
  @property() project = '';
  @property({ attribute: false }) about: Acting | null = null;
  @property({ attribute: false }) people: Person[] = [];
  @state() private why = '';
  @state() private personId = '';
  @state() private preview: ActResult | null = null;
  @state() private error = '';
  @state() private through = -1;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('about')) return;
    [this.error, this.through, this.preview, this.why] = ['', -1, null, ''];
    if (this.about && this.about.kind !== 'reassign') void this.look();
  }

  private get candidates(): Person[] {
    return this.people.filter(person => person.active && person.roles.includes('annotator') && (person.projects.includes(this.project) || person.projects.includes('*')));
  }

  /** By the hundred, adding the answers up. */
  private async send(preview: boolean): Promise<{ result: ActResult; acts: string[] }> {
    const { kind, taskIds, annotationIds } = this.about!;
    const [acts, outcomes]: [string[], ActResult['outcomes']] = [[], []];
    let canBeUndone = false;
    for (let from = 0; from < taskIds.length; from += atOnce) {
      const some = await oversight.act(this.project, {
        kind, taskIds: taskIds.slice(from, from + atOnce), preview, why: this.why.trim(), ...(annotationIds ? { annotationIds } : {}), ...(this.personId ? { personId: this.personId } : {}),
      });
      outcomes.push(...some.outcomes);
      if (some.actId) acts.push(some.actId);
      canBeUndone = some.canBeUndone;
      if (!preview) this.through = outcomes.length;
    }
    const refused = outcomes.filter(outcome => outcome.refusal).length;
    return { result: { preview, outcomes, refused, done: outcomes.length - refused, canBeUndone }, acts };
  }

  private async look(): Promise<void> {
    this.error = '';
    try {
      this.preview = (await this.send(true)).result;
    } catch (error) {
      this.error = sayError(error);
    }
  }

  private async act(): Promise<void> {
    if (!this.why.trim()) return void (this.error = 'Say why; it is kept with what you do.');
    [this.error, this.through] = ['', 0];
    try {
      const { result, acts } = await this.send(false);
      this.dispatchEvent(new CustomEvent<Acted>('acted', { detail: { acts, done: result.done, refused: result.refused, canBeUndone: result.canBeUndone } }));
    } catch (error) {
      this.error = `${sayError(error)}${this.through > 0 ? ` ${count(this.through, 'item')} were done before that.` : ''}`;
    }
    this.through = -1;
  }

  private body(about: Acting): TemplateResult {
    const kind = actKinds.find(one => one.key === about.kind)!;
    const { preview } = this;
    return html`<div class="stack">
      <p>${kind.effect}</p>
      ${about.kind === 'reassign' ? selectField({ id: 'act-person', label: 'To whom', value: this.personId, choices: this.candidates.map(person => ({ key: person.personId, name: person.name })), none: 'Choose …', onInput: value => {
        this.personId = value;
        this.preview = null;
        if (value) void this.look();
      } }) : nothing}
      ${preview ? note(html`<span>${count(preview.done, 'item')} can be done${preview.refused ? `, ${number(preview.refused)} cannot:` : '.'}</span>
        ${preview.refused ? html`<ul class="links">${refusals(preview.outcomes).map(({ why, count: n }) => html`<li>${number(n)} × ${why}</li>`)}</ul>` : nothing}`, preview.done === 0 ? 'bad' : preview.refused ? 'warn' : 'good', 'status')
        : about.kind === 'reassign' && !this.personId ? nothing : html`<p class="quiet" role="status">Looking what can be done …</p>`}
      ${areaField({ id: 'act-why', label: 'Why', value: this.why, rows: 2, hint: 'Kept with the items, with your name and the time.', onInput: why => (this.why = why) })}
      ${this.error ? note(this.error, 'bad', 'alert') : nothing}
      ${this.through >= 0 && about.taskIds.length > atOnce ? meter('Done', this.through, about.taskIds.length) : nothing}
    </div>`;
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('closed'));
  }

  protected override render(): TemplateResult {
    const { about } = this;
    const kind = about && actKinds.find(one => one.key === about.kind);
    return dialog({
      heading: about && kind ? `${kind.verb}: ${count(about.annotationIds?.length ?? about.taskIds.length, about.annotationIds ? 'judgement' : 'item')}` : '',
      open: about !== null,
      onClose: () => this.close(),
      body: about ? this.body(about) : html``,
      foot: about ? html`<button class="btn plain" type="button" @click=${() => this.close()}>Cancel</button>
        <button class="btn ${kind?.danger ? 'danger' : 'primary'}" type="button" ?disabled=${this.through >= 0 || !this.preview?.done} @click=${() => this.act()}>${kind?.verb}</button>` : html``,
    });
  }
}
