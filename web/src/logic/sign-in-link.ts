/** The token in a sign-in link, in its fragment, or pasted bare; null when there is none. */
export function tokenIn(text: string): string | null {
  const inLink = /#\/sign-in\/([^/?#\s]+)/.exec(text)?.[1];
  if (inLink) return decodeURIComponent(inLink);
  return /^[\w-]{20,}$/.test(text) ? text : null;
}
