/** Times are shown in the zone of the person reading, named where a day could be misread. */
export function clock(at: string | number | Date, zone?: string): string {
  return format(at, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }, zone);
}

export function day(at: string | number | Date, zone?: string): string {
  return format(at, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }, zone);
}

export function dayAndTime(at: string | number | Date, zone?: string): string {
  return format(at, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' }, zone);
}

/** The time alone when it is today, else the day as well. */
export function when(at: string | number | Date, now: Date = new Date(), zone?: string): string {
  return day(at, zone) === day(now, zone) ? format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, zone) : dayAndTime(at, zone);
}

export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** 2026-11-22 in the person's own zone: the value of a date field. */
export function isoDay(at: Date): string {
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}

function format(at: string | number | Date, parts: Intl.DateTimeFormatOptions, zone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { ...parts, ...(zone ? { timeZone: zone } : {}) }).format(new Date(at));
}
