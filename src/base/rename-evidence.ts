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

/**
 * The places between which a column must stand now if it was renamed, which keeps its place: those of the columns beside it that are still there.
 *
 * @param position where it stood among `columns`
 * @param now where columns stand today, by name
 * @returns exclusive bounds, 0 and Infinity where there is no neighbour
 */
export function placesBetween(columns: readonly { readonly name: string; readonly position: number }[], position: number, now: ReadonlyMap<string, number>): readonly [after: number, before: number] {
  let after = 0;
  let before = Infinity;
  for (const column of columns) {
    const there = now.get(column.name);
    if (there === undefined) continue;
    if (column.position < position) after = Math.max(after, there);
    else before = Math.min(before, there);
  }
  return [after, before];
}
