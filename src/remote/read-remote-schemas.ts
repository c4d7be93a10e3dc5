import { Derived } from '../base/shared.ts';
import { compareQualified, nameKey } from '../model/name.ts';
import type { RemoteColumn, RemoteSchema } from '../model/remote-relation.ts';
import type { RemoteType, RemoteTypeUse } from '../model/remote-type.ts';
import type { Session } from '../postgres/session.ts';
import { ident } from '../sql/quote.ts';
import { expressionKey, findColumns, findExpressions, type Expressions, type FoundColumn } from './columns.ts';
import { asUserError } from './errors.ts';
import { chooseReaders, type Reader } from './reader.ts';
import { findRelations, type FoundSchema } from './relations.ts';
import type { RemoteRequest, RemoteServer, SchemaRequest } from './request.ts';
import { inSavepoint } from './savepoint.ts';
import { findCollations } from './types/collations.ts';
import { findTypes, type FoundType } from './types/find-types.ts';
import { findUnreadable, unreadableWindows } from './unreadable.ts';
import { catalogWindows, openWindows, type Windows } from './windows.ts';

/**
 * What stands behind servers, as the database sees it through their own wrapper: through temporary foreign tables
 * over the remotes' catalogs, made in a savepoint that is rolled back. A fixed number of queries for each server
 * (at most ten, two more for what cannot be read, and at most eight for each level of nested types), whatever the number of its tables. No lock on any relation of a user.
 *
 * What stays until the session ends is postgres_fdw's connection to each remote and, until the caller's transaction ends,
 * its snapshot there: keep that transaction short.
 *
 * @param session in a read-write transaction that the caller has opened
 * @returns one for each request, in order; a schema that the remote lacks has `exists: false`
 * @throws UserError `remote-…`, `no-…`, `server-missing`, `database-…`: names the server, what, why and what to do
 */
export async function readRemoteSchemas(session: Session, requests: readonly RemoteRequest[]): Promise<readonly RemoteServer[]> {
  const readers = await chooseReaders(session, requests);
  const servers: RemoteServer[] = [];
  // One after another: a session runs one statement at a time.
  for (const [index, request] of requests.entries()) {
    const reader = readers[index];
    if (reader === undefined) throw new Error('there is a reader for each request');
    servers.push({ server: request.server, reader: reader.reader, ...(await readServer(session, reader, request)) });
  }
  return servers;
}

async function readServer(session: Session, reader: Reader, { schemas: requests, unreadable = false }: RemoteRequest): Promise<Pick<RemoteServer, 'schemas' | 'unreadable'>> {
  if (requests.length === 0) return { schemas: [] };
  try {
    return await inSavepoint(session, preparations(reader, unreadable ? { ...catalogWindows, ...unreadableWindows } : catalogWindows), async () => {
      const schemas = await readSchemas(session, requests);
      return unreadable ? { schemas, unreadable: await findUnreadable(session, reader, schemas) } : { schemas };
    });
  } catch (error) {
    throw asUserError(reader.server, reader.reader, error);
  }
}

/**
 * Opens the windows as the creator, then becomes the reader. Joins are left to the remote: without local ways to join,
 * they ship whatever the server's cost options say. The savepoint's end undoes all of it.
 */
export function preparations({ server, creator, reader }: Reader, windows: Windows): readonly string[] {
  return [
    'SET LOCAL search_path = pg_catalog',
    ...['enable_hashjoin', 'enable_mergejoin', 'enable_nestloop'].map((way) => `SET LOCAL ${way} = off`),
    `SET LOCAL ROLE ${ident(creator)}`,
    ...openWindows(server, creator === reader ? [] : [reader], windows),
    ...(creator === reader ? [] : [`SET LOCAL ROLE ${ident(reader)}`]),
  ];
}

/** The same, with the windows of the server open. */
export async function readSchemas(session: Session, requests: readonly SchemaRequest[]): Promise<readonly RemoteSchema[]> {
  const schemas = await findRelations(session, requests);
  const columns = await findColumns(session, distinct(schemas.flatMap(({ selected }) => selected.map(({ oid }) => oid))));
  const all = [...columns.values()];
  const types = await findTypes(session, usedBy(all, ({ type }) => type));
  const collations = await findCollations(session, usedBy(all, ({ collation }) => collation).filter((oid) => oid !== 0));
  const expressions = await findExpressions(session, relationsWithExpressions(requests, schemas, columns));
  const useOf = sharedTypeUses();
  const bare = new Derived((column: FoundColumn) => remoteColumn(column, useOf(column, typeOf(column, types)), collations.get(column.collation)));
  return requests.map((request, index): RemoteSchema => {
    const { exists, names, partitions, selected } = schemas[index] ?? { exists: false, names: [], partitions: [], selected: [] };
    const own = selected.flatMap(({ oid }) => [columns.get(oid) ?? []]);
    return {
      name: request.name,
      exists,
      names,
      partitions,
      relations: selected.map(({ oid, name, kind }) => ({
        name,
        kind,
        columns: (columns.get(oid) ?? []).map((column) => {
          const texts = expressions.get(expressionKey(request.name, name, column.name));
          return texts === undefined ? bare.of(column) : withExpressions(bare.of(column), texts, request.defaults);
        }),
      })),
      types: nonBuiltin(withParts(usedBy(own, ({ type }) => type), types)),
    };
  });
}

function typeOf(column: FoundColumn, types: ReadonlyMap<number, FoundType>): FoundType {
  const found = types.get(column.type);
  // Only a remote that changes its catalogs within one snapshot could do this.
  if (found === undefined) throw new Error(`the remote has no type ${column.type}`);
  return found;
}

function remoteColumn({ name, notNull, computed }: FoundColumn, type: RemoteTypeUse, collation: RemoteColumn['collation']): RemoteColumn {
  return { name, type, notNull, collation, default: undefined, generated: undefined, computed };
}

function withExpressions(column: RemoteColumn, expressions: Expressions, defaults: boolean): RemoteColumn {
  return { ...column, default: defaults ? expressions.default : undefined, generated: column.computed === 'stored' ? expressions.generated : undefined };
}

/** Makes a type as columns use it, one for all columns that use it alike: of many columns, few differ in that. */
function sharedTypeUses(): (column: FoundColumn, found: FoundType) => RemoteTypeUse {
  const made = new Map<string, RemoteTypeUse>();
  return ({ type: oid, typmod }, { type, array, builtinOid }) => {
    const key = `${oid} ${typmod}`;
    const use = made.get(key) ?? { schema: type.schema, name: type.name, array, typmod, builtinOid, extension: type.extension };
    made.set(key, use);
    return use;
  };
}

/** Those whose expressions must be asked for: all where defaults are wanted, else those with a stored generated column. */
function relationsWithExpressions(
  requests: readonly SchemaRequest[],
  schemas: readonly FoundSchema[],
  columns: ReadonlyMap<number, readonly FoundColumn[]>,
): readonly { readonly schema: string; readonly name: string }[] {
  return requests.flatMap(({ name: schema, defaults }, index) =>
    (schemas[index]?.selected ?? [])
      .filter(({ oid }) => defaults || columns.get(oid)?.some(({ computed }) => computed === 'stored'))
      .map(({ name }) => ({ schema, name })),
  );
}

/** The types, and what they are made of. */
function withParts(oids: readonly number[], types: ReadonlyMap<number, FoundType>): readonly FoundType[] {
  const seen = new Set(oids);
  for (const oid of seen) for (const part of types.get(oid)?.parts ?? []) seen.add(part);
  return [...seen].flatMap((oid) => types.get(oid) ?? []);
}

function nonBuiltin(found: readonly FoundType[]): readonly RemoteType[] {
  const types = found.filter(({ builtinOid }) => builtinOid === undefined).map(({ type }) => type);
  return [...new Map(types.map((type) => [nameKey(type), type])).values()].sort(compareQualified);
}

function distinct(values: readonly number[]): readonly number[] {
  return [...new Set(values)];
}

/** The OIDs that the columns of any of the relations name, each once. */
function usedBy(relations: readonly (readonly FoundColumn[])[], oidOf: (column: FoundColumn) => number): readonly number[] {
  const oids = new Set<number>();
  for (const columns of relations) for (const column of columns) oids.add(oidOf(column));
  return [...oids];
}
