import { bytes } from '../logic/time';

/** As much of a project's usage as says which files can be sent from a page. */
export interface Largest {
  mostAtOnce: number;
  links: boolean;
}

const otherways = (links: boolean) => (links
  ? 'Pack it with gzip, or send it by an upload link, which takes 5 GB: whoever runs this installation has the commands (docs/loading.md, large files).'
  : 'Pack it with gzip, or give it to whoever runs this installation, who can put it into the drop folder.');

/** Said before anybody chooses; nothing while it is not known. */
export function sayLargest(usage: Largest | null): string {
  return usage?.mostAtOnce ? ` A file sent from this page may have ${bytes(usage.mostAtOnce)}.` : '';
}

export function isTooLarge(size: number, usage: Largest | null): boolean {
  return !!usage?.mostAtOnce && size > usage.mostAtOnce;
}

/** Why this one is not sent; empty when it can be. */
export function sayTooLarge(size: number, usage: Largest | null): string {
  return usage && isTooLarge(size, usage) ? `This file has ${bytes(size)}, more than the ${bytes(usage.mostAtOnce)} that can be sent from a page. ${otherways(usage.links)}` : '';
}
