import { compareNames } from '../model/option.ts';
import type { RemoteRelation } from '../model/remote-relation.ts';
import type { Session } from '../postgres/session.ts';
import type { RelationSelection, SchemaRequest } from './request.ts';

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

const namespaceSql = `SELECT oid, nspname FROM pg_temp.fdw_namespace WHERE nspname = ANY ($1::text[])`;

const relationSql = `
SELECT relnamespace, oid, relname, relkind, relispartition
  FROM pg_temp.fdw_class
 WHERE relnamespace = ANY ($1::oid[]) AND relkind = ANY ('{r,v,m,f,p}'::"char"[])`;

/**
 * What the schemas hold and what of it is selected. Two queries, whatever the number of schemas and relations.
 *
 * @param session with the server's windows open
 * @returns one for each request, in order
 */
export async function findRelations(session: Session, requests: readonly SchemaRequest[]): Promise<readonly FoundSchema[]> {
  const namespaces = await session.query<{ readonly oid: number; readonly nspname: string }>(namespaceSql, [
    [...new Set(requests.map((request) => request.name))],
  ]);
  const oids = new Map(namespaces.map((row) => [row.nspname, row.oid]));
  const relations = oids.size === 0 ? new Map<number, FoundRelation[]>() : await relationsOf(session, [...oids.values()]);
  return requests.map(({ name, selection }) => {
    const oid = oids.get(name);
    if (oid === undefined) return { exists: false, names: [], selected: [] };
    const all = relations.get(oid) ?? [];
    return { exists: true, names: all.map((relation) => relation.name), selected: select(all, selection) };
  });
}

async function relationsOf(session: Session, namespaces: readonly number[]): Promise<Map<number, FoundRelation[]>> {
  const rows = await session.query<{
    readonly relnamespace: number;
    readonly oid: number;
    readonly relname: string;
    readonly relkind: string;
    readonly relispartition: boolean;
  }>(relationSql, [namespaces]);
  const found = new Map<number, FoundRelation[]>(namespaces.map((oid) => [oid, []]));
  for (const row of rows) {
    const kind = row.relispartition ? 'partition' : kinds.get(row.relkind);
    if (kind !== undefined) found.get(row.relnamespace)?.push({ oid: row.oid, name: row.relname, kind });
  }
  for (const relations of found.values()) relations.sort((a, b) => compareNames(a.name, b.name));
  return found;
}

/** As IMPORT FOREIGN SCHEMA selects: a partition comes only when LIMIT TO names it (sql-importforeignschema, postgres-fdw). */
function select(relations: readonly FoundRelation[], selection: RelationSelection): readonly FoundRelation[] {
  if (selection.kind === 'all') return relations.filter(({ kind }) => kind !== 'partition');
  const names = new Set(selection.names);
  if (selection.kind === 'listed') return relations.filter(({ name }) => names.has(name));
  return relations.filter(({ name, kind }) => kind !== 'partition' && !names.has(name));
}
