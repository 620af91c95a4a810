import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { added, differences, entriesOf, moved, parts, removed, sent, shownValue, takeIn, withValue, type Draft } from './guideline-draft';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const built: Draft = JSON.parse(read('api/Guidelines/guideline-v2.json'));
const part = (key: string) => parts.find(one => one.key === key)!;
const field = (key: string, name: string) => part(key).fields.find(one => one.key === name)!;

describe('a guideline being written', () => {
  it('shows every field of the built-in guideline that it knows, and leaves alone what it does not', () => {
    for (const one of parts) for (const entry of entriesOf(built, one.key)) for (const each of one.fields.filter(each => !each.optional)) expect(shownValue(entry, each), `${one.key}.${each.key}`).not.toBe('');
    let draft = built;
    for (const one of parts) for (const [index, entry] of entriesOf(draft, one.key).entries()) for (const each of one.fields.filter(each => each.kind !== 'check')) draft = withValue(draft, one, index, each, shownValue(entry, each));
    expect(differences(built, draft)).toEqual([]);
  });

  it('changes one anchor and nothing else', () => {
    const draft = withValue(built, part('dimensions'), 0, field('dimensions', 'anchors.3'), 'usable');
    expect(differences(built, draft)).toEqual([{ part: 'dimensions', entry: 'dimensions.accuracy.anchors.3', what: 'changed', before: expect.any(String), after: 'usable' }]);
  });

  it('adds, moves and removes entries, and says each', () => {
    const rules = part('rules');
    const one = withValue(withValue(added(built, rules), rules, 0, field('rules', 'id'), 'R1'), rules, 0, field('rules', 'text'), 'Say whom to call.');
    expect(differences(built, one)).toMatchObject([{ part: 'rules', what: 'added', entry: 'rules.R1' }]);
    expect(differences(one, removed(one, rules, 0))).toMatchObject([{ what: 'removed', entry: 'rules.R1' }]);
    expect(differences(built, moved(built, part('codes'), 0, 1))).toMatchObject([{ part: 'codes', what: 'moved' }]);
    expect(moved(built, part('codes'), 0, -1)).toBe(built);
  });

  it('reads the choices of a question back as they were written', () => {
    const quiz = part('quiz');
    const draft = withValue(built, quiz, 0, field('quiz', 'choices'), 'a = One\nb = Two = 2\n');
    expect(shownValue(entriesOf(draft, 'quiz')[0]!, field('quiz', 'choices'))).toBe('a = One\nb = Two = 2');
  });

  it('leaves out what is optional and empty', () => {
    const rules = part('rules');
    const draft = withValue(withValue(added(built, rules), rules, 0, field('rules', 'appliesTo'), 'triage'), rules, 0, field('rules', 'appliesTo'), '');
    expect(entriesOf(draft, 'rules')[0]).not.toHaveProperty('appliesTo');
  });
});

describe('files', () => {
  it('takes the sample rules as they are', () => {
    const { draft, words } = takeIn(built, read('samples/guideline-telehealth.json'));
    const rules = entriesOf(draft, 'rules');
    expect(rules[0]).toEqual({ id: 'BP-01', level: 'must', text: expect.stringContaining('911'), appliesTo: 'triage', exampleOk: expect.any(String), exampleBad: expect.any(String) });
    expect(words).toContain('brightpath-telehealth');
  });

  it('takes the sample rubric as it is, and says that points belong to batches', () => {
    const { draft, words } = takeIn(built, read('samples/rubric.json'));
    const levels = entriesOf(draft, 'rules').map(rule => rule['level']);
    expect(levels).toContain('must_not');
    expect(levels).toContain('should');
    expect(words).toContain('no points');
    expect(entriesOf(takeIn(draft, read('samples/rubric.json')).draft, 'rules')).toHaveLength(levels.length);
  });

  it('takes a whole guideline, but not its id', () => {
    const { draft } = takeIn({ ...built, id: 'mine' }, JSON.stringify({ ...built, id: 'theirs', title: 'Another' }));
    expect([draft['id'], draft['title']]).toEqual(['mine', 'Another']);
  });

  it.each(['not json', '[]', '{}', '{"rules":[{}]}', '{"criteria":["x"]}'])('says what is wrong with %s', content => {
    expect(() => takeIn(built, content)).toThrow(/./);
  });

  it('sends nothing that the server has added', () => {
    expect(sent({ ...built, sha256: 'x', legacyGates: [] }, 'mine')).not.toHaveProperty('sha256');
  });
});
