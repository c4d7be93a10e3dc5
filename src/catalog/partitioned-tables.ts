import type { Partition, PartitionedTable } from '../model/partitioned-table.ts';
import type { Session } from '../postgres/session.ts';
import { readColumns } from './columns.ts';
import { facetColumns, type FacetRow, facetsOf } from './facets.ts';

interface TableRow extends FacetRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly key: string;
  readonly partitions: readonly Partition[];
}

/** The partitioned tables of the named schemas with their columns: two queries. */
export async function readPartitionedTables(session: Session, schemas: readonly string[]): Promise<readonly PartitionedTable[]> {
  const tables = await session.query<TableRow>(tablesQuery, [schemas]);
  if (tables.length === 0) return [];
  const columns = await readColumns(session, wanted, [schemas], new Map(), 'partitioned');
  return tables.map((table) => ({
    kind: 'partitioned-table',
    schema: table.schema,
    name: table.name,
    key: table.key,
    partitions: table.partitions,
    ...facetsOf(table),
    columns: columns.get(table.oid)?.columns ?? [],
  }));
}

const wanted = 'n.nspname = ANY ($1::text[])';

const tablesQuery = `
  SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, pg_get_partkeydef(c.oid) AS key,
    coalesce((
      SELECT json_agg(json_build_object('schema', pn.nspname, 'name', p.relname, 'bound', pg_get_expr(p.relpartbound, p.oid),
        'what', CASE p.relkind WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' ELSE 'table' END)
        ORDER BY pn.nspname COLLATE "C", p.relname COLLATE "C")
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
      WHERE i.inhparent = c.oid AND p.relispartition), '[]') AS partitions,
    ${facetColumns({ oid: 'c.oid', owner: 'c.relowner', acl: 'c.relacl', catalog: 'pg_class' })}
  FROM pg_partitioned_table t
  JOIN pg_class c ON c.oid = t.partrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${wanted}
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;
