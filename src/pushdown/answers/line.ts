import { DatabaseError } from '../../postgres/errors.ts';
import { literal, qualified } from '../../sql/quote.ts';
import type { Parser } from '../parser.ts';
import { shapeOf } from '../queries/shape.ts';
import type { RemoteAnswer } from './types.ts';

/** A way to talk to a remote: by dblink, or directly. */
export interface RemoteLine {
  execute(sql: string): Promise<void>;
  /** `PREPARE`, of exactly one statement where the way can tell. */
  prepare(sql: string): Promise<void>;
  /** The plan that an EXPLAIN (FORMAT JSON) gives. */
  plan(sql: string): Promise<unknown>;
  /** @param columns names and types of the result, as `name text, rows float8` */
  rows<R extends Record<string, unknown>>(sql: string, columns: string): Promise<readonly R[]>;
  /** Makes the line usable again after an error of the remote. */
  recover(): Promise<void>;
}

/** Whether the remote takes a Remote SQL, and its plan for it. The statement is prepared and EXPLAINed, never run. */
export async function askAbout(line: RemoteLine, parser: Parser, remoteSql: string, statementTimeoutMs: number): Promise<RemoteAnswer> {
  const { parameters } = shapeOf(parser, remoteSql);
  const values = parameters === 0 ? '' : `(${Array.from({ length: parameters }, () => 'NULL').join(', ')})`;
  try {
    // As postgres_fdw's own session is set up (configure_remote_session, connection.c).
    await line.execute(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = pg_catalog; SET LOCAL statement_timeout = ${statementTimeoutMs};
       SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_partition_pruning = off`,
    );
    await line.prepare(`PREPARE fdw_check AS ${remoteSql}`);
    return { kind: 'valid', plan: await line.plan(`EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE fdw_check${values}`) };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlstate.startsWith('57P')) throw error;
    await line.recover();
    return error.sqlstate === '57014' ? { kind: 'unknown', message: error.message } : { kind: 'invalid', sqlstate: error.sqlstate, message: error.message };
  } finally {
    await line.execute('ROLLBACK; DEALLOCATE ALL');
  }
}

/** How many rows the remote reckons its tables to have; without those that it does not know. */
export async function sizesOf(line: RemoteLine, tables: readonly { readonly schema: string; readonly name: string }[]): Promise<ReadonlyMap<string, number>> {
  if (tables.length === 0) return new Map();
  const wanted = tables.map(({ schema, name }) => `(${literal(schema)}, ${literal(name)})`).join(', ');
  const rows = await line.rows<{ schema: string; name: string; rows: number }>(
    `SELECT n.nspname AS schema, c.relname AS name, c.reltuples::pg_catalog.float8 AS rows FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.reltuples > 0 AND (n.nspname, c.relname) IN (${wanted})`,
    'schema text, name text, rows float8',
  );
  return new Map(rows.map((row) => [qualified(row), row.rows]));
}
