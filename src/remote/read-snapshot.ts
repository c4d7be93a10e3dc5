import { compareNames } from '../model/option.ts';
import type { RemoteSchema } from '../model/remote-relation.ts';
import type { RemoteKey } from '../model/snapshot.ts';
import type { Standing } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';
import { findKeys } from './keys.ts';
import type { QualifiedName } from '../model/name.ts';
import { type Patiently, patiently } from './patiently.ts';
import { readSchemas } from './read-remote-schemas.ts';
import type { Reader } from './reader.ts';
import type { SchemaRequest } from './request.ts';
import { findStrays } from './standing-relations.ts';

/** What a snapshot has of one server, but for how its types are called here. */
export interface FoundForSnapshot extends Pick<Standing, 'versionNum' | 'role' | 'collation'> {
  /** One for each request. */
  readonly schemas: readonly RemoteSchema[];
  /** Versions by name, sorted. */
  readonly extensions: ReadonlyMap<string, string>;
  /** Relations that have the names of those that were asked for and are gone, in other schemas. */
  readonly elsewhere: readonly QualifiedName[];
  /** By schema and relation. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, readonly RemoteKey[]>>;
}

/**
 * What stands behind a server, as `readRemoteSchemas` reads it, and keys, extensions and settings: five queries more, six where something is gone.
 *
 * @param session in a read-write transaction that the caller has opened
 * @throws UserError `remote-…` that names the server
 */
export async function readForSnapshot(session: Session, reader: Reader, requests: readonly SchemaRequest[], how: Patiently): Promise<FoundForSnapshot> {
  return patiently(session, reader, how, async (settings) => {
    const schemas = await readSchemas(session, requests);
    const gone = missing(requests, schemas);
    return {
      ...settings,
      schemas,
      elsewhere: gone.length === 0 ? [] : (await findStrays(session, gone)).map(({ schema, name }) => ({ schema, name })),
      keys: await findKeys(session, [...new Set(requests.map(({ name }) => name))]),
      extensions: await findVersions(session),
    };
  });
}

function missing(requests: readonly SchemaRequest[], schemas: readonly RemoteSchema[]): readonly QualifiedName[] {
  return requests.flatMap(({ name: schema, selection }, index) => {
    if (selection.kind !== 'listed') return [];
    const there = new Set(schemas[index]?.names);
    return selection.names.filter((name) => !there.has(name)).map((name) => ({ schema, name }));
  });
}

async function findVersions(session: Session): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query<{ readonly extname: string; readonly extversion: string }>('SELECT extname, extversion FROM pg_temp.fdw_extension');
  return new Map(rows.map(({ extname, extversion }) => [extname, extversion] as const).sort(([a], [b]) => compareNames(a, b)));
}
