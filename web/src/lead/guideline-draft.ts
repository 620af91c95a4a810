/** A guideline being written: the document as JSON, since everything that the form does not show has to come through unharmed. */
export type Draft = Record<string, unknown>;
type Entry = Record<string, unknown>;

export interface Field {
  key: string;
  label: string;
  kind: 'text' | 'area' | 'choice' | 'lines' | 'number' | 'check';
  choices?: string[];
  optional?: boolean;
}

export interface Part {
  key: string;
  name: string;
  /** What names an entry. */
  id: string;
  fields: Field[];
  /** Entries can be added, moved and removed; those that figures rest on cannot. */
  open: boolean;
  /** So many at the beginning stay where they are, under their keys. */
  kept?: number;
  hint?: string;
}

const text = (key: string, label: string, optional = false): Field => ({ key, label, kind: 'text', optional });
const area = (key: string, label: string, optional = false): Field => ({ key, label, kind: 'area', optional });

export const parts: Part[] = [
  { key: 'instructions', name: 'Instructions', id: 'title', open: true, fields: [text('title', 'Heading'), area('text', 'What to do')] },
  {
    key: 'dimensions', name: 'Dimensions', id: 'key', open: true, kept: 6,
    hint: 'The six are in every figure and report, so that they stay; their words are yours. Up to six of your own come behind them: raters score them, reports and exports carry them.',
    fields: [text('key', 'Key of your own, such as empathy'), text('name', 'Name'), text('question', 'Question'), area('scope', 'What it is about'), { key: 'naAllowed', label: 'May be answered with “not applicable”', kind: 'check' },
      ...['1', '2', '3', '4', '5'].map(score => area(`anchors.${score}`, `Score ${score}`))],
  },
  {
    key: 'codes', name: 'Codes', id: 'code', open: true,
    fields: [text('code', 'Code'), text('group', 'Group'), text('name', 'Name'), area('description', 'When to use it'), { key: 'kinds', label: 'Kinds, one a line', kind: 'lines' }, text('healthBenchAxis', 'HealthBench axis')],
  },
  {
    key: 'verdicts', name: 'Verdicts', id: 'key', open: true,
    fields: [text('key', 'Key'), text('name', 'Name'), area('meaning', 'Meaning'), { key: 'threeWay', label: 'Counts as', kind: 'choice', choices: ['SUP', 'SUP*', 'REF', 'NEI', 'none'] }],
  },
  { key: 'behaviour', name: 'Checklist', id: 'key', open: true, fields: [text('key', 'Key'), text('text', 'What is checked'), area('help', 'Help')] },
  {
    key: 'rules', name: 'Customer rules', id: 'id', open: true,
    fields: [text('id', 'Id'), { key: 'level', label: 'Level', kind: 'choice', choices: ['must', 'must_not', 'should'] }, area('text', 'Rule'), text('appliesTo', 'Applies to', true), area('exampleOk', 'Example that keeps it', true), area('exampleBad', 'Example that breaks it', true)],
  },
  { key: 'flags', name: 'Flags', id: 'key', open: true, fields: [text('key', 'Key'), text('name', 'Name'), area('description', 'When to use it', true)] },
  {
    key: 'quiz', name: 'Quiz', id: 'id', open: true,
    fields: [text('id', 'Id'), text('topic', 'Topic'), area('question', 'Question'), { key: 'choices', label: 'Choices, one a line: key = words', kind: 'lines' }, text('answer', 'Key of the right one'), area('why', 'Why')],
  },
];

export const entriesOf = (draft: Draft, part: string): Entry[] => (Array.isArray(draft[part]) ? (draft[part] as Entry[]) : []);

/** What a field shows; a dot descends, choices of a question are lines of 'key = words'. */
export function shownValue(entry: Entry, field: Field): string {
  const value = field.key.split('.').reduce<unknown>((inner, key) => (inner as Entry | undefined)?.[key], entry);
  if (field.kind === 'lines' && Array.isArray(value)) return value.map(one => (typeof one === 'string' ? one : `${(one as Entry)['key']} = ${(one as Entry)['text'] ?? (one as Entry)['name']}`)).join('\n');
  return value === undefined || value === null ? '' : String(value);
}

/** The draft with another value in one field of one entry. What was optional and is empty now is left out. */
export function withValue(draft: Draft, part: Part, index: number, field: Field, value: string | boolean): Draft {
  const entries = entriesOf(draft, part.key);
  const entry = entries[index] ?? {};
  const given = typeof value === 'boolean' ? value : field.kind === 'lines' ? lines(part.key, value, entry[field.key]) : field.kind === 'number' ? Number(value) : value;
  const [outer, inner] = field.key.split('.') as [string, string | undefined];
  const { [outer]: _, ...rest } = entry;
  const changed = inner !== undefined ? { ...entry, [outer]: { ...(entry[outer] as Entry), [inner]: given } } : field.optional && given === '' ? rest : { ...entry, [outer]: given };
  return { ...draft, [part.key]: entries.map((one, at) => (at === index ? changed : one)) };
}

function lines(part: string, value: string, before: unknown): unknown {
  const all = value.split('\n').map(line => line.trim()).filter(line => line !== '');
  if (part !== 'quiz') return all;
  const words = Array.isArray(before) && before.some(one => 'name' in (one as Entry)) ? 'name' : 'text';
  return all.map((line, index) => {
    const [key, ...rest] = line.split('=');
    return rest.length ? { key: key!.trim(), [words]: rest.join('=').trim() } : { key: String.fromCharCode(97 + index), [words]: line };
  });
}

export function added(draft: Draft, part: Part): Draft {
  const fresh: Entry = {};
  for (const field of part.fields.filter(one => one.key.includes('.'))) (fresh[field.key.split('.')[0]!] ??= {}) && ((fresh[field.key.split('.')[0]!] as Entry)[field.key.split('.')[1]!] = '');
  for (const field of part.fields) if (!field.optional && !field.key.includes('.')) fresh[field.key] = field.kind === 'lines' ? [] : field.kind === 'choice' ? field.choices![0] : field.kind === 'check' ? false : '';
  return { ...draft, [part.key]: [...entriesOf(draft, part.key), fresh] };
}

export const removed = (draft: Draft, part: Part, index: number): Draft => ({ ...draft, [part.key]: entriesOf(draft, part.key).filter((_, at) => at !== index) });

export function moved(draft: Draft, part: Part, index: number, by: -1 | 1): Draft {
  const entries = [...entriesOf(draft, part.key)];
  const other = index + by;
  if (other < 0 || other >= entries.length) return draft;
  [entries[index], entries[other]] = [entries[other]!, entries[index]!];
  return { ...draft, [part.key]: entries };
}

export interface Difference {
  part: string;
  what: 'added' | 'removed' | 'changed' | 'moved';
  entry: string;
  before: string;
  after: string;
}

const naming = ['key', 'code', 'id', 'title', 'level', 'domain'];
const nameOf = (entry: unknown): string | null => {
  if (typeof entry !== 'object' || entry === null) return null;
  const record = entry as Entry;
  const key = naming.find(name => record[name] !== undefined);
  return key === undefined ? null : key === 'domain' ? `${String(record[key])}${String(record['path'] ?? '')}` : String(record[key]);
};
const said = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** Where a draft differs from the version it was made from; lists are compared by what names their entries. */
export function differences(before: Draft, after: Draft): Difference[] {
  const found: Difference[] = [];
  const skipped = new Set(['id', 'version', 'sha256', 'legacyGates']);
  for (const part of new Set([...Object.keys(before), ...Object.keys(after)])) if (!skipped.has(part)) compare(part, part, before[part], after[part], found);
  return found;
}

function compare(part: string, entry: string, before: unknown, after: unknown, found: Difference[]): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(one => nameOf(one) !== null)) return lists(part, entry, before, after, found);
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) compare(part, `${entry}.${key}`, before[key], after[key], found);
    return;
  }
  found.push({ part, entry, what: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed', before: said(before), after: said(after) });
}

function lists(part: string, entry: string, before: unknown[], after: unknown[], found: Difference[]): void {
  const names = (all: unknown[]) => all.map(one => nameOf(one)!);
  const [old, now] = [names(before), names(after)];
  for (const [index, name] of old.entries()) if (!now.includes(name)) found.push({ part, entry: `${entry}.${name}`, what: 'removed', before: said(before[index]), after: '' });
  for (const [index, name] of now.entries()) {
    if (!old.includes(name)) found.push({ part, entry: `${entry}.${name}`, what: 'added', before: '', after: said(after[index]) });
    else compare(part, `${entry}.${name}`, before[old.indexOf(name)], after[index], found);
  }
  const [kept, stayed] = [old.filter(name => now.includes(name)), now.filter(name => old.includes(name))];
  if (kept.join('\n') !== stayed.join('\n')) found.push({ part, entry, what: 'moved', before: kept.join(', '), after: stayed.join(', ') });
}

const isRecord = (value: unknown): value is Entry => typeof value === 'object' && value !== null && !Array.isArray(value);

export interface Loaded {
  draft: Draft;
  /** What was taken from the file, in words. */
  words: string;
}

/** Takes a file in: a whole guideline, a customer's rules, or a rubric; throws with what to do when it is none of these. */
export function takeIn(draft: Draft, content: string): Loaded {
  let file: unknown;
  try {
    file = JSON.parse(content);
  } catch {
    throw new Error('This is not JSON. Send a guideline, a file of rules (guideline_id, rules) or a rubric (criteria).');
  }
  if (!isRecord(file)) throw new Error('Expected one JSON object: a guideline, a file of rules (guideline_id, rules) or a rubric (criteria).');
  if (Array.isArray(file['dimensions'])) return { draft: { ...draft, ...file, id: draft['id'], version: draft['version'] }, words: 'The whole guideline was taken over.' };
  if (Array.isArray(file['rules'])) {
    const rules = file['rules'].map(ruleOf);
    return { draft: { ...draft, rules }, words: `${rules.length} rules were taken over from ${said(file['guideline_id']) || 'the file'}; they stand in the place of those that were there.` };
  }
  if (Array.isArray(file['criteria'])) {
    const rules = file['criteria'].map(criterionOf);
    return { draft: { ...draft, rules: [...entriesOf(draft, 'rules').filter(rule => !rules.some(other => other['id'] === rule['id'])), ...rules] }, words: `${rules.length} criteria were added as rules. A rule has no points: to score them, send the rubric with the batch.` };
  }
  throw new Error('There are neither dimensions, rules nor criteria in it. Send a guideline, a file of rules or a rubric.');
}

function ruleOf(rule: unknown, index: number): Entry {
  if (!isRecord(rule) || typeof rule['text'] !== 'string') throw new Error(`Rule ${index + 1} has no text.`);
  const optional = { appliesTo: rule['applies_to'] ?? rule['appliesTo'], exampleOk: rule['example_ok'] ?? rule['exampleOk'], exampleBad: rule['example_bad'] ?? rule['exampleBad'] };
  return { id: String(rule['id'] ?? `R${index + 1}`), level: String(rule['level'] ?? 'must'), text: rule['text'], ...Object.fromEntries(Object.entries(optional).filter(([, value]) => typeof value === 'string')) };
}

/** A criterion with points below 0 is a thing that must not happen. */
function criterionOf(criterion: unknown, index: number): Entry {
  if (!isRecord(criterion) || typeof criterion['criterion'] !== 'string') throw new Error(`Criterion ${index + 1} has no text.`);
  const id = `RB-${String(index + 1).padStart(2, '0')}`;
  return { id, level: Number(criterion['points']) < 0 ? 'must_not' : 'should', text: criterion['criterion'] };
}

/** The document as it is sent: without what the server adds when it is read. */
export function sent(draft: Draft, id: string): Draft {
  const { sha256: _, legacyGates: __, ...rest } = draft;
  return { ...rest, id };
}
