import type { QueryVerdict, Remedy, Wire } from '../pushdown/types.ts';
import { bytes, count } from './text.ts';

/** What a remedy is, beside its SQL, a line each: label and text. Not yet fit for a terminal. */
export function remedyNotes(remedy: Remedy): readonly (readonly [label: string, text: string])[] {
  const { unproved, remoteSql, remaining, effect, changesMeaning } = remedy;
  const kept = remaining.length === 0 ? [] : [['still here', remaining.join('; ')] as const];
  return [
    ...(unproved === null ? [] : [['not tried', unproved] as const]),
    ...remoteSql.map((sql) => ['sends', sql] as const),
    ...kept,
    ...(effect === null || effect.before.rows === 0 ? [] : [['fetches', `about ${wireText(effect.after)} instead of ${wireText(effect.before)}`] as const]),
    ...(changesMeaning === null ? [] : [['mind', changesMeaning] as const]),
  ];
}

export function wireText({ rows, bytes: size }: Wire): string {
  return `${count(rows, 'row')} (${bytes(size)})`;
}

/** The remedies of a query, each once, however many clauses it is for. */
export function remediesOf({ clauses }: QueryVerdict): readonly Remedy[] {
  return [...new Map(clauses.flatMap((clause) => clause.remedies).map((remedy) => [remedy.sql, remedy])).values()];
}
