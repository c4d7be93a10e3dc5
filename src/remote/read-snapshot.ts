import type { RemoteSchema } from '../model/remote-relation.ts';
import type { RemoteKey } from '../model/snapshot.ts';
import type { Standing } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';
import { asUserError } from './errors.ts';
import { findKeys } from './keys.ts';
import { preparations, readSchemas } from './read-remote-schemas.ts';
import type { Reader } from './reader.ts';
import { readSettings } from './remote-settings.ts';
import type { SchemaRequest } from './request.ts';
import { inSavepoint } from './savepoint.ts';
import { standingWindows } from './windows.ts';

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
export async function readForSnapshot(session: Session, reader: Reader, requests: readonly SchemaRequest[]): Promise<FoundForSnapshot> {
  // No two sessions at once are likely to have the same.
  const marker = 50001 + Math.floor(Math.random() * 40000);
  try {
    return await inSavepoint(session, preparations(reader, standingWindows(marker)), async () => ({
      ...(await readSettings(session, marker, async () => Promise.resolve())),
      schemas: await readSchemas(session, requests),
      keys: await findKeys(session, requests.map(({ name }) => name)),
    }));
  } catch (error) {
    throw asUserError(reader.server, reader.reader, error);
  }
}
