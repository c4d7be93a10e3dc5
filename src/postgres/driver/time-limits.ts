import type { PgSession } from './pg-session.ts';

/** Milliseconds by setting. */
export type TimeLimits = readonly (readonly [setting: 'statement_timeout' | 'lock_timeout', milliseconds: number])[];

/**
 * Sets time limits for the session; after connecting, not in the start-up message, which poolers refuse. Through a pooler they would stay
 * behind in the backend, for its next client: there they are set for each transaction, and statements outside of one have none.
 *
 * A pooler gives a process id of its own making as the key to cancel with, PostgreSQL that of the backend
 * (postgresql.org/docs/18/protocol-flow.html, "Start-up"; pgbouncer, src/client.c). One round trip tells, and sets.
 *
 * @param processId of the key; undefined: there was none, and PostgreSQL always gives one
 * @param farewell what is run before closing, through a pooler
 */
export async function limitTime(session: PgSession, processId: number | undefined, limits: TimeLimits, farewell: string | undefined): Promise<void> {
  const values = limits.map(([setting, milliseconds]) => [setting, String(Math.max(0, Math.trunc(milliseconds)))] as const);
  const settings = values.map(([setting, value]) => `pg_catalog.set_config('${setting}', '${value}', false)`);
  const direct = await session.query(`SELECT ${['true', ...settings].join(', ')} WHERE pg_catalog.pg_backend_pid() = ${processId ?? 0}`);
  if (direct.length > 0) return;
  // What came together with the BEGIN stands.
  const local = values.map(([setting, value]) => `SELECT pg_catalog.set_config(name, '${value}', true) FROM pg_catalog.pg_settings WHERE name = '${setting}' AND source <> 'session'`);
  session.throughPooler(local.join('; '), farewell);
}
