import type { RemoteCluster } from '../../model/vitals.ts';
import type { Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import { asUserError } from '../errors.ts';
import { connectLimit } from '../connect-limit.ts';
import type { Patiently } from '../patiently.ts';
import type { Reader } from '../reader.ts';
import { preparations } from '../read-remote-schemas.ts';
import { inSavepoint } from '../savepoint.ts';
import { callOut } from './call-out.ts';
import { readCluster } from './cluster.ts';
import { type RawLogin, readLogin } from './login.ts';
import { vitalWindows } from './windows.ts';

export interface VitalsRequest extends Patiently {
  /** Whether the cluster is to be read too; of several user mappings one will do. */
  readonly cluster: boolean;
}

/** What a login tells. */
export interface Vitals {
  readonly login: RawLogin;
  readonly cluster: RemoteCluster | undefined;
}

/**
 * Logs in through a server as a role would, and reads how the remote is: a fixed number of queries, no lock on any relation of a user,
 * nothing left but the connection, which ends with the session.
 *
 * @param session in a read-write transaction that the caller has opened
 * @throws UserError `remote-…` that names the server
 */
export async function readVitals(session: Session, reader: Reader, { cluster, patience, connected }: VitalsRequest): Promise<Vitals> {
  // No two sessions at once are likely to have the same.
  const marker = 50_001 + Math.floor(Math.random() * 1_000_000);
  const [limit] = await session.query<{ value: string }>("SELECT current_setting('statement_timeout') AS value");
  const answered = async (): Promise<void> => {
    connected();
    await session.query("SELECT set_config('statement_timeout', $1, true)", [limit?.value ?? '0']);
  };
  const first = [...(await connectLimit(session, reader.server, patience)), ...preparations(reader, vitalWindows(marker)), `SET LOCAL statement_timeout = ${patience}`];
  try {
    return await inSavepoint(session, first, async () => {
      const { login, settings } = await readLogin(session, marker, answered);
      if (!cluster) return { login, cluster: undefined };
      const seen = await readCluster(session, login, settings);
      await session.query(`SET LOCAL ROLE ${ident(reader.reader)}`);
      return { login, cluster: { ...seen, ...(await callOut(session, reader.server)) } };
    });
  } catch (error) {
    throw asUserError(reader.server, reader.reader, error);
  }
}
