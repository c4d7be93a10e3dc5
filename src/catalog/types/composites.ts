import type { CompositeType } from '../../model/user-types.ts';
import type { Session } from '../../postgres/session.ts';
import { type FacetRow, facetsOf } from '../facets.ts';
import { byName, facetsOfType, inScope } from './scope.ts';

interface CompositeRow extends FacetRow {
  readonly schema: string;
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly type: string; readonly collation_schema: string | null; readonly collation: string | null }[];
}

/** Composite types, with their attributes in order; not the row types of tables. */
export async function readComposites(session: Session, schema: string | undefined): Promise<readonly CompositeType[]> {
  const rows = await session.query<CompositeRow>(query, [schema ?? null]);
  return rows.map((row) => ({
    kind: 'composite',
    schema: row.schema,
    name: row.name,
    ...facetsOf(row),
    attributes: row.attributes.map(({ name, type, collation, collation_schema }) => ({
      name,
      type,
      collation: collation === null || collation_schema === null ? undefined : { schema: collation_schema, name: collation },
    })),
  }));
}

const query = `
  SELECT n.nspname AS schema, t.typname AS name, ${facetsOfType},
    (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'collation_schema', cn.nspname, 'collation', co.collname) ORDER BY a.attnum), '[]')
     FROM pg_attribute a
     JOIN pg_type ty ON ty.oid = a.atttypid
     LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> ty.typcollation
     LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes
  FROM pg_type t
  JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
  JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'c' AND ${inScope('t', 'n')}
  ${byName}`;
