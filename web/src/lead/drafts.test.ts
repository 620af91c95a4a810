import { describe, expect, it } from 'vitest';
import type { Person } from '../api/people';
import type { Project } from '../api/projects';
import { checkPerson, newPerson, personDraft, personInput } from './person-draft';
import { checkProject, idFrom, newProject, projectDraft, projectInput, reportInput } from './project-draft';
import { codes, count, languageNames, list, spelled } from './words';

const project: Project = {
  projectId: 'p1', name: 'P', customer: 'C', guideline: { id: 'healtheval', version: 3 }, overlap: 2, goldShare: 0.085, subdomains: ['general'], languages: ['en', 'pt-BR'],
  comparison: true, leaseMinutes: 30, timeZone: 'UTC', privacy: 'warn', showCustomer: true, report: { exactTimes: true }, mode: 'quick', showReasoning: true, showMustHave: true, demo: false, createdAt: '2026-11-22T00:00:00Z', etag: 'e',
};
const credential = { degree: 'RN', years: 7, subdomains: ['general'], languages: ['en'] };
const person: Person = { personId: 'p', name: 'N', email: null, pseudonym: 'R-1', roles: ['annotator'], projects: ['*'], credential, active: true, simulated: false, manageable: true, etag: 'e' };

describe('a project’s form', () => {
  it('gives back what it was given', () => {
    const { demo: _demo, createdAt: _createdAt, etag: _etag, ...input } = project;
    expect(projectInput(projectDraft(project))).toEqual(input);
  });

  it('says no rather than nothing about the times of a project that has agreed nothing', () => {
    expect(projectInput(projectDraft({ ...project, report: null })).report).toEqual({ exactTimes: false });
  });

  it('stops only what could not be sent', () => {
    expect(checkProject(newProject('healtheval@1', 'UTC'))).toEqual({});
    expect(Object.keys(checkProject({ ...projectDraft(project), overlap: '2.5', leaseMinutes: '', goldPercent: 'x' }))).toEqual(['overlap', 'leaseMinutes', 'goldShare']);
  });

  it('keeps what is agreed about reports, also what it does not show', () => {
    const report = { targets: { harm: 0.03, index: 80 }, margins: { index: 1 }, findingRule: 'any', exactTimes: true };
    const draft = projectDraft({ ...project, report });
    expect([draft.targetHarm, draft.targetIndex, draft.targetCritical]).toEqual(['3', '80', '']);
    expect(reportInput(draft, { ...report, references: ['panel'] })).toEqual(report); // the server keeps the references
    expect(reportInput({ ...draft, targetHarm: '', findingRule: '', marginIndex: '', marginWinRate: '2,5' }, report))
      .toEqual({ targets: { harm: null, index: 80 }, margins: { index: null, win_rate: 0.025 }, findingRule: null, exactTimes: true });
    expect(reportInput(newProject('healtheval@1', 'UTC'), null)).toEqual({ exactTimes: false });
    expect(Object.keys(checkProject({ ...draft, targetHarm: 'few', marginHarm: 'little' }))).toEqual(['targetHarm', 'marginHarm']);
  });

  it('proposes an id out of the name', () => {
    expect(idFrom('Sépsis – week 1!')).toBe('sepsis-week-1');
    expect(idFrom('x'.repeat(62) + ' yy')).toMatch(/^[a-z0-9][a-z0-9-]{1,62}$/);
  });
});

describe('a person’s form', () => {
  it('gives back what it was given', () => {
    const { name, email, roles, projects, active } = person;
    expect(personInput(personDraft(person))).toEqual({ name, email, roles, projects, active, credential: { ...credential, specialties: [] } });
  });

  it('sends a credential only for those who judge, and never all projects for a customer', () => {
    expect(personInput({ ...personDraft(person), roles: ['lead'] }).credential).toBeNull();
    expect(personInput({ ...newPerson, roles: ['customer'], projects: ['p1'] }).projects).toEqual(['p1']);
  });

  it('asks for years only where they matter', () => {
    expect(checkPerson(newPerson)).toHaveProperty(['credential.years']);
    expect(checkPerson({ ...newPerson, roles: ['customer'] })).toEqual({});
  });
});

describe('words', () => {
  it('are put together as a person would', () => {
    expect(list(['one', 'two', 'three'])).toBe('one, two and three');
    expect(count(1, 'person', 'people')).toBe('1 person');
    expect(count(1200, 'task')).toBe('1,200 tasks');
    expect(spelled('date_near_birth')).toBe('Date near birth');
  });

  it('name languages, and say so where there is none', () => {
    expect(codes('en, es;en')).toEqual(['en', 'es']);
    expect(languageNames(['en', 'zz'])).toBe('English, zz (unknown)');
    expect(languageNames(['e_n!'])).toBe('e_n! (unknown)');
  });
});
