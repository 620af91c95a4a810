/** Letters of scripts that are written from right to left, and all letters. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]|[\u{10800}-\u{10fff}]|[\u{1e800}-\u{1efff}]/gu;
const letters = /\p{L}/gu;

/**
 * The direction of a list or a table as a whole: that of most of its letters. `dir=auto` cannot say it, since it does not look
 * into items that have a direction of their own.
 */
export function directionOf(text: string): 'rtl' | 'ltr' {
  const right = text.match(rightToLeft)?.length ?? 0;
  return right * 2 > (text.match(letters)?.length ?? 0) ? 'rtl' : 'ltr';
}
