import type { QueryVerdict, Remedy, Wire } from '../pushdown/types.ts';
import { bytes, count } from './text.ts';

/** How many Remote SQLs of a remedy are shown: those of partitions are much alike. */
const mostSent = 4;

/** What a remedy is, beside its SQL, a line each: label and text. Not yet fit for a terminal. */
export function remedyNotes(remedy: Remedy): readonly (readonly [label: string, text: string])[] {
  const { unproved, remoteSql, remaining, effect, changesMeaning } = remedy;
  const kept = remaining.length === 0 ? [] : [['still here', remaining.join('; ')] as const];
  return [
    ...(unproved === null ? [] : [['not tried', unproved] as const]),
    ...remoteSql.slice(0, mostSent).map((sql) => ['sends', sql] as const),
    ...(remoteSql.length > mostSent ? [['sends', `and ${remoteSql.length - mostSent} more`] as const] : []),
    ...kept,
    ...(effect === null || (effect.before.rows === 0 && effect.before.roundTrips === effect.after.roundTrips) ? [] : [['fetches', `about ${fetchedText(effect.after)} instead of ${fetchedText(effect.before)}`] as const]),
    ...(changesMeaning === null ? [] : [['mind', changesMeaning] as const]),
  ];
}

function fetchedText(wire: Wire): string {
  return `${wireText(wire)} in ${count(wire.roundTrips, 'round trip')}`;
}

export function wireText({ rows, bytes: size }: Pick<Wire, 'rows' | 'bytes'>): string {
  return `${count(rows, 'row')} (${bytes(size)})`;
}

/** The remedies of a query, each once, however many clauses it is for. */
export function remediesOf({ clauses, remedies }: QueryVerdict): readonly Remedy[] {
  return [...new Map([...clauses.flatMap((clause) => clause.remedies), ...remedies].map((remedy) => [remedy.sql, remedy])).values()];
}
