import { collationProvider } from '../../model/database-collation.ts';
import type { Login, RemoteCluster } from '../../model/vitals.ts';
import type { Session } from '../../postgres/session.ts';
import { collationColumns } from '../../sql/collation-columns.ts';
import { databaseWindow } from '../windows.ts';
import { readRemoteSettings, type RemoteSetting } from './settings.ts';

/** A table with row security that holds for the remote role, with the conditions of its policies. */
export interface SecuredTable {
  readonly schema: string;
  readonly name: string;
  readonly conditions: readonly string[];
}

/** A login before it is known which of its secured tables matter here. */
export interface RawLogin extends Omit<Login, 'rowSecurity' | 'lent'>, Pick<RemoteCluster, 'collation' | 'databaseConnectionLimit'> {
  /** Process id of the remote's backend. */
  readonly pid: number;
  readonly secured: readonly SecuredTable[];
}

/**
 * Logs in by asking for something, and reads what the remote's backend says of itself. Five queries; one or two more where row security holds for the role.
 *
 * The own backend shows itself: while its row is made, it runs `FETCH <fetch_size> FROM c<n>`, and every role sees the
 * query of its own sessions.
 *
 * @param session with the windows of `vitalWindows(marker)` open
 * @param connected called once the remote has answered
 */
export async function readLogin(session: Session, marker: number, connected: () => Promise<unknown>): Promise<{ readonly login: RawLogin; readonly settings: RemoteSetting }> {
  const begin = performance.now();
  const settings = await readRemoteSettings(session);
  const connectMs = performance.now() - begin;
  await connected();
  const roundTripMs = await roundTrip(session);
  const versionNum = Number(settings('server_version_num'));
  const [own] = await session.query<OwnRow>(ownSql(marker, versionNum));
  const login: RawLogin = {
    connectMs,
    roundTripMs,
    versionNum,
    port: Number(settings('port')),
    pid: own?.pid ?? 0,
    database: own?.datname ?? '',
    user: own?.usename ?? '',
    superuser: own?.superuser ?? false,
    bypassesRowSecurity: own?.bypasses ?? false,
    connectionLimit: own?.connection_limit ?? -1,
    databaseConnectionLimit: own?.database_limit ?? -1,
    collation: { provider: collationProvider(own?.provider), locale: own?.locale ?? '', version: own?.collation_version ?? undefined },
    passwordValidUntil: own?.valid_until ?? undefined,
    tls: own?.ssl === true ? { protocol: own.protocol ?? '', cipher: own.cipher ?? '', bits: own.bits ?? 0 } : undefined,
    gssEncrypted: own?.gss ?? false,
    backendAgeSeconds: own?.age ?? 0,
    timeLimits: Object.fromEntries(timeLimits.flatMap((name) => (settings(name) === '' ? [] : [[name, Number(settings(name))]]))),
    secured: own === undefined || own.superuser || own.bypasses ? [] : await securedTables(session, own.role),
  };
  return { login, settings };
}

/** All in milliseconds; `transaction_timeout` came with 17. */
const timeLimits = ['statement_timeout', 'transaction_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout'] as const;

/**
 * One look through a window takes three round trips within a transaction: DECLARE, FETCH and CLOSE (contrib/postgres_fdw, 14 to 18). The
 * quickest of three, as everything else only adds to it.
 */
async function roundTrip(session: Session): Promise<number> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 3; turn++) {
    const begin = performance.now();
    await session.query('SELECT oid FROM pg_temp.fdw_namespace WHERE oid = 11');
    quickest = Math.min(quickest, performance.now() - begin);
  }
  return quickest / 3;
}

interface OwnRow extends Record<string, unknown> {
  readonly pid: number;
  readonly datname: string;
  readonly usename: string;
  readonly age: number;
  readonly ssl: boolean | null;
  readonly protocol: string | null;
  readonly cipher: string | null;
  readonly bits: number | null;
  readonly gss: boolean | null;
  readonly role: number;
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly connection_limit: number;
  readonly valid_until: string | null;
  readonly database_limit: number;
  readonly provider: string;
  readonly locale: string;
  readonly collation_version: string | null;
}

/** The backend, its role and its database: one join, that the remote makes. */
const ownSql = (marker: number, versionNum: number): string => `
  SELECT a.pid, a.datname, a.usename, extract(epoch FROM a.xact_start - a.backend_start)::float8 AS age,
    s.ssl, s.version AS protocol, s.cipher, s.bits, g.encrypted AS gss,
    r.oid AS role, r.rolsuper AS superuser, r.rolbypassrls AS bypasses, r.rolconnlimit AS connection_limit,
    CASE WHEN isfinite(r.rolvaliduntil) THEN to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END AS valid_until,
    d.database_limit, d.provider, d.locale, d.version AS collation_version
  FROM pg_temp.fdw_activity a
  JOIN pg_temp.fdw_role r ON r.rolname = a.usename
  JOIN (SELECT datname, datconnlimit AS database_limit, ${collationColumns(versionNum)} FROM pg_temp.${databaseWindow(versionNum)}) d ON d.datname = a.datname
  LEFT JOIN pg_temp.fdw_ssl s ON s.pid = a.pid LEFT JOIN pg_temp.fdw_gss g ON g.pid = a.pid
  WHERE a.query LIKE 'FETCH ${marker} FROM c%'`;

/** Row security does not hold for a table's owner unless it is forced (postgresql.org/docs/18/ddl-rowsecurity.html). */
async function securedTables(session: Session, role: number): Promise<readonly SecuredTable[]> {
  const tables = await session.query<{ nspname: string; relname: string }>(
    `SELECT n.nspname, c.relname FROM pg_temp.fdw_secured c JOIN pg_temp.fdw_namespace n ON n.oid = c.relnamespace
     WHERE c.relrowsecurity AND (c.relowner <> $1::oid OR c.relforcerowsecurity)`,
    [role],
  );
  if (tables.length === 0) return [];
  const policies = await session.query<{ schemaname: string; tablename: string; qual: string | null; with_check: string | null }>(
    'SELECT schemaname, tablename, qual, with_check FROM pg_temp.fdw_policy',
  );
  return tables.map(({ nspname, relname }) => ({
    schema: nspname,
    name: relname,
    conditions: policies.filter(({ schemaname, tablename }) => schemaname === nspname && tablename === relname).flatMap(({ qual, with_check }) => [qual, with_check]).filter((text) => text !== null),
  }));
}
