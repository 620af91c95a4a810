const controls = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** What had the focus, what it lay in, and everything around it that could have had it too. */
interface Held {
  element: HTMLElement;
  within: Element[];
  around: HTMLElement[];
}

/**
 * Where the focus goes when what has it is taken off the page and nobody says where to: to what follows in the nearest part that is left, else to
 * what stood before it there, else to the page's heading. Whoever knows a better place puts it there first.
 */
export function keepFocus(root: HTMLElement): void {
  let held: Held | null = null;
  let looking = false;
  const lost = () => held !== null && (document.activeElement ?? document.body) === document.body && !canHave(held.element);
  const look = () => {
    if (looking || !held || !isOff(held.element)) return; // cheap: it is asked at every change of the page
    looking = true;
    const busy = held?.element.isConnected ? 400 : 0; // a button that is off while something is sent comes back
    setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => {
      looking = false;
      if (lost()) (nextTo(held!) ?? root.querySelector<HTMLElement>('main h1') ?? root.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true });
    })), busy);
  };
  root.addEventListener('focusin', event => (held = around(event.target as HTMLElement, root)));
  // Left on purpose: nothing to keep. What goes with its element is gone by then.
  root.addEventListener('focusout', () => queueMicrotask(() => {
    if (held && canHave(held.element) && document.activeElement === document.body) held = null;
  }));
  new MutationObserver(look).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled', 'hidden'] });
}

function around(element: HTMLElement, root: HTMLElement): Held {
  const within: Element[] = [];
  for (let box = element.parentElement; box && box !== root; box = box.parentElement) within.push(box);
  const area = element.closest('dialog, main') ?? root;
  return { element, within, around: [...area.querySelectorAll<HTMLElement>(controls)] };
}

function nextTo({ element, within, around }: Held): HTMLElement | undefined {
  const at = around.indexOf(element);
  const inOrder = [...around.slice(at + 1), ...around.slice(0, Math.max(at, 0)).reverse()].filter(canHave);
  for (const box of within) {
    const found = box.isConnected ? inOrder.find(control => box.contains(control)) : undefined;
    if (found) return found;
  }
  return undefined;
}

function isOff(element: HTMLElement): boolean {
  return !element.isConnected || element.matches(':disabled, [hidden] *');
}

function canHave(element: HTMLElement): boolean {
  return !isOff(element) && element.checkVisibility();
}
