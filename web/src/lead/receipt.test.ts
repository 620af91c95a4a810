import { describe, expect, it } from 'vitest';
import type { Receipt } from '../api/projects';
import { isFinal, moreErrors, pace, sayReceipt } from './receipt';

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

  it('counts the errors it does not list', () => {
    expect(moreErrors(receipt({ moreErrors: 60 }))).toBe(60);
    expect(moreErrors(receipt({ moreErrors: true, rejected: 5, errors: [{ line: 1, path: '', reason: '' }] }))).toBe(4);
  });
});
