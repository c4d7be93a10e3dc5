import type { PartitionedTable } from '../model/partitioned-table.ts';
import type { Session } from '../postgres/session.ts';
import { readColumns } from './columns.ts';
import { facetColumns, type FacetRow, facetsOf } from './facets.ts';

interface TableRow extends FacetRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly key: string;
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
    ...facetsOf(table),
    columns: columns.get(table.oid)?.columns ?? [],
  }));
}

const wanted = 'n.nspname = ANY ($1::text[])';

const tablesQuery = `
  SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, pg_get_partkeydef(c.oid) AS key,
    ${facetColumns({ oid: 'c.oid', owner: 'c.relowner', acl: 'c.relacl', catalog: 'pg_class' })}
  FROM pg_partitioned_table t
  JOIN pg_class c ON c.oid = t.partrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${wanted}
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;
