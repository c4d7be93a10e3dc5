import type { QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';

/** What a name leads to. */
export interface Found extends QualifiedName {
  readonly oid: string;
  readonly isFunction: boolean;
  /** `f`, `v` … of a relation (pg_class.relkind), of a function `()`. */
  readonly kind: string;
}

/**
 * The relation of a name, found as written, else the functions of that name; without a schema on the search path.
 * @returns several where a name is that of several functions
 */
export async function findObjects(session: Session, schema: string | undefined, name: string): Promise<readonly Found[]> {
  const relations = await session.query<Found & Record<string, unknown>>(
    `SELECT c.oid::text AS oid, false AS "isFunction", n.nspname AS schema, c.relname AS name, c.relkind::text AS kind FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = $2 AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $1 END`,
    [schema ?? null, name],
  );
  if (relations.length > 0) return relations;
  return session.query<Found & Record<string, unknown>>(
    `SELECT p.oid::text AS oid, true AS "isFunction", n.nspname AS schema, p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS name, '()' AS kind
     FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE $2::text IN (p.proname, p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')') AND p.prokind IN ('f', 'p')
       AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = $1 END
     ORDER BY pg_catalog.pg_get_function_identity_arguments(p.oid) COLLATE "C"`,
    [schema ?? null, name],
  );
}
