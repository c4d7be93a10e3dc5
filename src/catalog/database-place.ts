import type { DatabasePlace } from '../model/database-place.ts';
import type { Session } from '../postgres/session.ts';

/**
 * Which database this is, beyond its name. `pg_control_system` may be executed by PUBLIC unless it was revoked, as managed
 * services may (postgresql.org/docs/18/functions-info.html, "Control Data Functions").
 */
export async function readDatabasePlace(session: Session): Promise<DatabasePlace> {
  const [row] = await session.query<{ oid: string; may_ask: boolean }>(
    `SELECT oid::text AS oid, has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS may_ask
     FROM pg_catalog.pg_database WHERE datname = current_database()`,
  );
  if (row === undefined) throw new Error('the current database is in pg_database');
  if (!row.may_ask) return { system: undefined, oid: row.oid };
  const [control] = await session.query<{ system: string }>('SELECT system_identifier::text AS system FROM pg_catalog.pg_control_system()');
  return { system: control?.system, oid: row.oid };
}
