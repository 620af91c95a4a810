import { describe, expect, it } from 'vitest';
import { differences, sameJudgement } from './diff';
import { fieldId, responseOfField } from './field-id';
import { emptyJudgement, emptySpan, setScore } from './form';
import { guideline } from './guideline.fixture';
import { hasHidden, revealHidden } from './hidden';
import { languageName, placeName } from './names';
import { keyMapFrom, remapped, taskCommand, usualKeys } from './task-keys';

describe('field paths', () => {
  it('become ids', () => {
    expect(fieldId('judgement.ratings[0].accuracy')).toBe('ratings-0-accuracy');
    expect(fieldId('judgement.claims[2].evidence[1].url')).toBe('claims-2-evidence-1-url');
    expect(fieldId('judgement.confidence')).toBe('confidence');
  });

  it('name their response', () => {
    expect(responseOfField('judgement.spans[1].code', { spans: [{ response: 'A' }, { response: 'B' }] })).toBe('B');
    expect(responseOfField('judgement.confidence', {})).toBeNull();
  });
});

describe('two drafts', () => {
  const here = emptyJudgement(['A']);

  it('differ where they say different things', () => {
    const there = { ...setScore(here, 'A', 'tone', 4), spans: [emptySpan('A')], activeSeconds: 99 };
    expect(differences(here, there, guideline)).toEqual([
      { label: 'Tone, response A', here: '–', there: '4' },
      { label: 'Marked spans and omissions', here: '0 entries', there: '1 entry' },
    ]);
  });

  it('are the same when one leaves out what the other has as null, or took longer', () => {
    const short = JSON.parse(JSON.stringify({ ...here, activeSeconds: 7 }, (_, value: unknown) => (value === null ? undefined : value)));
    expect(sameJudgement(here, short)).toBe(true);
    expect(sameJudgement(here, { ...here, overall: 1 })).toBe(false);
  });
});

describe('codes of places and languages', () => {
  it('are shown by name, and as they are when unknown', () => {
    expect(placeName('ES')).toBe('Spain');
    expect(languageName('es')).toBe('Spanish');
    expect(placeName('not a code')).toBe('not a code');
  });
});

describe('hidden characters', () => {
  it('are named, one by one, and nothing else is changed', () => {
    const pieces = revealHidden('a\u200bb\u202ec\n');
    expect(pieces).toEqual([{ text: 'a', name: null }, { text: '\u200b', name: 'ZWSP' }, { text: 'b', name: null }, { text: '\u202e', name: 'RLO' }, { text: 'c\n', name: null }]);
    expect(pieces.map(piece => piece.text).join('')).toBe('a\u200bb\u202ec\n');
  });

  it('include tags and controls without a common name', () => {
    expect(revealHidden('\u{e0041}')[0]?.name).toBe('U+E0041');
    expect(hasHidden('plain é 💊')).toBe(false);
  });
});

describe('keys of the task page', () => {
  const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

  it('mean something only outside of fields, except for combinations', () => {
    expect(taskCommand(press('g'), false)).toBe('guideline');
    expect(taskCommand(press('g'), true)).toBeNull();
    expect(taskCommand(press('z', { ctrlKey: true }), true)).toBe('undo');
    expect(taskCommand(press('Z', { ctrlKey: true, shiftKey: true }), true)).toBe('redo');
    expect(taskCommand(press('Enter', { metaKey: true }), true)).toBe('submit');
  });

  it('hand digits to the question that is open, never while writing', () => {
    expect(taskCommand(press('5'), false)).toEqual({ digit: 5 });
    expect(taskCommand(press('5'), true)).toBeNull();
  });

  it('can be switched off and changed; a key taken from another command is given in exchange', () => {
    expect(taskCommand(press('g'), false, { ...usualKeys, off: true })).toBeNull();
    expect(taskCommand(press('3'), false, { ...usualKeys, off: true })).toBeNull();
    expect(taskCommand(press('z', { ctrlKey: true }), false, { ...usualKeys, off: true })).toBe('undo');
    const mine = remapped(usualKeys, 'guideline', 'T');
    expect(taskCommand(press('t'), false, mine)).toBe('guideline');
    expect(taskCommand(press('g'), false, mine)).toBe('text');
    expect(remapped(usualKeys, 'guideline', '3')).toBe(usualKeys);
  });

  it('survive what a device has kept badly', () => {
    expect(keyMapFrom('{"off":true,"keys":{"text":"x"}}')).toMatchObject({ off: true, keys: { text: 'x', judge: 'j' } });
    expect(keyMapFrom('{broken')).toEqual(usualKeys);
  });
});
