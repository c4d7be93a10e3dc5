import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { ident, literal, qualified } from '../../sql/quote.ts';
import { openTransaction } from '../explain/explain.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import type { Parser } from '../parser.ts';
import { shapeOf } from '../queries/shape.ts';
import type { RemoteAnswer } from './types.ts';

const connection = 'fdw_check';

/** The schema that dblink is installed in; undefined: it is not. */
export async function dblinkSchema(session: Session): Promise<string | undefined> {
  const [row] = await session.query<{ schema: string }>(
    `SELECT n.nspname::text AS schema FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'dblink'`,
  );
  return row?.schema;
}

/** A remote, reached by dblink through the server and the user mapping as they are. */
export class Dblink {
  readonly #session: Session;
  readonly #schema: string;
  readonly #options: ExplainOptions;

  constructor(session: Session, schema: string, options: ExplainOptions) {
    this.#session = session;
    this.#schema = schema;
    this.#options = options;
  }

  /**
   * Runs `work` with a connection to a server; it ends with it. On the remote each question is a transaction that is
   * read only and rolled back.
   *
   * @returns the error, where there is no connection
   */
  async with<T>(server: string, work: () => Promise<T>): Promise<T | DatabaseError> {
    await this.#session.query(openTransaction(this.#options));
    try {
      try {
        await this.#session.query(`SELECT ${this.#function('dblink_connect')}($1, $2)`, [connection, server]);
      } catch (error) {
        if (error instanceof DatabaseError && !error.sqlstate.startsWith('57P')) return error;
        throw error;
      }
      await this.#session.query('SAVEPOINT fdw_ask');
      const result = await work();
      // A named connection outlives the transaction.
      await this.#session.query(`SELECT ${this.#function('dblink_disconnect')}($1)`, [connection]);
      return result;
    } finally {
      await this.#session.query('ROLLBACK');
    }
  }

  /** Whether the remote takes a Remote SQL, and its plan for it. The statement is prepared and EXPLAINed, never run. */
  async ask(parser: Parser, remoteSql: string): Promise<RemoteAnswer> {
    const parameters = shapeOf(parser, remoteSql).parameters;
    const values = parameters === 0 ? '' : `(${Array.from({ length: parameters }, () => 'NULL').join(', ')})`;
    try {
      // As postgres_fdw's own session is set up (configure_remote_session, connection.c).
      await this.#execute(
        `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = pg_catalog; SET LOCAL statement_timeout = ${this.#options.statementTimeoutMs};
         SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_partition_pruning = off`,
      );
      await this.#execute(`PREPARE fdw_check AS ${remoteSql}`);
      const [row] = await this.#rows<{ j: string }>(`EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE fdw_check${values}`, 'j text');
      const plan: unknown = row === undefined ? undefined : JSON.parse(row.j);
      return { kind: 'valid', plan };
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.sqlstate.startsWith('57P')) throw error;
      await this.#session.query('ROLLBACK TO SAVEPOINT fdw_ask');
      return error.sqlstate === '57014' ? { kind: 'unknown', message: error.message } : { kind: 'invalid', sqlstate: error.sqlstate, message: error.message };
    } finally {
      await this.#execute('ROLLBACK; DEALLOCATE ALL');
    }
  }

  /** How many rows the remote reckons its tables to have; without those that it does not know. */
  async sizes(tables: readonly { readonly schema: string; readonly name: string }[]): Promise<ReadonlyMap<string, number>> {
    if (tables.length === 0) return new Map();
    const wanted = tables.map(({ schema, name }) => `(${literal(schema)}, ${literal(name)})`).join(', ');
    const rows = await this.#rows<{ schema: string; name: string; rows: number }>(
      `SELECT n.nspname, c.relname, c.reltuples FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.reltuples > 0 AND (n.nspname, c.relname) IN (${wanted})`,
      'schema text, name text, rows float8',
    );
    return new Map(rows.map((row) => [qualified(row), row.rows]));
  }

  async #execute(sql: string): Promise<void> {
    await this.#session.query(`SELECT ${this.#function('dblink_exec')}($1, $2)`, [connection, sql]);
  }

  #rows<R extends Record<string, unknown>>(sql: string, columns: string): Promise<readonly R[]> {
    return this.#session.query<R>(`SELECT * FROM ${this.#function('dblink')}($1, $2) AS answer(${columns})`, [connection, sql]);
  }

  #function(name: string): string {
    return `${ident(this.#schema)}.${name}`;
  }
}
