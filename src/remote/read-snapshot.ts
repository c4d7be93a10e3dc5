import type { RemoteSchema } from '../model/remote-relation.ts';
import type { RemoteKey } from '../model/snapshot.ts';
import type { Standing } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';
import { findKeys } from './keys.ts';
import { type Patiently, patiently } from './patiently.ts';
import { readSchemas } from './read-remote-schemas.ts';
import type { Reader } from './reader.ts';
import type { SchemaRequest } from './request.ts';

/** What a snapshot has of one server, but for how its types are called here. */
export interface FoundForSnapshot extends Pick<Standing, 'versionNum' | 'role' | 'collation'> {
  /** One for each request. */
  readonly schemas: readonly RemoteSchema[];
  /** By schema and relation. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, readonly RemoteKey[]>>;
}

/**
 * What stands behind a server, as `readRemoteSchemas` reads it, and keys and settings: four queries more.
 *
 * @param session in a read-write transaction that the caller has opened
 * @throws UserError `remote-…` that names the server
 */
export async function readForSnapshot(session: Session, reader: Reader, requests: readonly SchemaRequest[], how: Patiently): Promise<FoundForSnapshot> {
  return patiently(session, reader, how, async (settings) => ({
    ...settings,
    schemas: await readSchemas(session, requests),
    keys: await findKeys(session, requests.map(({ name }) => name)),
  }));
}
