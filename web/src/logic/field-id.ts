/** The id of the control behind a field path: 'judgement.ratings[0].accuracy' is 'ratings-0-accuracy'. */
export function fieldId(path: string): string {
  return path.replace(/^judgement\./, '').replace(/[[\].]+/g, '-').replace(/-$/, '');
}

/** Which response a field belongs to, by its place in the judgement; null for what is asked once per task. */
export function responseOfField(path: string, lists: Record<string, { response: string }[]>): string | null {
  const found = /^judgement\.(\w+)\[(\d+)\]/.exec(path);
  return found ? (lists[found[1] ?? '']?.[Number(found[2])]?.response ?? null) : null;
}
