const moved = new WeakSet<HTMLElement>();

/** What is scrolled in one answer scrolls the others by the same share of their own length. */
export function scrollTogether(event: Event): void {
  const from = event.target as HTMLElement;
  const all = from.closest('.together');
  if (!all || !from.matches('.answer') || moved.delete(from)) return;
  const share = from.scrollTop / Math.max(1, from.scrollHeight - from.clientHeight);
  for (const other of all.querySelectorAll<HTMLElement>('.answer')) {
    const to = share * (other.scrollHeight - other.clientHeight);
    if (other === from || Math.abs(other.scrollTop - to) < 1) continue;
    moved.add(other); // its own event must not come back to us
    other.scrollTop = to;
  }
}
