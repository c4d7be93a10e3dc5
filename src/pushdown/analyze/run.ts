import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { openTransaction } from '../explain/explain.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import { ViewsOfRun } from '../facts/views.ts';
import { summarise, withHeld } from '../held.ts';
import { loadParser } from '../parser.ts';
import { Places } from '../queries/place.ts';
import type { Analyzed, PushdownReport, QueryInput, QueryVerdict, Region } from '../types.ts';
import { actualPlan } from './actual.ts';
import { refusalOf } from './refusal.ts';
import type { Refusal } from './refusal.ts';

export interface RunOptions extends ExplainOptions {
  readonly progress?: ((done: number, of: number, name: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Executes the SELECTs of a report that touch foreign tables (EXPLAIN ANALYZE), each in a READ ONLY transaction that is
 * rolled back and within the time limit, and adds what really came. Others are told why they are not executed. One that
 * fails, or runs out of time, misses something.
 *
 * @param queries those that the report is about, in its order
 */
export async function runQueries(session: Session, report: PushdownReport, queries: readonly QueryInput[], options: RunOptions): Promise<PushdownReport> {
  const parser = await loadParser();
  const wanted = report.queries.map((query) => query.error === undefined && query.scans.length > 0);
  const opened = await new ViewsOfRun().open(session, parser, report.queries.map(({ sql }, index) => (wanted[index] === true ? sql : '')));
  const run: QueryVerdict[] = [];
  for (const [index, query] of report.queries.entries()) {
    options.signal?.throwIfAborted();
    if (wanted[index] !== true) {
      run.push(query);
      continue;
    }
    options.progress?.(index + 1, report.queries.length, query.name);
    const refusal = await refusalOf(session, parser, query.sql, (opened[index]?.views ?? []).map(({ definition }) => definition));
    const analyzed: Analyzed = refusal === undefined ? await execute(session, query, options) : { kind: 'refused', message: refusal.message, region: regionOf(query, queries[index], refusal) };
    const failed = analyzed.kind === 'failed' ? [{ what: 'runs', missed: `it could not be executed: ${analyzed.message}` }] : [];
    run.push(withHeld({ ...query, analyzed }, failed));
  }
  return { ...report, queries: run, summary: summarise(run) };
}

/** Where the refused part stands in the file; the whole statement where it does not stand there as it is. */
function regionOf(query: QueryVerdict, input: QueryInput | undefined, { offset }: Refusal): Region {
  if (offset === undefined || input?.origin === undefined) return query.region;
  const start = input.origin.offset + offset;
  return new Places(input.origin.source).region(start, start + 1);
}

async function execute(session: Session, { sql, scans }: QueryVerdict, options: RunOptions): Promise<Analyzed> {
  await session.query(openTransaction(options).join('; '));
  try {
    const rows = await session.queryOne(`EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, FORMAT JSON) ${sql}`);
    const actual = actualPlan(rows[0]?.['QUERY PLAN']);
    const left = [...actual.scans];
    const matched = scans.map(({ remoteSql }) => {
      const at = left.findIndex((each) => each.remoteSql === remoteSql);
      return at < 0 ? undefined : left.splice(at, 1)[0];
    });
    return { kind: 'ran', rows: actual.rows, seconds: actual.seconds, scans: matched.map((each) => (each === undefined ? undefined : { rows: each.rows, loops: each.loops })) };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlstate.startsWith('57P')) throw error;
    return { kind: 'failed', message: error.message };
  } finally {
    await session.query('ROLLBACK');
  }
}
