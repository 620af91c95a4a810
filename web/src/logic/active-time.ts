/** Seconds that a person really spent: none while the page is hidden or nothing has been touched for a minute. */
export interface ActiveTime {
  seconds: number;
  lastSign: number;
  lastTick: number;
}

export const idleAfter = 60_000;

export function startActive(seconds: number, now: number): ActiveTime {
  return { seconds, lastSign: now, lastTick: now };
}

export function sign(time: ActiveTime, now: number): ActiveTime {
  return { ...time, lastSign: now };
}

/** Counts what has passed since the last tick, up to the moment at which the person went idle; a machine that slept adds nothing. */
export function tick(time: ActiveTime, now: number, hidden: boolean): ActiveTime {
  const until = Math.min(now, time.lastSign + idleAfter);
  const passed = hidden || now - time.lastTick > 2 * idleAfter ? 0 : Math.max(0, until - time.lastTick);
  return { ...time, seconds: time.seconds + passed / 1000, lastTick: now };
}
