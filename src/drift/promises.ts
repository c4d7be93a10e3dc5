import type { LocalTable } from '../model/local-table.ts';
import type { StandingRelation } from '../model/standing.ts';
import { ident } from '../sql/quote.ts';

/** Something that a foreign table says of every row, and that nothing here checks. */
export interface Promised {
  readonly kind: 'not-null' | 'check' | 'bounds';
  /** The column or constraint; undefined: the table's bounds. */
  readonly subject: string | undefined;
  /** How people read it. */
  readonly text: string;
  /** SQL that is true of a row that breaks it, on the table's own columns. A row of which it is NULL keeps the promise, as PostgreSQL sees it. */
  readonly broken: string;
  /** Whether it calls no function of a role that may be anyone. */
  readonly trusted: boolean;
  /** Whether only a parent table could take it back. */
  readonly inherited: boolean;
}

/** What the rows behind a foreign table have to be looked at for. What the remote itself keeps of every row is not among it. */
export function promisesOf(table: LocalTable, relation: StandingRelation): readonly Promised[] {
  const kept = new Set(relation.columns.filter(({ notNull }) => notNull).map(({ name }) => name));
  return [
    ...table.columns
      .filter(({ notNull, generated, remoteName }) => notNull && !generated && !kept.has(remoteName))
      .map(({ name, inherited }): Promised => ({ kind: 'not-null', subject: name, text: 'NOT NULL', broken: `${ident(name)} IS NULL`, trusted: true, inherited })),
    ...table.checks.map(({ name, expression, trusted, inherited }): Promised => ({ kind: 'check', subject: name, text: `CHECK ${expression}`, broken: `NOT (${expression})`, trusted, inherited })),
    ...(table.bounds === undefined ? [] : [{ kind: 'bounds' as const, subject: undefined, text: table.bounds.text, broken: `NOT (${table.bounds.condition})`, trusted: table.bounds.trusted, inherited: true }]),
  ];
}
