import { describe, expect, it } from 'vitest';
import type { Receipt } from '../api/projects';
import { arranged, isFinal, moreErrors, opened, pace, progress, sayReceipt } from './receipt';

const receipt = (patch: Partial<Receipt>): Receipt => ({
  batchId: 'b', projectId: 'p', file: 'f.jsonl', bytes: 10, sha256: '', format: null, mapping: null, state: 'loaded', reason: null, read: 0, accepted: 0, duplicate: 0, rejected: 0,
  items: 0, responses: 0, suspicions: [], errors: [], moreErrors: 0, bytesRead: 0, receivedAt: '2026-11-22T12:00:00Z', startedAt: null, finishedAt: null, ...patch,
});

describe('a receipt', () => {
  it('is said with every record accounted for', () => {
    expect(sayReceipt(receipt({ read: 1200, accepted: 1102, duplicate: 35, rejected: 63, items: 551, responses: 1102 })))
      .toBe('1,200 records read: 1,102 accepted, 35 already here, 63 rejected. 551 tasks opened with 1,102 responses.');
    expect(sayReceipt(receipt({ read: 3, duplicate: 3 }))).toContain('Nothing new');
  });

  it('says why it failed', () => {
    expect(sayReceipt(receipt({ state: 'failed', reason: 'This is not text.' }))).toBe('This is not text.');
  });

  it('is final unless something is still to come', () => {
    expect(['received', 'reading', 'loaded', 'waiting', 'failed'].map(state => isFinal(receipt({ state: state as Receipt['state'] })))).toEqual([false, false, true, true, true]);
  });

  it('says how fast it was only when that is known', () => {
    expect(pace(receipt({ read: 100, startedAt: '2026-11-22T12:00:00Z', finishedAt: '2026-11-22T12:00:02Z' }))).toEqual({ seconds: 2, perSecond: 50 });
    expect(pace(receipt({ startedAt: '2026-11-22T12:00:00Z' }))).toBeNull();
  });

  it('says what became of held items, and opens no task for those that nobody may see', () => {
    const after = receipt({ read: 9, accepted: 9, items: 9, responses: 9, held: 0, decided: { released: 2, redacted: 1, dropped: 3 } });
    expect(sayReceipt(after)).toBe('9 records read: 9 accepted. 6 tasks opened. Of the held items, 2 released, 1 redacted and 3 dropped.');
    expect(opened(receipt({ accepted: 9, items: 9, responses: 9, held: 4 }))).toBe('5 tasks opened.');
  });

  it('says how far the reading is and for how long it has been going on', () => {
    const reading = receipt({ state: 'reading', bytes: 300, bytesRead: 100, startedAt: '2026-11-22T12:00:00Z' });
    expect(progress(reading, Date.parse('2026-11-22T12:01:30Z'))).toBe('33\u00a0% · 2 min');
    expect(progress({ ...reading, bytesRead: 400 }, Date.parse('2026-11-22T11:59:00Z'))).toBe('100\u00a0%');
  });

  it('is found by name and state, and put in order', () => {
    const all = [receipt({ file: 'b', rejected: 1 }), receipt({ file: 'a', rejected: 5, state: 'failed' }), receipt({ file: 'c', rejected: 3 })];
    const files = (how: Partial<Parameters<typeof arranged>[1]>) => arranged(all, { words: '', state: '', order: '', ...how }).map(one => one.file).join('');
    expect([files({}), files({ order: 'name' }), files({ order: 'rejected' }), files({ state: 'failed' }), files({ words: 'C' })]).toEqual(['bac', 'abc', 'acb', 'a', 'c']);
  });

  it('counts the errors it does not list', () => {
    expect(moreErrors(receipt({ moreErrors: 60 }))).toBe(60);
    expect(moreErrors(receipt({ moreErrors: true, rejected: 5, errors: [{ line: 1, path: '', reason: '' }] }))).toBe(4);
  });
});
