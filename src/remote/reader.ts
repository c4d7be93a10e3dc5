import { UserError } from '../base/user-error.ts';
import type { Session } from '../postgres/session.ts';
import { ident } from '../sql/quote.ts';
import type { RemoteRequest } from './request.ts';

/** Who does what when a server's remote is read. Both names are local roles. */
export interface Reader {
  readonly server: string;
  /** Creates the temporary foreign tables: needs USAGE on the server and TEMPORARY on the database. */
  readonly creator: string;
  /** Reads them: its user mapping, or PUBLIC's, is the one that connects. */
  readonly reader: string;
}

interface Candidate extends Record<string, unknown> {
  readonly request: number;
  readonly role: string;
  readonly role_exists: boolean;
  readonly server_exists: boolean;
  readonly wrapper: string | null;
  readonly is_postgres_fdw: boolean;
  readonly may_set: boolean;
  readonly has_usage: boolean;
  readonly has_temp: boolean;
  readonly has_mapping: boolean;
  readonly database: string;
  readonly in_recovery: boolean;
  readonly read_only: boolean;
}

/**
 * A user mapping is found by the exact role, else PUBLIC's; membership does not count
 * (GetUserMapping, src/backend/foreign/foreign.c). Reading a foreign table asks for SELECT on it, not for USAGE
 * on the server (postgresql.org/docs/18/ddl-priv.html). Whether a role may SET ROLE is the session user's matter.
 */
function candidatesSql(versionNum: number): string {
  const setRole = versionNum >= 160000 ? 'SET' : 'MEMBER';
  return `
SELECT q.request, coalesce(q.role, current_user) AS role, r.oid IS NOT NULL AS role_exists,
       s.oid IS NOT NULL AS server_exists, w.fdwname AS wrapper, coalesce(h.proname = 'postgres_fdw_handler', false) AS is_postgres_fdw,
       coalesce(r.rolname = current_user OR pg_has_role(session_user, r.oid, '${setRole}'), false) AS may_set,
       coalesce(has_server_privilege(r.oid, s.oid, 'USAGE'), false) AS has_usage,
       coalesce(has_database_privilege(r.oid, current_database(), 'TEMPORARY'), false) AS has_temp,
       EXISTS (SELECT FROM pg_catalog.pg_user_mappings AS m WHERE m.srvid = s.oid AND m.umuser IN (0, r.oid)) AS has_mapping,
       current_database() AS database, pg_is_in_recovery() AS in_recovery,
       current_setting('transaction_read_only') = 'on' AS read_only
  FROM unnest($1::int[], $2::text[], $3::text[]) WITH ORDINALITY AS q(request, server, role, position)
  LEFT JOIN pg_catalog.pg_foreign_server AS s ON s.srvname = q.server
  LEFT JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
  LEFT JOIN pg_catalog.pg_proc AS h ON h.oid = w.fdwhandler
  LEFT JOIN pg_catalog.pg_roles AS r ON r.rolname = coalesce(q.role, current_user)
 ORDER BY q.position`;
}

/**
 * Who reads each server: the connected role where it has a user mapping or PUBLIC has one, else the first of
 * the request's candidates that has one and that this session may become. One query for all requests.
 *
 * @returns one reader for each request, in order
 * @throws UserError where a server does not exist, is not of postgres_fdw, has no usable user mapping, nobody may
 *   create the temporary tables, or the database takes no writes (a standby, a read-only transaction)
 */
export async function chooseReaders(
  session: Session,
  requests: readonly Pick<RemoteRequest, 'server' | 'role' | 'candidates'>[],
): Promise<readonly Reader[]> {
  if (requests.length === 0) return [];
  const asked = requests.flatMap(({ server, role, candidates }, request) =>
    [null, ...(role === undefined ? (candidates ?? []) : [role])].map((name) => ({ request, server, role: name })),
  );
  const rows = await session.query<Candidate>(candidatesSql(session.facts.versionNum), [
    asked.map((one) => one.request),
    asked.map((one) => one.server),
    asked.map((one) => one.role),
  ]);
  return requests.map((request, index) => chooseReader(request, rows.filter((row) => row.request === index)));
}

/** @param rows the connected role first, then the candidates in order */
function chooseReader({ server, role }: Pick<RemoteRequest, 'server' | 'role'>, rows: readonly Candidate[]): Reader {
  const connected = rows[0];
  if (connected === undefined) throw new Error('the query gives a row for each role asked for');
  refuseDatabase(server, connected);
  refuseServer(server, connected);
  const allowed = rows.filter((row) => row.may_set);
  const reader = allowed.find((row) => row.has_mapping && (role === undefined || row.role === role));
  if (reader === undefined) throw noReader(server, role, rows);
  const creator = allowed.find((row) => row.has_usage && row.has_temp);
  if (creator === undefined) throw noCreator(server, reader, connected);
  return { server, creator: creator.role, reader: reader.role };
}

function refuseServer(server: string, { server_exists, is_postgres_fdw, wrapper }: Candidate): void {
  if (!server_exists) {
    throw new UserError('server-missing', `The database has no server "${server}".`, {
      todo: 'Name it under "servers" in the spec, or correct the name.',
    });
  }
  if (!is_postgres_fdw) {
    throw new UserError('remote-wrapper-unsupported', `What stands behind server "${server}" cannot be read.`, {
      why: `The server has the wrapper "${wrapper ?? ''}"; a remote's tables are read through its catalogs, which needs postgres_fdw.`,
      todo: 'Spell its foreign tables out under "tables" instead of importing a schema.',
    });
  }
}

function refuseDatabase(server: string, { database, in_recovery, read_only }: Candidate): void {
  const what = `What stands behind server "${server}" cannot be read from database "${database}".`;
  if (in_recovery) {
    throw new UserError('database-is-standby', what, {
      why: 'The database is a hot standby, where no temporary table can be made.',
      todo: 'Connect to its primary.',
    });
  }
  if (read_only) {
    throw new UserError('database-read-only', what, {
      why: 'The transaction is read-only, so that no temporary table can be made (nothing is kept of it).',
      todo: 'Allow a read-write transaction: default_transaction_read_only = off for this role or database.',
    });
  }
}

function noReader(server: string, role: string | undefined, rows: readonly Candidate[]): UserError {
  const wanted = role === undefined ? rows : rows.filter((row) => row.role === role);
  const reasons = wanted.map((row) => {
    if (!row.role_exists) return `role "${row.role}" does not exist`;
    if (!row.has_mapping) return `neither role "${row.role}" nor PUBLIC has a user mapping`;
    return `role "${row.role}" has a user mapping, but the connected role may not SET ROLE to it`;
  });
  return new UserError('no-user-mapping', `What stands behind server "${server}" cannot be read: no user mapping is usable.`, {
    why: `${[...new Set(reasons)].join('; ')}.`,
    todo: `Add a user mapping for the connected role or for public under servers: ${server}: user_mappings, or connect as a role that has one.`,
  });
}

function noCreator(server: string, reader: Candidate, connected: Candidate): UserError {
  const who = connected.role === reader.role ? `"${connected.role}"` : `"${connected.role}" or "${reader.role}"`;
  const lacksUsage = !connected.has_usage && !reader.has_usage;
  return new UserError(
    lacksUsage ? 'no-server-usage' : 'no-temp-privilege',
    `What stands behind server "${server}" cannot be read: role ${who} may not make a temporary foreign table on it.`,
    {
      why: lacksUsage ? 'It lacks USAGE on the server.' : `It lacks TEMPORARY on database "${connected.database}".`,
      todo: lacksUsage
        ? `GRANT USAGE ON FOREIGN SERVER ${ident(server)} TO the role, or connect as one that has it.`
        : `GRANT TEMPORARY ON DATABASE ${ident(connected.database)} TO the role, or connect as one that has it.`,
    },
  );
}
