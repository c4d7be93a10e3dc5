import { UserError } from '../base/user-error.ts';
import type { DatabaseIdentity } from '../plan/types.ts';
import { quoteConninfoValue } from '../postgres/connection/parse-conninfo.ts';
import { resolveTarget } from '../postgres/connection/resolve.ts';
import { loadSpec } from '../spec/load-spec.ts';
import type { FlowRequest } from './types.ts';

/**
 * The connection string for the place where a plan was made. A plan file knows the place, but neither the password nor
 * how the connection is secured: the spec's `database` and DATABASE_URL may, and are taken where they lead to that very
 * place, as the same user. Otherwise the place alone; password and TLS then come from `PG*` variables and `.pgpass`.
 */
export async function connectionToPlace(place: DatabaseIdentity, request: FlowRequest): Promise<string> {
  for (const connection of [await specDatabase(request), request.env['DATABASE_URL']]) {
    if (connection !== undefined && connection !== '' && (await leadsTo(place, connection, request.env))) return connection;
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

/** The spec may be gone or broken by now: the plan file does without. */
async function specDatabase({ specPath, environment, readStdin, env }: FlowRequest): Promise<string | undefined> {
  if (specPath === '-') return undefined;
  const loaded = await loadSpec({ path: specPath, environment, readStdin, env }).catch(() => undefined);
  return loaded?.spec.database?.value;
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
