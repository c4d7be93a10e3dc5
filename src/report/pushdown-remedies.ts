import { type ReasonId, reasonRules } from '../model/rules.ts';
import type { Clause, QueryVerdict, Remedy, Wire } from '../pushdown/types.ts';
import { amount, bytes } from './text.ts';

/** How many Remote SQLs of a remedy are shown: those of partitions are much alike. */
const mostSent = 4;

/** Reasons that point at others, which say what to do. */
const pointing: ReadonlySet<ReasonId> = new Set(['local-filter-below', 'local-operation-below', 'row-by-row-write', 'locks-unfiltered', 'outer-join-clause', 'remote-cross-product', 'row-marks', 'not-chosen-cost', 'never-analyzed']);

/** What one does about a clause for which no remedy was found: a sentence or two for each of its reasons. */
export function adviceOf({ reasons, remedies }: Clause): readonly string[] {
  if (remedies.length > 0) return [];
  return [...new Set(reasons.filter(({ id }) => !pointing.has(id)).map(({ id }) => reasonRules[id].todo))];
}

/** What a remedy is, beside its SQL, a line each: label and text. Not yet fit for a terminal. */
export function remedyNotes(remedy: Remedy): readonly (readonly [label: string, text: string])[] {
  const { unproved, remoteSql, remaining, effect, changesMeaning } = remedy;
  const kept = remaining.length === 0 ? [] : [['still here', remaining.join('; ')] as const];
  return [
    ...(unproved === null ? [] : [['not tried', unproved] as const]),
    ...remoteSql.slice(0, mostSent).map((sql) => ['sends', sql] as const),
    ...(remoteSql.length > mostSent ? [['sends', `and ${remoteSql.length - mostSent} more`] as const] : []),
    ...kept,
    ...(effect === null || fetchedText(effect.after) === fetchedText(effect.before) ? [] : [['fetches', `about ${fetchedText(effect.after)} instead of ${fetchedText(effect.before)}`] as const]),
    ...(changesMeaning === null ? [] : [['mind', changesMeaning] as const]),
  ];
}

function fetchedText(wire: Wire): string {
  return `${wireText(wire)} in ${amount(wire.roundTrips, 'round trip')}`;
}

export function wireText({ rows, bytes: size }: Pick<Wire, 'rows' | 'bytes'>): string {
  return `${amount(rows, 'row')} (${bytes(size)})`;
}

/** The remedies of a query, each once, however many clauses it is for. */
export function remediesOf({ clauses, remedies }: QueryVerdict): readonly Remedy[] {
  return [...new Map([...clauses.flatMap((clause) => clause.remedies), ...remedies].map((remedy) => [remedy.sql, remedy])).values()];
}
