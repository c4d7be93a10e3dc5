import type { Session } from '../../postgres/session.ts';
import type { NamedRelation } from '../queries/shape.ts';

/** A function whose statements no plan of its caller shows, unless it is inlined. */
export interface OpaqueFunction {
  readonly schema: string;
  readonly name: string;
  readonly language: string;
}

export type OpaqueOf = (name: NamedRelation) => OpaqueFunction | undefined;

/**
 * Finds out which of the functions that a run's statements call may read tables: those in a language other than C that
 * are not declared IMMUTABLE, in one query. Names resolve under the session's search_path.
 */
export async function readOpaqueFunctions(session: Session, names: readonly NamedRelation[]): Promise<OpaqueOf> {
  const wanted = [...new Map(names.map((name) => [keyOf(name), name])).values()];
  if (wanted.length === 0) return () => undefined;
  const rows = await session.query<{ position: string; schema: string; name: string; language: string }>(
    `SELECT DISTINCT ON (w.position) w.position::text, n.nspname::text AS schema, p.proname::text AS name, l.lanname::text AS language
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(schema, name, position)
     JOIN pg_catalog.pg_proc p ON p.proname = w.name
     JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     JOIN pg_catalog.pg_language l ON l.oid = p.prolang
     WHERE CASE WHEN w.schema IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = w.schema END
       AND l.lanname NOT IN ('internal', 'c') AND p.provolatile <> 'i' AND p.oid >= 16384
     ORDER BY w.position, p.oid`,
    [wanted.map(({ schema }) => schema ?? null), wanted.map(({ name }) => name)],
  );
  const found = new Map(rows.map(({ position, ...row }) => [keyOf(wanted[Number(position) - 1] ?? { schema: undefined, name: '' }), row]));
  return (name) => found.get(keyOf(name));
}

function keyOf({ schema, name }: Pick<NamedRelation, 'schema' | 'name'>): string {
  return `${schema ?? ''}\0${name}`;
}
