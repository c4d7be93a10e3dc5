import { groupBy } from '../base/group.ts';
import type { Column, ForeignTable } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';
import { facetColumns, type FacetRow, facetsOf } from './facets.ts';
import { optionsFromArray } from './options.ts';

interface TableRow extends FacetRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly server: string;
  readonly wrapper: string;
  readonly options: string[] | null;
}

interface ColumnRow extends Record<string, unknown> {
  readonly relation: string;
  readonly name: string;
  readonly type: string;
  readonly not_null: boolean;
  readonly collation_schema: string | null;
  readonly collation: string | null;
  readonly expression: string | null;
  readonly generated: string;
  readonly options: string[] | null;
}

/** The foreign tables of the named schemas and on the named servers with their columns: two queries. */
export async function readForeignTables(session: Session, schemas: readonly string[], servers: readonly string[] = []): Promise<readonly ForeignTable[]> {
  const tables = await session.query<TableRow>(tablesQuery, [schemas, servers]);
  const columns = await session.query<ColumnRow>(columnsQuery, [schemas, servers]);
  const byRelation = groupBy(columns, (column) => column.relation);
  return tables.map((table) => ({
    kind: 'foreign-table',
    schema: table.schema,
    name: table.name,
    server: table.server,
    options: optionsFromArray(table.options, { wrapper: table.wrapper, kind: 'foreign-table' }),
    ...facetsOf(table),
    columns: (byRelation.get(table.oid) ?? []).map((column) => columnOf(column, table.wrapper)),
  }));
}

function columnOf(row: ColumnRow, wrapper: string): Column {
  return {
    name: row.name,
    type: row.type,
    notNull: row.not_null,
    collation:
      row.collation === null || row.collation_schema === null
        ? undefined
        : { schema: row.collation_schema, name: row.collation },
    default: row.generated === '' ? (row.expression ?? undefined) : undefined,
    generated: row.generated === '' ? undefined : (row.expression ?? undefined),
    options: optionsFromArray(row.options, { wrapper, kind: 'column' }),
  };
}

/* Temporary tables belong to the session that made them: they are read only by their schema. */
const wanted = "(n.nspname = ANY ($1::text[]) OR (c.relpersistence <> 't' AND s.srvname = ANY ($2::text[])))";

const tablesQuery = `
  SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, s.srvname AS server,
    w.fdwname AS wrapper, t.ftoptions AS options,
    ${facetColumns({ oid: 'c.oid', owner: 'c.relowner', acl: 'c.relacl', catalog: 'pg_class' })}
  FROM pg_foreign_table t
  JOIN pg_class c ON c.oid = t.ftrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_foreign_server s ON s.oid = t.ftserver
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  WHERE ${wanted}
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

/* A dropped column keeps its row (and, before 18, its options), hence `NOT attisdropped`. */
const columnsQuery = `
  SELECT a.attrelid::text AS relation, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AS not_null, cn.nspname AS collation_schema, co.collname AS collation,
    pg_get_expr(d.adbin, d.adrelid) AS expression, a.attgenerated AS generated, a.attfdwoptions AS options
  FROM pg_foreign_table t
  JOIN pg_class c ON c.oid = t.ftrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_foreign_server s ON s.oid = t.ftserver
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type ty ON ty.oid = a.atttypid
  LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> ty.typcollation
  LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE ${wanted}
  ORDER BY a.attrelid, a.attnum`;
