/** The Monday and Sunday of an ISO week such as 2026-W47; null when it is none. */
export function weekDays(week: string): { monday: Date; sunday: Date } | null {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(week) ?? [];
  if (!year || !number) return null;
  // The 4th of January is always in week 1.
  const fourth = new Date(Date.UTC(Number(year), 0, 4));
  const monday = new Date(fourth);
  monday.setUTCDate(4 - ((fourth.getUTCDay() + 6) % 7) + (Number(number) - 1) * 7);
  return { monday, sunday: new Date(monday.getTime() + 6 * 86_400_000) };
}

/** '16 – 22 Nov 2026'. */
export function sayWeek(week: string): string {
  const days = weekDays(week);
  if (!days) return week;
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return format.formatRange(days.monday, days.sunday);
}
