import type { Problem } from '../base/spec-error.ts';
import type { DatabaseIdentity } from '../plan/types.ts';
import { connect } from '../postgres/connect.ts';
import { chooseDatabase } from '../postgres/connection/choose.ts';
import { resolveTarget } from '../postgres/connection/resolve.ts';
import type { Session } from '../postgres/session.ts';
import { closeRemotesSql } from '../remote/close-remotes.ts';
import { version } from '../base/version.ts';

/** A connection to the local database, and how to name that database to the user. */
export interface LocalDatabase {
  readonly session: Session;
  /** A further connection to the same database, which no Ctrl-C of before ends; one after it does where there is a signal. */
  readonly reconnect: (signal?: AbortSignal) => Promise<Session>;
  readonly identity: DatabaseIdentity;
  /** What the user should know about the connection though it is no error. */
  readonly warnings: readonly Problem[];
}

/* Of a remote with ten thousand tables the catalogs take a while over a slow link. Milliseconds. */
const fiveMinutes = 300_000;

/**
 * Chooses the local database and connects to it.
 * @param sources the candidates in their order: `--database`, the environment, the spec
 */
export async function openLocalDatabase(sources: {
  readonly flag: string | undefined;
  readonly spec: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}): Promise<LocalDatabase> {
  const { connection, chosenBy } = chooseDatabase(sources);
  const target = await resolveTarget(connection, sources.env, chosenBy);
  const how = { applicationName: `fdw/${version}`, farewell: closeRemotesSql };
  const session = await connect(target, { ...how, signal: sources.signal, statementTimeout: fiveMinutes });
  const { database, host, port, user, versionNum, pooled } = session.facts;
  const reconnect: LocalDatabase['reconnect'] = async (signal) => connect(target, { ...how, signal, ...(signal !== undefined && { statementTimeout: fiveMinutes }) });
  return { session, reconnect, identity: { name: database, host, port, user, versionNum, pooled, chosenBy }, warnings: target.warnings.map((message) => ({ message, at: undefined })) };
}
