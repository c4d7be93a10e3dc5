import { compareNames } from '../model/option.ts';
import type { RemoteRelation } from '../model/remote-relation.ts';
import type { Session } from '../postgres/session.ts';
import type { RelationSelection } from '../model/remote-relation.ts';
import type { SchemaRequest } from './request.ts';

/** A relation of the remote, before its columns are known. */
export interface FoundRelation {
  readonly oid: number;
  readonly name: string;
  readonly kind: RemoteRelation['kind'];
}

/** A remote schema, before any column is known. */
export interface FoundSchema {
  readonly exists: boolean;
  readonly names: readonly string[];
  readonly partitions: readonly string[];
  /** Sorted by name. */
  readonly selected: readonly FoundRelation[];
}

/** The relkinds of postgresImportForeignSchema (contrib/postgres_fdw/postgres_fdw.c, 14 to 18). */
const kinds = new Map<string, RemoteRelation['kind']>([
  ['r', 'table'],
  ['v', 'view'],
  ['m', 'materialized-view'],
  ['f', 'foreign-table'],
  ['p', 'partitioned-table'],
]);

/** The left join tells a schema without relations (one row of nulls) from one that is missing (no row). */
const relationSql = `
SELECT n.nspname, c.oid, c.relname, c.relkind, c.relispartition
  FROM pg_temp.fdw_namespace AS n
  LEFT JOIN pg_temp.fdw_class AS c ON c.relnamespace = n.oid AND c.relkind = ANY ('{r,v,m,f,p}'::"char"[])
 WHERE n.nspname = ANY ($1::text[])`;

/**
 * What the schemas hold and what of it is selected. One query, whatever the number of schemas and relations.
 *
 * @param session with the server's windows open
 * @returns one for each request, in order
 */
export async function findRelations(session: Session, requests: readonly SchemaRequest[]): Promise<readonly FoundSchema[]> {
  const rows = await session.query<{
    readonly nspname: string;
    readonly oid: number | null;
    readonly relname: string | null;
    readonly relkind: string | null;
    readonly relispartition: boolean | null;
  }>(relationSql, [[...new Set(requests.map((request) => request.name))]]);
  const schemas = new Map<string, FoundRelation[]>();
  for (const { nspname, oid, relname, relkind, relispartition } of rows) {
    const relations = schemas.get(nspname) ?? [];
    const kind = relispartition === true ? 'partition' : kinds.get(relkind ?? '');
    if (oid !== null && relname !== null && kind !== undefined) relations.push({ oid, name: relname, kind });
    schemas.set(nspname, relations);
  }
  for (const relations of schemas.values()) relations.sort((a, b) => compareNames(a.name, b.name));
  return requests.map(({ name, selection }) => {
    const all = schemas.get(name);
    if (all === undefined) return { exists: false, names: [], partitions: [], selected: [] };
    const partitions = all.filter(({ kind }) => kind === 'partition');
    return { exists: true, names: all.map((relation) => relation.name), partitions: partitions.map((relation) => relation.name), selected: select(all, selection) };
  });
}

/** As IMPORT FOREIGN SCHEMA selects: a partition comes only when LIMIT TO names it (sql-importforeignschema, postgres-fdw). */
function select(relations: readonly FoundRelation[], selection: RelationSelection): readonly FoundRelation[] {
  if (selection.kind === 'all') return relations.filter(({ kind }) => kind !== 'partition');
  const names = new Set(selection.names);
  if (selection.kind === 'listed') return relations.filter(({ name }) => names.has(name));
  return relations.filter(({ name, kind }) => kind !== 'partition' && !names.has(name));
}
