import { describe, expect, it } from 'vitest';
import { Problem, Unreachable } from '../api/problem';
import { idleAfter, longestCheck, openSource, sign, startActive, tick } from './active-time';
import { annotationId } from './annotation-id';
import { Heartbeat, type LeaseStatus } from './heartbeat';

describe('active time', () => {
  const run = (from: number, to: number, hidden = false, time = startActive(0, from)) => {
    for (let now = from + 1000; now <= to; now += 1000) time = tick(time, now, hidden);
    return time;
  };

  it('runs while somebody is at work', () => {
    expect(run(0, 30_000).seconds).toBe(30);
  });

  it('stops a minute after the last sign, and goes on with the next', () => {
    const idle = run(0, 300_000);
    expect(idle.seconds).toBe(idleAfter / 1000);
    expect(run(300_000, 310_000, false, sign(idle, 300_000)).seconds).toBe(70);
  });

  it('does not run while the page is hidden, nor while the machine sleeps', () => {
    expect(run(0, 30_000, true).seconds).toBe(0);
    expect(tick(startActive(5, 0), 8 * 3600_000, false).seconds).toBe(5);
  });

  it('counts a source that is open in another tab apart, until the next sign of work', () => {
    const reading = tick(openSource(run(0, 10_000), 10_000), 100_000, true);
    expect(reading).toMatchObject({ seconds: 10, checking: 90 });
    const back = run(130_000, 140_000, false, sign(reading, 130_000));
    expect(back).toMatchObject({ seconds: 20, checking: 120, sourceOpened: null });
  });

  it('counts at most five minutes for a source, also when no tick came in between', () => {
    const late = sign(openSource(startActive(0, 0), 0), 3600_000);
    expect(late.checking).toBe(longestCheck / 1000);
    expect(late.seconds).toBe(0);
  });
});

describe('the id of a record', () => {
  it('is the same in two tabs on one lease and differs between leases', async () => {
    expect(await annotationId('lease-1')).toBe(await annotationId('lease-1'));
    expect(await annotationId('lease-1')).not.toBe(await annotationId('lease-2'));
    expect(await annotationId('lease-1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('the heartbeat of a lease', () => {
  const start = (answers: (() => Promise<{ expiresAt: string }>)[]) => {
    const said: LeaseStatus[] = [];
    const waits: number[] = [];
    const beat = new Heartbeat(
      { renew: () => answers.shift()!(), later: milliseconds => (waits.push(milliseconds), () => {}), changed: status => said.push(status) },
      { leaseId: 'l', expiresAt: 't0', renewEverySeconds: 60 });
    return { beat, said, waits };
  };
  const ok = () => Promise.resolve({ expiresAt: 't1' });
  const away = () => Promise.reject(new Unreachable());
  const gone = () => Promise.reject(new Problem(409, 'lease_gone', 'Gone.'));

  it('renews at the pace that the server asks for', async () => {
    const { beat, waits } = start([ok]);
    expect(await beat.beat()).toBe(true);
    expect(beat.status).toEqual({ kind: 'held', until: 't1' });
    expect(waits).toEqual([60_000, 60_000]);
  });

  it('is unsure, and asks more often, while the server is away', async () => {
    const { beat, waits } = start([away, ok]);
    expect(await beat.beat()).toBe(false);
    expect(beat.status).toEqual({ kind: 'unsure', until: 't0' });
    expect(waits.at(-1)).toBe(15_000);
    expect(await beat.beat()).toBe(true);
  });

  it('says when the lease is lost and stops asking, but can be asked to try', async () => {
    const { beat, waits } = start([gone, ok]);
    await beat.beat();
    expect(beat.status).toEqual({ kind: 'lost', detail: 'Gone.' });
    expect(waits).toHaveLength(1);
    expect(await beat.beat()).toBe(true);
  });
});
