import { UserError } from '../base/user-error.ts';
import type { MappingTrial } from '../model/mapping-trial.ts';
import type { MappingRole } from '../model/role.ts';
import type { Session } from '../postgres/session.ts';
import { asUserError } from './errors.ts';
import { chooseReaders, type Reader } from './reader.ts';
import { preparations } from './read-remote-schemas.ts';
import { inSavepoint } from './savepoint.ts';
import { catalogWindows } from './windows.ts';

/**
 * Connects to a remote as a role would, through the server and the role's user mapping as they are in the
 * open transaction, and reads one row there. Leaves nothing but the connection, which ends with the session.
 */
export async function tryMapping(session: Session, server: string, role: MappingRole): Promise<MappingTrial> {
  let reader: Reader;
  try {
    reader = await readerFor(session, server, role);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'untried', error };
  }
  try {
    await inSavepoint(session, preparations(reader, { fdw_namespace: catalogWindows.fdw_namespace }), async () => session.query('SELECT oid FROM pg_temp.fdw_namespace LIMIT 1'));
    return { kind: 'works' };
  } catch (cause) {
    const error = asUserError(server, reader.reader, cause);
    if (!(error instanceof UserError)) throw error;
    return { kind: silent.has(error.id) ? 'untried' : 'refused', error };
  }
}

/** The remote said nothing, so nothing is known of the credentials. */
const silent: ReadonlySet<string> = new Set(['remote-unreachable', 'remote-timeout', 'remote-connection-lost']);

async function readerFor(session: Session, server: string, role: MappingRole): Promise<Reader> {
  if (role.kind === 'public') await refuseOwnMapping(session, server);
  const [reader] = await chooseReaders(session, [{ server, role: role.kind === 'role' ? role.name : undefined }]);
  if (reader === undefined) throw new Error('there is a reader for each request');
  return reader;
}

/** PUBLIC's mapping is for those who have none of their own. */
async function refuseOwnMapping(session: Session, server: string): Promise<void> {
  const rows = await session.query('SELECT FROM pg_catalog.pg_user_mappings WHERE srvname = $1 AND usename = current_user AND umuser <> 0', [server]);
  if (rows.length === 0) return;
  throw new UserError('own-user-mapping', 'The connected role has a user mapping of its own.', { todo: 'Connect as a role without one to try that of PUBLIC.' });
}
