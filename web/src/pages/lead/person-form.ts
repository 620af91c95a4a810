import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { api } from '../../api';
import type { Me, Person } from '../../api/people';
import type { Project } from '../../api/projects';
import { checkPerson, judges, newPerson, personDraft, personInput, seesAll, type PersonDraft } from '../../lead/person-draft';
import { codes, degrees, languageNames, roles, subdomains } from '../../lead/words';
import { go } from '../../router';
import { Form, type Version } from '../../ui/edit-form';
import { Light } from '../../ui/light';
import { Load } from '../../ui/load';
import { badge, note, pageHead } from '../../ui/pieces';
import '../../ui/sessions';
import { toast } from '../../ui/toast';

interface Known {
  person: Person | null;
  projects: Project[];
  /** Names by id. */
  names: Map<string, string>;
}

/** Adds a person, or changes one. */
@customElement('he-person-form')
export class PersonForm extends Light {
  @property({ attribute: false }) me!: Me;
  @property() personId = '';
  private readonly form = new Form<PersonDraft>(this, () => `${this.me.personId}:person:${this.personId}`, {
    degree: 'credential.degree', years: 'credential.years', subdomains: 'credential.subdomains', languages: 'credential.languages', specialties: 'credential.specialties',
  });
  private readonly known = new Load<Known>(this, 'the person', () => this.read());

  private async read(): Promise<Known> {
    const [people, projects] = await Promise.all([this.personId ? api.people() : [], api.projects()]);
    const person = this.personId ? this.among(people) : null;
    this.form.start(person ? version(person) : { value: { ...newPerson, everyProject: this.me.projects.includes('*') }, etag: '' });
    return { person, projects, names: new Map(people.map(one => [one.personId, one.name])) };
  }

  private among(people: Person[]): Person {
    const person = people.find(one => one.personId === this.personId);
    if (!person) throw new Error('There is no such person. The address is wrong; the list of people has everybody.');
    return person;
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const send = (draft: PersonDraft, etag: string) => (this.personId ? api.savePerson(this.personId, personInput(draft), etag) : api.addPerson(personInput(draft)));
    if (!(await this.form.save(checkPerson, send, async () => version(this.among(await api.people()))))) return;
    toast(this.personId ? `${this.form.value.name}: saved.` : `${this.form.value.name} is added. Next: ${this.me.roles.includes('admin') ? 'send' : 'ask an admin for'} a sign-in link.`);
    go('/people');
  }

  private who(): TemplateResult {
    const { form } = this;
    const admin = this.me.roles.includes('admin');
    const choices = roles.filter(role => admin || !['lead', 'admin'].includes(role.key) || form.value.roles.includes(role.key));
    return html`<fieldset class="card stack"><legend>Who it is</legend>
      <div class="grid2">
        ${form.text('name', 'Name', { required: true, hint: 'Seen by leads only; everywhere else there is a pseudonym.' })}
        ${form.text('email', 'E-mail (optional)', { type: 'email', hint: 'To know where to send the sign-in link; nothing is sent by itself.' })}
      </div>
      ${form.group('roles', 'Roles', choices.map(({ key, name, description }) => ({ key, name: `${name}: ${description}` })), admin ? undefined : 'Only an admin can make somebody lead or admin.')}
      ${form.check('active', html`<strong>Active</strong>: may sign in. Switched off, the person is out at once; everything they have done stays.`, 'Active')}
    </fieldset>`;
  }

  private where({ projects }: Known): TemplateResult {
    const { form } = this;
    const customer = form.value.roles.includes('customer');
    const choices = projects.map(({ projectId, name }) => ({ key: projectId, name }));
    return html`<fieldset class="card stack"><legend>Projects</legend>
      ${customer ? html`<p class="quiet">A customer sees only the projects named here.</p>` : this.me.projects.includes('*') ? form.check('everyProject', 'All projects, later ones too') : nothing}
      ${seesAll(form.value) ? nothing : choices.length ? form.group('projects', customer ? 'Projects of this customer' : 'Only these', choices) : note('There is no project yet.', 'warn')}
    </fieldset>`;
  }

  private credential(): TemplateResult | typeof nothing {
    const { form } = this;
    if (!judges(form.value)) return nothing;
    return html`<fieldset class="card stack"><legend>Credential</legend>
      <p class="quiet">Decides which tasks this person is given. At least five years of practice are needed.</p>
      <div class="grid2">
        ${form.select('degree', 'Degree or licence', degrees)}
        ${form.text('years', 'Years of practice', { type: 'number', required: true })}
        ${form.text('languages', 'Languages', { hint: `Fluent in: ${languageNames(codes(form.value.languages)) || 'none yet'}` })}
        ${form.text('specialties', 'Specialties (optional)', { placeholder: 'Cardiology, family medicine', hint: 'Items of these come to them first, where a project routes by specialty.' })}
      </div>
      ${form.group('subdomains', 'Sub-domains', subdomains)}
    </fieldset>`;
  }

  protected override render(): TemplateResult {
    const person = this.known.value?.person;
    const text = person ? html`<code>${person.pseudonym}</code> ${person.simulated ? badge('Simulated', 'violet') : nothing}` : 'Once added, a sign-in link for them can be made.';
    return html`${pageHead(person?.name ?? (this.personId ? 'Person' : 'Add a person'), text)}
      ${this.known.show(known => html`<div class="stack"><form class="stack form" novalidate @submit=${(event: Event) => this.save(event)}>
        ${this.form.notices()}${this.who()}${this.credential()}${this.where(known)}
        ${this.form.foot(person ? 'Save changes' : 'Add the person', '#/people')}
      </form>${known.person ? this.sessions(known.person, known.names) : nothing}</div>`)}`;
  }

  private sessions(person: Person, names: Map<string, string>): TemplateResult | typeof nothing {
    if (this.me.authMode === 'platform' || person.simulated) return nothing;
    return html`<section class="card stack form" aria-labelledby="sessions-title"><h2 id="sessions-title">Sessions</h2>
      <he-sessions .personId=${person.personId} .name=${person.name} .names=${names}></he-sessions></section>`;
  }
}

function version(person: Person): Version<PersonDraft> {
  return { value: personDraft(person), etag: person.etag };
}
