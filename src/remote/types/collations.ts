import type { QualifiedName } from '../../model/name.ts';
import type { Session } from '../../postgres/session.ts';

const collationSql = `
SELECT c.oid, c.collname AS name, n.nspname AS schema
  FROM pg_temp.fdw_collation AS c
  JOIN pg_temp.fdw_namespace AS n ON n.oid = c.collnamespace
 WHERE c.oid = ANY ($1::oid[])`;

/** The names of the collations. One query, none where there are none. */
export async function findCollations(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, QualifiedName>> {
  if (oids.length === 0) return new Map();
  const rows = await session.query<{ readonly oid: number; readonly schema: string; readonly name: string }>(collationSql, [oids]);
  return new Map(rows.map(({ oid, schema, name }) => [oid, { schema, name }]));
}
