import { UserError } from '../../base/user-error.ts';
import type { Session } from '../../postgres/session.ts';
import { qualified } from '../../sql/quote.ts';
import { inSavepoint } from '../savepoint.ts';
import type { CalledOut } from './cluster.ts';

/**
 * How far a standby is behind, and which address answered: functions tell, and postgres_fdw sends none that is not immutable. dblink, where
 * it is installed, goes through the same server and user mapping, over a connection of its own that ends with the call.
 *
 * @param session as the role whose user mapping is to be used
 */
export async function callOut(session: Session, server: string): Promise<CalledOut> {
  const dblink = await findDblink(session);
  if (dblink === undefined) return unknown('that takes a function call there, and the extension dblink is not installed here');
  if (!dblink.allowed) return unknown('that takes a function call there, and this role may not use dblink here');
  try {
    const [row] = await inSavepoint(session, [], async () => session.query<Answer>(callSql(dblink.schema), [server, remoteSql]));
    if (row === undefined) return unknown('the remote gave no answer');
    return {
      replay: { bytes: row.bytes, seconds: row.seconds === null ? undefined : Math.max(0, row.seconds), paused: row.paused },
      answeredBy: row.address === null || row.port === null ? undefined : { address: row.address, port: row.port },
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return unknown(`that takes a function call there, and dblink says: ${error.message}`);
  }
}

function unknown(why: string): CalledOut {
  return { replay: { unknown: `how far it is behind is not known: ${why}` }, answeredBy: undefined };
}

/** Where dblink is installed here, and whether this role may call it. */
export async function findDblink(session: Session): Promise<{ readonly schema: string; readonly allowed: boolean } | undefined> {
  const [found] = await session.query<{ schema: string; allowed: boolean }>(dblinkSql);
  return found;
}

const dblinkSql = `
  SELECT n.nspname AS schema, has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(n.oid, 'USAGE') AS allowed
  FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  JOIN pg_catalog.pg_proc p ON p.pronamespace = n.oid AND p.proname = 'dblink' AND p.proargtypes = '25 25'::oidvector
  WHERE e.extname = 'dblink'`;

interface Answer extends Record<string, unknown> {
  readonly bytes: number;
  readonly seconds: number | null;
  readonly paused: boolean;
  readonly address: string | null;
  readonly port: number | null;
}

function callSql(schema: string): string {
  return `SELECT * FROM ${qualified({ schema, name: 'dblink' })}($1, $2) AS answer(bytes float8, seconds float8, paused bool, address text, port int)`;
}

/*
 * Only what was received can be told from replayed here; where both are the same and more may come, nothing is behind, however old the last
 * commit is (postgresql.org/docs/18/functions-admin.html, "Recovery Information Functions"). Where nothing comes any more, that age is all there is.
 */
const remoteSql = `
  SELECT coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()), 0)::float8,
    CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN 0
      WHEN pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_catalog.pg_stat_wal_receiver) THEN 0
      ELSE extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) END::float8,
    CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_is_wal_replay_paused() ELSE false END,
    pg_catalog.host(pg_catalog.inet_server_addr()), pg_catalog.inet_server_port()`;
