/** Puts the focus on the first of these that is there once the page has been drawn anew: what had it is gone, or something new came. */
export function focusAfter(event: Event, ...places: string[]): void {
  const root = (event.currentTarget as HTMLElement).closest('main') ?? document;
  // After the frame in which the change is drawn.
  requestAnimationFrame(() => requestAnimationFrame(() => places.map(place => root.querySelector<HTMLElement>(place)).find(found => found)?.focus()));
}
