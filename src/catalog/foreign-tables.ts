import type { QualifiedName } from '../model/name.ts';
import type { PartitionOf } from '../model/partitioned-table.ts';
import type { ForeignTable } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';
import { readChecks } from './checks.ts';
import { readColumns } from './columns.ts';
import { facetColumns, type FacetRow, facetsOf } from './facets.ts';
import { optionsFromArray } from './options.ts';

interface TableRow extends FacetRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly server: string;
  readonly wrapper: string;
  readonly options: string[] | null;
  readonly partition_of: PartitionOf | null;
  readonly inherits: readonly QualifiedName[] | null;
}

/** The foreign tables of the named schemas and on the named servers with their columns and checks: three queries. */
export async function readForeignTables(session: Session, schemas: readonly string[], servers: readonly string[] = []): Promise<readonly ForeignTable[]> {
  const tables = await session.query<TableRow>(tablesQuery, [schemas, servers]);
  if (tables.length === 0) return [];
  const wrappers = new Map(tables.map(({ oid, wrapper }) => [oid, wrapper]));
  const columns = await readColumns(session, wanted, [schemas, servers], wrappers);
  const checks = await readChecks(session, wanted, [schemas, servers]);
  return tables.map((table) => {
    const own = columns.get(table.oid);
    const found = checks.get(table.oid);
    // By their names: objects that get keys after a spread have no shape in common in V8, and each takes three times the memory.
    const { owner, comment, grants } = facetsOf(table);
    return {
      kind: 'foreign-table',
      schema: table.schema,
      name: table.name,
      server: table.server,
      options: optionsFromArray(table.options, { wrapper: table.wrapper, kind: 'foreign-table' }),
      owner,
      comment,
      grants,
      columns: own?.columns ?? [],
      checks: found?.own ?? [],
      columnGrants: own?.grants ?? [],
      ...(table.partition_of === null ? {} : { partitionOf: table.partition_of }),
      ...(table.inherits === null ? {} : { inherits: table.inherits }),
      ...(found === undefined || found.handedDown.length === 0 ? {} : { handedDown: found.handedDown }),
    };
  });
}

/* Temporary tables belong to the session that made them: they are read only by their schema. */
const wanted = "(n.nspname = ANY ($1::text[]) OR (c.relpersistence <> 't' AND s.srvname = ANY ($2::text[])))";

const tablesQuery = `
  SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, s.srvname AS server,
    w.fdwname AS wrapper, array_to_json(t.ftoptions) AS options,
    CASE WHEN c.relispartition THEN (
      SELECT json_build_object('parent', json_build_object('schema', pn.nspname, 'name', p.relname), 'bound', pg_get_expr(c.relpartbound, c.oid))
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid
    ) END AS partition_of,
    CASE WHEN NOT c.relispartition THEN (
      SELECT json_agg(json_build_object('schema', pn.nspname, 'name', p.relname) ORDER BY i.inhseqno)
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid
    ) END AS inherits,
    ${facetColumns({ oid: 'c.oid', owner: 'c.relowner', acl: 'c.relacl', catalog: 'pg_class' })}
  FROM pg_foreign_table t
  JOIN pg_class c ON c.oid = t.ftrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_foreign_server s ON s.oid = t.ftserver
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  WHERE ${wanted}
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;
