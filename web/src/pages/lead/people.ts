import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../../api';
import type { Invite, Me, Person } from '../../api/people';
import type { Project } from '../../api/projects';
import { sayError } from '../../api/problem';
import { credentialWords } from '../../lead/person-draft';
import { count, languageNames, list, roles, spelled } from '../../lead/words';
import { found } from '../../logic/search';
import { dayAndTime } from '../../logic/time';
import { copyButton } from '../../ui/copy';
import { dialog } from '../../ui/dialog';
import { checkField, selectField, textField } from '../../ui/field';
import { icon } from '../../ui/icon';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, emptyState, note, pageHead } from '../../ui/pieces';
import { records, type Entry } from '../../ui/records';
import { toast } from '../../ui/toast';

interface Known {
  people: Person[];
  projects: Project[];
}

/** Everybody who works here or watches: found by words and role, invited by a link that works once. */
@customElement('he-people')
export class People extends Light {
  @property({ attribute: false }) me!: Me;
  @state() private query = '';
  @state() private wanted = '';
  @state() private withInactive = false;
  @state() private invited: { person: Person; invite: Invite } | null = null;
  @state() private inviting = '';
  private readonly known = new Load<Known>(this, 'the people', async () => {
    const [people, projects] = await Promise.all([api.people(), api.projects()]);
    return { people, projects };
  });

  /** The button stays enabled meanwhile, so that it keeps the focus and gets it back from the dialog. */
  private async invite(person: Person): Promise<void> {
    if (this.inviting) return;
    this.inviting = person.personId;
    try {
      this.invited = { person, invite: await api.invite(person.personId) };
    } catch (error) {
      toast(`No link for ${person.name}: ${sayError(error)}`);
    } finally {
      this.inviting = '';
    }
  }

  private shown({ people }: Known): Person[] {
    return people.filter(person => (this.withInactive || person.active)
      && (!this.wanted || person.roles.some(role => role === this.wanted))
      && found(this.query, person.name, person.email, person.pseudonym, person.credential?.degree, ...(person.credential?.subdomains ?? []), ...person.roles));
  }

  private filters(shown: Person[], all: Person[]): TemplateResult {
    const inactive = all.filter(person => !person.active).length;
    return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
      ${textField({ id: 'people-query', label: 'Find', type: 'search', value: this.query, placeholder: 'Name, e-mail, pseudonym, sub-domain', onInput: value => (this.query = value) })}
      ${selectField({ id: 'people-role', label: 'Role', value: this.wanted, choices: roles.map(({ key, name }) => ({ key, name })), none: 'Every role', onInput: value => (this.wanted = value) })}
      ${inactive ? checkField('people-inactive', `Inactive people too (${inactive})`, this.withInactive, on => (this.withInactive = on)) : nothing}
      <p class="quiet push" role="status">${shown.length === all.length ? count(all.length, 'person', 'people') : `${shown.length} of ${count(all.length, 'person', 'people')}`}</p>
    </form>`;
  }

  private entry(person: Person, projects: Project[]): Entry {
    const { credential } = person;
    const mine = person.manageable;
    const seen = person.projects.includes('*') ? 'all' : list(person.projects.map(id => projects.find(project => project.projectId === id)?.name ?? id)) || 'none';
    return {
      title: mine ? html`<a href="#/people/${person.personId}">${person.name}</a>` : person.name,
      badges: html`${person.roles.map(role => badge(spelled(role)))}${person.simulated ? badge('Simulated', 'violet') : nothing}${person.active ? nothing : badge('Inactive', 'warn')}`,
      text: html`<code title="Shown to others and in reports">${person.pseudonym}</code>${person.email ? html` · ${person.email}` : nothing}`,
      facts: [
        ...(credential ? [['Credential', credentialWords(credential)], ['Sub-domains', list(credential.subdomains.map(spelled))], ['Languages', languageNames(credential.languages)]] as [string, string][] : []),
        ['Projects', seen],
        ...(person.linkAskedFor ? [['Sign-in link', `asked for ${dayAndTime(person.linkAskedFor)}`] as [string, string]] : []),
      ],
      actions: mine ? html`
        ${person.active && !person.simulated && this.me.authMode === 'local' ? this.linkButton(person) : nothing}
        <a class="btn small" href="#/people/${person.personId}" aria-label="Edit ${person.name}">Edit</a>` : nothing,
    };
  }

  /** Admins make links, since a link is as good as being that person; others ask for one. */
  private linkButton(person: Person): TemplateResult {
    return this.me.roles.includes('admin')
      ? html`<button class="btn small" type="button" aria-busy=${this.inviting === person.personId} aria-label="Sign-in link for ${person.name}" @click=${() => this.invite(person)}>${icon('arrow')}Sign-in link</button>`
      : html`<button class="btn small" type="button" ?disabled=${Boolean(person.linkAskedFor)} aria-label="Ask an admin for a sign-in link for ${person.name}" @click=${() => this.ask(person)}>${icon('arrow')}Ask for a link</button>`;
  }

  private async ask(person: Person): Promise<void> {
    try {
      await api.askForLink(person.personId);
      toast(`Asked: admins see under People that ${person.name} needs a sign-in link.`);
      await this.known.run();
    } catch (error) {
      toast(`Not asked: ${sayError(error)}`);
    }
  }

  private invitation(): TemplateResult {
    const open = this.invited;
    return dialog({
      heading: open ? `Sign-in link for ${open.person.name}` : '',
      open: open !== null,
      onClose: () => (this.invited = null),
      body: open ? html`<div class="stack">
        <p>Send it in a way that only they can read: whoever opens it first is signed in as ${open.person.name}. It works once, until <strong>${dayAndTime(open.invite.expiresAt)}</strong>. They are shown that you made it.</p>
        <div class="secret"><code>${open.invite.link}</code>${copyButton(open.invite.link, 'sign-in link', 'Copy link')}</div>
        ${note('It is shown this once. If it gets lost, make another one here.', 'info')}
      </div>` : html``,
      foot: html`<button class="btn" type="button" @click=${() => (this.invited = null)}>Done</button>`,
    });
  }

  private list(known: Known): TemplateResult {
    const shown = this.shown(known);
    return html`${this.filters(shown, known.people)}
      ${shown.length ? records('People', shown.map(person => this.entry(person, known.projects)))
        : emptyState('Nobody fits', 'No person has these words and this role.', html`<button class="btn" type="button" @click=${() => ((this.query = ''), (this.wanted = ''))}>Show everybody</button>`)}`;
  }

  protected override render(): TemplateResult {
    return html`${pageHead('People', 'Who judges, who runs projects, who receives reports. Reports name people by pseudonym only.', html`<a class="btn primary" href="#/people/_new">${icon('plus')}Add a person</a>`)}
      ${this.known.show(known => this.list(known))}${this.invitation()}`;
  }
}
