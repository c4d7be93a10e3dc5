import type { Families, Family, FoundHeir, HeirColumn } from '../model/family.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { Session } from '../postgres/session.ts';
import { withCatalogPath } from './catalog-path.ts';

interface FamilyRow extends Record<string, unknown>, QualifiedName {
  readonly partitionOf: QualifiedName | null;
  readonly besides: QualifiedName | null;
  readonly takesRest: QualifiedName | null;
  readonly heirs: readonly HeirRow[];
  readonly descendants: readonly QualifiedName[];
}

interface HeirRow extends Omit<FoundHeir, 'columns'> {
  readonly columns: readonly (Omit<HeirColumn, 'collation'> & { readonly collation: QualifiedName | null })[] | null;
}

/** The families of relations, those that exist: one query, in a transaction; it needs no privilege on them. */
export async function readFamilies(session: Session, names: readonly QualifiedName[]): Promise<Families> {
  if (names.length === 0) return new Map();
  const rows = await withCatalogPath(session, async () => session.query<FamilyRow>(query, [names.map(({ schema }) => schema), names.map(({ name }) => name)]));
  return new Map(rows.map((row) => [nameKey(row), familyOf(row)]));
}

function familyOf({ schema, name, partitionOf, besides, takesRest, heirs, descendants }: FamilyRow): Family {
  return {
    schema,
    name,
    partitionOf: partitionOf ?? undefined,
    besides: besides ?? undefined,
    takesRest: takesRest ?? undefined,
    heirs: heirs.map((heir) => ({ ...heir, columns: (heir.columns ?? []).map((column) => ({ ...column, collation: column.collation ?? undefined })) })),
    descendants,
  };
}

const named = (relation: string): string =>
  `(SELECT json_build_object('schema', xn.nspname, 'name', x.relname) FROM pg_class x JOIN pg_namespace xn ON xn.oid = x.relnamespace WHERE x.oid = ${relation})`;

/* A column that is there through one parent alone: attislocal is false, attinhcount 1 (postgresql.org/docs/18/catalog-pg-attribute.html). */
const query = `
  WITH RECURSIVE wanted AS (
    SELECT c.oid, n.nspname, c.relname, own.partdefid AS rest, p.inhparent AS parent, nullif(above.partdefid, c.oid) AS besides
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS w(schema, name)) w
    JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
    LEFT JOIN pg_partitioned_table own ON own.partrelid = c.oid
    LEFT JOIN pg_inherits p ON p.inhrelid = c.oid AND c.relispartition LEFT JOIN pg_partitioned_table above ON above.partrelid = p.inhparent
  ), below AS (
    SELECT w.oid AS top, i.inhrelid AS oid FROM wanted w JOIN pg_inherits i ON i.inhparent = w.oid
    UNION
    SELECT b.top, i.inhrelid FROM below b JOIN pg_inherits i ON i.inhparent = b.oid
  )
  SELECT w.nspname AS schema, w.relname AS name, ${named('w.parent')} AS "partitionOf", ${named('w.besides')} AS besides, ${named('w.rest')} AS "takesRest",
    (SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname) ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"), '[]')
      FROM below b JOIN pg_class c ON c.oid = b.oid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE b.top = w.oid) AS descendants,
    (SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname, 'what', CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END,
        'columns', (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'generated', a.attgenerated <> '',
            'handedDown', NOT a.attislocal AND a.attinhcount = 1, 'collation', CASE WHEN a.attcollation <> t.typcollation THEN (
              SELECT json_build_object('schema', xn.nspname, 'name', x.collname) FROM pg_collation x JOIN pg_namespace xn ON xn.oid = x.collnamespace WHERE x.oid = a.attcollation) END) ORDER BY a.attnum)
          FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        'checks', (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, k.conrelid)) ORDER BY k.conname), '[]')
          FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c')) ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"), '[]')
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.inhparent = w.oid AND NOT c.relispartition) AS heirs
  FROM wanted w
  ORDER BY w.nspname COLLATE "C", w.relname COLLATE "C"`;
