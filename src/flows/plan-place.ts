import { UserError } from '../base/user-error.ts';
import type { DatabaseIdentity } from '../plan/types.ts';
import { quoteConninfoValue } from '../postgres/connection/parse-conninfo.ts';
import { resolveTarget } from '../postgres/connection/resolve.ts';

/**
 * The connection string for the place where a plan was made. A plan file knows the place, but neither the password nor
 * how the connection is secured: the candidates may (the spec's `database`, DATABASE_URL), and the first that leads to that
 * very place, as the same user, is taken. Otherwise the place alone; password and TLS then come from `PG*` variables and `.pgpass`.
 */
export async function connectionToPlace(place: DatabaseIdentity, candidates: readonly (string | undefined)[], env: NodeJS.ProcessEnv): Promise<string> {
  for (const connection of candidates) {
    if (connection !== undefined && connection !== '' && (await leadsTo(place, connection, env))) return connection;
  }
  return conninfoOf(place);
}

/** Adds to an error about a missing password where a plan file's password can come from. */
export function explainMissingPassword(error: unknown): unknown {
  if (!(error instanceof UserError) || error.id !== 'password-missing') return error;
  return new UserError(error.id, error.message, {
    why: `${error.why ?? ''} A plan file holds none, and the spec here does not name the place where the plan was made.`.trim(),
    todo: 'Name the database with --database or FDW_DATABASE_URL, or put the password into ~/.pgpass (chmod 600) or into PGPASSWORD.',
    cause: error,
  });
}

async function leadsTo(place: DatabaseIdentity, connection: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const target = await resolveTarget(connection, env).catch(() => undefined);
  if (target === undefined || target.database !== place.name || target.user !== place.user) return false;
  return target.hosts.some(({ host, hostaddr, port }) => (host === place.host || hostaddr === place.host) && port === place.port);
}

function conninfoOf({ host, port, name, user }: DatabaseIdentity): string {
  return Object.entries({ host, port: String(port), dbname: name, user })
    .map(([keyword, value]) => `${keyword}=${quoteConninfoValue(value)}`)
    .join(' ');
}
