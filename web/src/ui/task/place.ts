/**
 * Puts a panel at the height of what it is about, but over the form, so that the text stays in sight. On a phone the
 * style sheet makes it a sheet at the bottom.
 */
export function place(box: HTMLElement, near: DOMRect | null): void {
  if (innerWidth < 1000) return;
  const { width, height } = box.getBoundingClientRect();
  const room = 12;
  const form = document.querySelector('.pane.judge')?.getBoundingClientRect().left ?? innerWidth - width;
  const inside = (wish: number, size: number, whole: number) => Math.round(Math.max(room, Math.min(wish, whole - size - room)));
  box.style.left = `${inside(form + room, width, innerWidth)}px`;
  box.style.top = `${inside((near?.top ?? 90) - 60, height, innerHeight)}px`;
}
