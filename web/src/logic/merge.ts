export interface Merge<T> {
  /** What the form should show now: one's own changes on top of theirs. */
  value: T;
  theirs: T;
  /** Fields that only the other person changed: taken over. */
  taken: (keyof T & string)[];
  /** Fields that both changed, differently: one's own is kept until one decides. */
  clashes: (keyof T & string)[];
}

/** Joins one's own changes with somebody else's, both made from the same `base`. */
export function merge<T extends object>(base: T, mine: T, theirs: T): Merge<T> {
  const value = { ...theirs };
  const taken: (keyof T & string)[] = [];
  const clashes: (keyof T & string)[] = [];
  for (const key of Object.keys(base) as (keyof T & string)[]) {
    const [byMe, byThem] = [!same(base[key], mine[key]), !same(base[key], theirs[key])];
    if (byMe) value[key] = mine[key];
    else if (byThem) taken.push(key);
    if (byMe && byThem && !same(mine[key], theirs[key])) clashes.push(key);
  }
  return { value, theirs, taken, clashes };
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
