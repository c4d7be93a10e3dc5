import type { QualifiedName } from '../model/name.ts';
import type { RemoteTypeUse } from '../model/remote-type.ts';
import type { Session } from '../postgres/session.ts';
import { inSavepoint } from './savepoint.ts';

/** A type of the local database, as a column uses it. */
export interface LocalType {
  /** As `format_type` prints it with `search_path = pg_catalog`. */
  readonly canonical: string;
  /** What a column of it has unless it says otherwise; undefined: it has no collation. */
  readonly collation: QualifiedName | undefined;
}

/*
 * Same schema and name first (what IMPORT FOREIGN SCHEMA would take); else, for a type of an extension, the type of that
 * name that belongs to the same extension here, wherever it is installed.
 */
const localSql = `
SELECT u.position::int AS position, format_type(t.oid, u.typmod) AS canonical, c.collname AS collation_name, cn.nspname AS collation_schema
  FROM unnest($1::oid[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::int[])
       WITH ORDINALITY AS u(builtin, schema, name, extension, is_array, typmod, position)
  LEFT JOIN LATERAL (
    SELECT b.oid, b.typarray
      FROM pg_catalog.pg_type AS b
      JOIN pg_catalog.pg_namespace AS n ON n.oid = b.typnamespace
     WHERE b.typname = u.name AND b.typisdefined
       AND (n.nspname = u.schema
            OR EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                         JOIN pg_catalog.pg_extension AS x ON x.oid = d.refobjid
                        WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = b.oid
                          AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e' AND x.extname = u.extension))
     ORDER BY n.nspname = u.schema DESC
     LIMIT 1) AS named ON u.builtin IS NULL
  JOIN pg_catalog.pg_type AS t ON t.oid = coalesce(u.builtin, CASE WHEN u.is_array THEN named.typarray ELSE named.oid END)
  LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = t.typcollation
  LEFT JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.collnamespace`;

/**
 * What types of a remote are called in the local database. One query.
 *
 * @param session in a transaction that the caller has opened
 * @returns one for each use, in order; undefined where the local database has no such type
 */
export async function localTypeNames(session: Session, uses: readonly RemoteTypeUse[]): Promise<readonly (LocalType | undefined)[]> {
  if (uses.length === 0) return [];
  const rows = await inSavepoint(session, ['SET LOCAL search_path = pg_catalog'], async () =>
    session.query<LocalTypeRow>(localSql, [
      uses.map((use) => use.builtinOid ?? null),
      uses.map((use) => use.schema),
      uses.map((use) => use.name),
      uses.map((use) => use.extension ?? null),
      uses.map((use) => use.array),
      uses.map((use) => use.typmod),
    ]),
  );
  const found = new Map(rows.map((row) => [row.position, localType(row)]));
  return uses.map((_, index) => found.get(index + 1));
}

/** What a query says of one local type. */
export interface LocalTypeRow extends Record<string, unknown> {
  readonly position: number;
  readonly canonical: string;
  readonly collation_name: string | null;
  readonly collation_schema: string | null;
}

/** The type that a row describes. */
export function localType({ canonical, collation_name, collation_schema }: LocalTypeRow): LocalType {
  return {
    canonical,
    collation: collation_name === null || collation_schema === null ? undefined : { schema: collation_schema, name: collation_name },
  };
}
