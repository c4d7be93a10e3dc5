import { nameKey, type QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';

/** Which of the collations the local database has, by `nameKey`. One query, none for none. */
export async function knownCollations(session: Session, names: readonly QualifiedName[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const rows = await session.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.collname AS name
     FROM pg_catalog.pg_collation AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
     JOIN unnest($1::text[], $2::text[]) AS u(schema, name) ON u.schema = n.nspname AND u.name = c.collname
     WHERE c.collencoding IN (-1, pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding()))`,
    [names.map(({ schema }) => schema), names.map(({ name }) => name)],
  );
  return new Set(rows.map(nameKey));
}
