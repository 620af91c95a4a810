/**
 * Seconds that a person really spent. `seconds`: at work on the page, none while it is hidden or nothing has been
 * touched for a minute. `checking`: reading a source that was opened from the page, until the next sign of work here.
 */
export interface ActiveTime {
  seconds: number;
  checking: number;
  /** Since when a source is open; null when none is. */
  sourceOpened: number | null;
  lastSign: number;
  lastTick: number;
}

export const idleAfter = 60_000;
export const longestCheck = 5 * 60_000;

export function startActive(seconds: number, now: number, checking = 0): ActiveTime {
  return { seconds, checking, sourceOpened: null, lastSign: now, lastTick: now };
}

export function sign(time: ActiveTime, now: number): ActiveTime {
  return { ...counted(time, now, false), lastSign: now, sourceOpened: null };
}

export function openSource(time: ActiveTime, now: number): ActiveTime {
  return { ...counted(time, now, false), lastSign: now, sourceOpened: now };
}

/** Counts what has passed since the last tick, up to the moment at which the person went idle; a machine that slept adds nothing. */
export function tick(time: ActiveTime, now: number, hidden: boolean): ActiveTime {
  return counted(time, now, hidden);
}

function counted(time: ActiveTime, now: number, hidden: boolean): ActiveTime {
  if (time.sourceOpened !== null) {
    // A hidden page is rarely given a tick: here only the times at both ends count.
    const passed = Math.max(0, Math.min(now, time.sourceOpened + longestCheck) - time.lastTick);
    return { ...time, checking: time.checking + passed / 1000, lastTick: now };
  }
  const until = Math.min(now, time.lastSign + idleAfter);
  const passed = hidden || now - time.lastTick > 2 * idleAfter ? 0 : Math.max(0, until - time.lastTick);
  return { ...time, seconds: time.seconds + passed / 1000, lastTick: now };
}
