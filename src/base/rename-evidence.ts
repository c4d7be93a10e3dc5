/**
 * Pairs each thing that is gone with the new one that it has become, where just one may be it and nothing else may have become that: where
 * several could be it, none is named.
 *
 * @param candidates the new things that each of `gone` may have become, in the same order
 */
export function onlyMatches<G, N>(gone: readonly G[], candidates: readonly (readonly N[])[]): ReadonlyMap<G, N> {
  const found = new Map<G, N>();
  for (const [index, each] of gone.entries()) {
    const [only, ...more] = candidates[index] ?? [];
    const wantedTwice = candidates.filter((others) => only !== undefined && others.includes(only)).length > 1;
    if (only !== undefined && more.length === 0 && !wantedTwice) found.set(each, only);
  }
  return found;
}

/** A column among others, in order of their attribute numbers. */
interface Ordered {
  readonly name: string;
  readonly notNull: boolean;
}

/**
 * The columns that may be the gone ones under new names. Evidence: they stand between the same neighbours (a rename keeps a column's place), are as
 * strict about NULL, and alike. Where several could be it, none is named.
 *
 * @param alike whether the values of a gone column may be those of a new one
 */
export function renamedColumns<B extends Ordered, N extends Ordered>(before: readonly B[], now: readonly N[], alike: (gone: B, fresh: N) => boolean): ReadonlyMap<B, N> {
  // Nearly always so, and there may be a million columns.
  if (before.length === now.length && before.every(({ name }, index) => name === now[index]?.name)) return new Map();
  const places = new Map(now.map(({ name }, index) => [name, index]));
  const known = new Set(before.map(({ name }) => name));
  const fresh = [...now.entries()].filter(([, { name }]) => !known.has(name));
  const gone = [...before.entries()].filter(([, { name }]) => !places.has(name));
  const candidates = gone.map(([at, column]) => {
    const [after, until] = placesBetween(before, at, places);
    return fresh.filter(([place, each]) => place > after && place < until && (each.notNull || !column.notNull) && alike(column, each)).map(([, each]) => each);
  });
  return onlyMatches(gone.map(([, column]) => column), candidates);
}

/** The places between which a column must stand now: those of the columns beside it that are still there. */
function placesBetween(columns: readonly Ordered[], at: number, now: ReadonlyMap<string, number>): readonly [after: number, before: number] {
  let after = -1;
  let before = Infinity;
  for (const [index, { name }] of columns.entries()) {
    const there = now.get(name);
    if (there === undefined) continue;
    if (index < at) after = Math.max(after, there);
    else before = Math.min(before, there);
  }
  return [after, before];
}
