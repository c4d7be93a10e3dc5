import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { ident } from '../../sql/quote.ts';
import { openTransaction } from '../explain/explain.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import type { RemoteLine } from './line.ts';

const connection = 'fdw_check';

/** The schema that dblink is installed in; undefined: it is not. */
export async function dblinkSchema(session: Session): Promise<string | undefined> {
  const [row] = await session.query<{ schema: string }>(
    `SELECT n.nspname::text AS schema FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'dblink'`,
  );
  return row?.schema;
}

/**
 * Runs `work` with a connection of dblink's, through the server and the user mapping as they are; it ends with it. On the
 * remote each question is a transaction that is read only and rolled back.
 *
 * @returns the error, where there is no connection
 */
export async function overDblink<T>(session: Session, schema: string, server: string, options: ExplainOptions, work: (line: RemoteLine) => Promise<T>): Promise<T | DatabaseError> {
  const called = (name: string): string => `${ident(schema)}.${name}`;
  await session.query(openTransaction(options).join('; '));
  try {
    try {
      await session.query(`SELECT ${called('dblink_connect')}($1, $2)`, [connection, server]);
    } catch (error) {
      if (error instanceof DatabaseError && !error.sqlstate.startsWith('57P')) return error;
      throw error;
    }
    await session.query('SAVEPOINT fdw_ask');
    const result = await work(lineOf(session, called));
    // A named connection outlives the transaction.
    await session.query(`SELECT ${called('dblink_disconnect')}($1)`, [connection]);
    return result;
  } finally {
    await session.query('ROLLBACK');
  }
}

function lineOf(session: Session, called: (name: string) => string): RemoteLine {
  const execute = async (sql: string): Promise<void> => {
    await session.query(`SELECT ${called('dblink_exec')}($1, $2)`, [connection, sql]);
  };
  const rows = <R extends Record<string, unknown>>(sql: string, columns: string): Promise<readonly R[]> =>
    session.query<R>(`SELECT * FROM ${called('dblink')}($1, $2) AS answer(${columns})`, [connection, sql]);
  return {
    execute,
    prepare: execute,
    async plan(sql) {
      const [row] = await rows<{ j: string }>(sql, 'j text');
      const plan: unknown = row === undefined ? undefined : JSON.parse(row.j);
      return plan;
    },
    rows,
    async recover() {
      await session.query('ROLLBACK TO SAVEPOINT fdw_ask');
    },
  };
}
