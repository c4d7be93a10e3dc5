import type { PgSession } from './pg-session.ts';

/** Milliseconds by setting. */
export type TimeLimits = readonly (readonly [setting: 'statement_timeout' | 'lock_timeout', milliseconds: number])[];

/**
 * How the server prints and reads constants and names, whatever the database, the role or the environment set: what is read from one
 * database must mean the same in another one and lose nothing, and the same objects have the same texts. As pg_dump has it (setup_connection in
 * src/bin/pg_dump/pg_dump.c). `ISO` leaves the order of day and month of what is read as it is.
 */
const texts = [
  ['DateStyle', 'ISO'],
  ['IntervalStyle', 'postgres'],
  ['extra_float_digits', '3'],
  ['bytea_output', 'hex'],
  ['quote_all_identifiers', 'off'],
  ['standard_conforming_strings', 'on'],
] as const;

/**
 * Sets time limits, and how values and names are printed, for the session; after connecting, not in the start-up message, which poolers
 * refuse. Through a pooler they would stay behind in the backend, for its next client: there they are set for each transaction, and statements
 * outside of one go without.
 *
 * A pooler gives a process id of its own making as the key to cancel with, PostgreSQL that of the backend
 * (postgresql.org/docs/18/protocol-flow.html, "Start-up"; pgbouncer, src/client.c). One round trip tells, and sets.
 *
 * @param processId of the key; undefined: there was none, and PostgreSQL always gives one
 * @param farewell what is run before closing, through a pooler
 */
export async function setUpSession(session: PgSession, processId: number | undefined, limits: TimeLimits, farewell: string | undefined): Promise<void> {
  const values = limits.map(([setting, milliseconds]) => [setting, String(Math.max(0, Math.trunc(milliseconds)))] as const);
  const set = (entries: readonly (readonly [string, string])[], local: boolean): readonly string[] => entries.map(([setting, value]) => `pg_catalog.set_config('${setting}', '${value}', ${String(local)})`);
  const direct = await session.query(`SELECT ${['true', ...set([...values, ...texts], false)].join(', ')} WHERE pg_catalog.pg_backend_pid() = ${processId ?? 0}`);
  if (direct.length > 0) return;
  // Limits that came together with the BEGIN stand.
  const local = values.map(([setting, value]) => `SELECT pg_catalog.set_config(name, '${value}', true) FROM pg_catalog.pg_settings WHERE name = '${setting}' AND source <> 'session'`);
  session.throughPooler([...local, `SELECT ${set(texts, true).join(', ')}`].join('; '), farewell);
}
