/**
 * The names that a run has not asked about yet, each once.
 * @param known what it has been told so far, by the names' keys; undefined for what does not exist
 * @returns by their keys
 */
export function notYetAsked<N>(names: readonly N[], keyOf: (name: N) => string, known: ReadonlyMap<string, unknown>): ReadonlyMap<string, N> {
  return new Map(names.map((name) => [keyOf(name), name] as const).filter(([key]) => !known.has(key)));
}
