import type { Column } from '../model/column.ts';
import type { QualifiedName } from '../model/name.ts';
import type { Parent } from '../model/parent.ts';
import type { Session } from '../postgres/session.ts';

interface ParentRow extends Record<string, unknown>, Omit<Parent, 'key' | 'columns'> {
  readonly key: string | null;
  readonly columns: readonly ColumnRow[] | null;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly collation: QualifiedName | null;
  readonly expression: string | null;
  readonly generated: string;
  readonly identity: string;
}

/** Relations by name, those that exist: one query, that needs no privilege on them. Expressions come out qualified where the search_path is that of `withCatalogPath`. */
export async function readParents(session: Session, names: readonly QualifiedName[]): Promise<readonly Parent[]> {
  if (names.length === 0) return [];
  const rows = await session.query<ParentRow>(query, [names.map(({ schema }) => schema), names.map(({ name }) => name)]);
  return rows.map(({ schema, name, what, key, checks, partitions, obstacles, columns }) => ({ schema, name, what, key: key ?? undefined, checks, partitions, obstacles, columns: (columns ?? []).map(columnOf) }));
}

function columnOf({ name, type, notNull, collation, expression, generated, identity }: ColumnRow): Column {
  return {
    name,
    type,
    notNull,
    collation: collation ?? undefined,
    default: undefined,
    generated: generated === '' || expression === null ? undefined : { expression, kind: generated === 'v' ? 'virtual' : 'stored' },
    identity: identity === '' ? undefined : identity === 'a' ? 'always' : 'by default',
    options: [],
  };
}

/*
 * conenforced is there from 18 on (postgresql.org/docs/18/catalog-pg-constraint.html). A check of a parent that is not valid may be so in
 * its heirs. PostgreSQL attaches no foreign table where a unique index or a foreign key would have to be its too
 * (commands/tablecmds.c, AttachPartitionEnsureIndexes and CloneFkReferencing, 14 to 18).
 */
const query = `
  SELECT n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view'
      WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite type' ELSE 'index' END AS what,
    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS key,
    coalesce((
      SELECT json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, k.conrelid), 'noInherit', false, 'notValid', false,
        'notEnforced', NOT coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)) ORDER BY k.conname COLLATE "C")
      FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND NOT k.connoinherit), '[]') AS checks,
    coalesce((
      SELECT json_agg(json_build_object('schema', pn.nspname, 'name', p.relname, 'bound', pg_get_expr(p.relpartbound, p.oid),
        'what', CASE p.relkind WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' ELSE 'table' END) ORDER BY pn.nspname COLLATE "C", p.relname COLLATE "C")
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhparent = c.oid AND p.relispartition), '[]') AS partitions,
    (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'generated', a.attgenerated, 'identity', a.attidentity,
        'collation', CASE WHEN co.oid IS NOT NULL THEN json_build_object('schema', cn.nspname, 'name', co.collname) END, 'expression', pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
      LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    CASE WHEN c.relkind = 'p' THEN
      ARRAY(SELECT 'foreign key ' || k.conname FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' ORDER BY 1)
      || ARRAY(SELECT 'unique index ' || i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND x.indisunique ORDER BY 1)
    ELSE '{}' END AS obstacles
  FROM unnest($1::text[], $2::text[]) AS w(schema, name)
  JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;
