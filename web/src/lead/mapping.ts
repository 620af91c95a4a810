import type { Preview, Profile, Proposed } from '../api/mapping';

/** What a field of a file can be; what is none of these is kept beside the item as metadata. */
export const parts = [
  { key: 'user', name: 'Prompt: what the person asks' },
  { key: 'system', name: 'Prompt: system rules' },
  { key: 'assistant', name: 'Prompt: an earlier answer' },
  { key: 'response', name: 'The answer to judge' },
  { key: 'model', name: 'Name of the model' },
  { key: 'reference', name: 'Reference answer (hidden)' },
  { key: 'rubric', name: 'Rubric' },
  { key: 'claims', name: 'Claims to check' },
  { key: 'subdomain', name: 'Sub-domain' },
  { key: 'audience', name: 'Audience' },
  { key: 'jurisdiction', name: 'Country' },
  { key: 'language', name: 'Language' },
  { key: 'risk', name: 'Risk' },
  { key: 'tags', name: 'Tags' },
  { key: 'itemId', name: 'Id of the record' },
  { key: 'promptId', name: 'Id of the prompt' },
  { key: 'responseId', name: 'Id of the answer' },
  { key: 'ignore', name: 'Leave out' },
] as const;

export type Part = (typeof parts)[number]['key'];

/** Of these a record has one; choosing it for another field moves it there. */
const single: readonly Part[] = ['model', 'reference', 'rubric', 'claims', 'subdomain', 'audience', 'jurisdiction', 'language', 'risk', 'itemId', 'promptId', 'responseId'];
const asked: readonly Part[] = ['user', 'system', 'assistant'];

export interface Choice {
  path: string;
  part: Part;
  /** Of an answer: which model gave it, where there are several. */
  model: string;
}

/** What has been chosen so far. Prompt parts stand in the order in which they will be shown. */
export interface Mapping {
  name: string;
  chosen: Choice[];
  /** The same for every record: model (`$file` is the file's name), language. */
  always: { model: string; language: string };
}

export function proposed(file: string, proposal: Proposed[]): Mapping {
  const chosen = proposal.flatMap(({ field, paths }) => paths.map(path => choiceOf(field, path, paths.length > 1)));
  return { name: file.replace(/\.[a-z.]{1,12}$/i, '').slice(0, 60) || 'profile', chosen, always: { model: '', language: '' } };
}

function choiceOf(field: string, path: string, several: boolean): Choice {
  const colon = path.indexOf(':');
  if (field === 'prompt') return { path: path.slice(colon + 1), part: colon > 0 ? (path.slice(0, colon) as Part) : 'user', model: '' };
  return { path, part: field as Part, model: field === 'response' && several ? nameIn(path) : '' };
}

/** 'antwort_gpt4' → 'gpt4': what stands behind the last separator. */
function nameIn(path: string): string {
  return path.split(/[._\- ]/).at(-1) ?? path;
}

export function choose(mapping: Mapping, path: string, part: Part | ''): Mapping {
  const others = mapping.chosen.filter(one => one.path !== path && !(part && single.includes(part) && one.part === part));
  if (!part) return { ...mapping, chosen: others };
  const model = part === 'response' && others.some(one => one.part === 'response') ? nameIn(path) : '';
  const chosen = { path, part, model };
  return { ...mapping, chosen: part === 'system' ? [chosen, ...others] : [...others, chosen] };
}

export function setModel(mapping: Mapping, path: string, model: string): Mapping {
  return { ...mapping, chosen: mapping.chosen.map(one => (one.path === path ? { ...one, model } : one)) };
}

export function promptParts(mapping: Mapping): Choice[] {
  return mapping.chosen.filter(one => asked.includes(one.part));
}

export function answers(mapping: Mapping): Choice[] {
  return mapping.chosen.filter(one => one.part === 'response');
}

/** A part of the prompt goes one place up. */
export function raise(mapping: Mapping, path: string): Mapping {
  const order = promptParts(mapping);
  const at = order.findIndex(one => one.path === path);
  const before = order[at - 1];
  const moved = order[at];
  if (!before || !moved) return mapping;
  const chosen = mapping.chosen.map(one => (one.path === before.path ? moved : one.path === moved.path ? before : one));
  return { ...mapping, chosen };
}

/** What is missing before anything can be read; empty when nothing is. */
export function missing(mapping: Mapping): string {
  if (!promptParts(mapping).some(one => one.part === 'user')) return 'Say which field holds what the person asks.';
  if (answers(mapping).length === 0) return 'Say which field holds the answer to judge.';
  return mapping.name.trim() === '' ? 'Give the profile a name.' : '';
}

export function profileOf(mapping: Mapping): Profile {
  const of = (part: Part) => mapping.chosen.filter(one => one.part === part).map(one => one.path);
  const profile: Profile = {
    name: mapping.name.trim(),
    prompt: promptParts(mapping).map(one => (one.part === 'user' ? one.path : `${one.part}:${one.path}`)),
    response: answers(mapping).map(one => (one.model.trim() ? `${one.model.trim().replaceAll(':', '-')}:${one.path}` : one.path)),
  };
  for (const part of single) {
    const [path] = of(part);
    if (path) Object.assign(profile, { [part]: path });
  }
  if (!profile.model && mapping.always.model) profile.model = `=${mapping.always.model}`;
  if (!profile.language && mapping.always.language) profile.language = `=${mapping.always.language}`;
  if (of('tags').length) profile.tags = of('tags');
  if (of('ignore').length) profile.ignore = of('ignore');
  return profile;
}

/** What a dry run found, as a sentence. */
export function sayDryRun({ read, accepted, rejected, isWhole, format, reason }: Preview): string {
  if (!format || reason) return reason ?? 'Nothing could be read this way.';
  const which = isWhole ? `All ${read.toLocaleString('en')} records were read` : `The first ${read.toLocaleString('en')} records were read`;
  return `${which}: ${accepted.toLocaleString('en')} would be loaded${rejected ? `, ${rejected.toLocaleString('en')} would be rejected` : ''}.`;
}
