import type { Session } from '../postgres/session.ts';
import type { SecretReference } from '../model/secret-reference.ts';
import type { Secret } from '../base/secret.ts';
import { literal } from '../sql/quote.ts';
import { silencesOf, type Silence } from './sinks.ts';
import { render, slots, type Statement } from '../sql/statement.ts';

/** Gives the value behind a reference. */
export type Reveal = (reference: SecretReference) => Secret;

/**
 * Runs one statement of a plan inside the open transaction.
 *
 * A statement with secrets is never sent as text with the secret in it. The values go over by COPY into a
 * temporary table that the transaction drops, and a constant DO block puts them in: so neither the server's
 * log, nor `pg_stat_activity`, nor an error's context holds them, even for a role that can silence nothing.
 * Needs TEMP on the database and USAGE on plpgsql, which PUBLIC has unless it was revoked.
 */
export async function runStatement(session: Session, statement: Statement, reveal: Reveal): Promise<void> {
  const values = slots(statement).map((slot) => reveal(slot.reference));
  if (values.length === 0) {
    await session.queryOne(render(statement, () => ''));
    return;
  }
  await session.queryOne('CREATE TEMPORARY TABLE IF NOT EXISTS pg_temp.fdw_secrets (slot int, value text) ON COMMIT DROP');
  await session.queryOne('TRUNCATE pg_temp.fdw_secrets');
  const rows = values.map((secret, index) => `${index}\t${copyText(secret.reveal())}\n`).join('');
  await session.copyIn('COPY pg_temp.fdw_secrets FROM STDIN', rows);
  const [before] = await session.query<{ limit: string; short: number }>(limitsQuery);
  await session.queryOne(`SET LOCAL lock_timeout = ${literal(String(before?.short ?? 1))}`);
  await session.queryOne(`DO ${literal(block(statement, await silencesOf(session)))}`);
  await session.queryOne(`SET LOCAL lock_timeout = ${literal(before?.limit ?? '0')}`);
  await session.queryOne('TRUNCATE pg_temp.fdw_secrets');
}

/* Below deadlock_timeout (1s by default), where log_lock_waits would write the inner statement to the log. Milliseconds. */
const limitsQuery = `SELECT current_setting('lock_timeout') AS limit, greatest(1, least(500, setting::int / 2)) AS short
  FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'`;

/**
 * The error is raised anew with its message, code and hint alone: the context that PostgreSQL adds would show the
 * inner statement, and what was silenced is then again as it was. OTHERS does not catch a cancel (plpgsql, "Trapping Errors"), so that is named too.
 */
function block(statement: Statement, silences: readonly Silence[]): string {
  let slot = 0;
  const format = statement.parts.map((part) => (typeof part === 'string' ? part.replaceAll('%', '%%') : '%L')).join('');
  const values = statement.parts
    .filter((part) => typeof part !== 'string')
    .map(() => `(SELECT value FROM pg_temp.fdw_secrets WHERE slot = ${slot++})`);
  const set = (value: (silence: Silence) => string): string => silences.map((each) => `PERFORM pg_catalog.set_config(${literal(each.setting)}, ${literal(value(each))}, true);`).join(' ');
  return `DECLARE
  message text;
  code text;
  advice text;
BEGIN
  ${set(({ meanwhile }) => meanwhile)}
  EXECUTE pg_catalog.format(${[literal(format), ...values].join(', ')});
  ${set(({ before }) => before)}
EXCEPTION WHEN query_canceled OR OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, code = RETURNED_SQLSTATE, advice = PG_EXCEPTION_HINT;
  RAISE EXCEPTION USING MESSAGE = message, ERRCODE = code, HINT = advice;
END`;
}

/* COPY's text format (postgresql.org/docs/18/sql-copy.html, "Text Format"). */
function copyText(text: string): string {
  const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  return text.replaceAll(/[\\\t\n\r]/g, (char) => escapes[char] ?? char);
}
