import { UserError } from '../../base/user-error.ts';
import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { openTransaction } from '../explain/explain.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import { ViewsOfRun } from '../facts/views.ts';
import { summarise, withHeld } from '../held.ts';
import { loadParser } from '../parser.ts';
import { Places } from '../queries/place.ts';
import type { Analyzed, PushdownReport, QueryInput, QueryVerdict, Region } from '../types.ts';
import { askEach, askEachAgain } from '../ask-each.ts';
import type { Workers } from '../../postgres/workers.ts';
import { actualPlan } from './actual.ts';
import { refusalOf } from './refusal.ts';
import type { Refusal } from './refusal.ts';

export interface RunOptions extends ExplainOptions {
  /** How many are executed at once; undefined: one, as each takes the time of the others. */
  readonly jobs?: number | undefined;
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
export async function runQueries(workers: Workers, report: PushdownReport, queries: readonly QueryInput[], options: RunOptions): Promise<PushdownReport> {
  const parser = await loadParser();
  const wanted = report.queries.map((query) => query.error === undefined && query.scans.length > 0);
  const [opened] = await askEach(workers, [undefined], 1, (session) => new ViewsOfRun().open(session, parser, report.queries.map(({ sql }, index) => (wanted[index] === true ? sql : ''))), options.signal);
  if (opened === undefined || opened instanceof UserError) throw opened ?? new RangeError('the views were not opened');
  const jobs = [...report.queries.entries()].filter(([index]) => wanted[index] === true);
  let begun = 0;
  const done = await askEachAgain(workers, jobs, options.jobs ?? 1, async (session, [index, query]): Promise<Executed> => {
    options.progress?.(++begun, jobs.length, query.name);
    const refusal = await refusalOf(session, parser, query.sql, (opened[index]?.views ?? []).map(({ definition }) => definition));
    return refusal === undefined ? execute(session, query, options) : { analyzed: { kind: 'refused', message: refusal.message, region: regionOf(query, queries[index], refusal) }, refused: false };
  }, ({ refused }) => refused, options.signal);
  const found = new Map(jobs.map(([index], at) => [index, done[at]]));
  const run = report.queries.map((query, index): QueryVerdict => {
    const said = found.get(index);
    if (said === undefined) return query;
    const analyzed: Analyzed = said instanceof UserError ? { kind: 'failed', message: said.message } : said.analyzed;
    return withHeld({ ...query, analyzed }, analyzed.kind === 'failed' ? [{ what: 'runs', missed: `it could not be executed: ${analyzed.message}` }] : []);
  });
  return { ...report, queries: run, summary: summarise(run) };
}

/** Where the refused part stands in the file; the whole statement where it does not stand there as it is. */
function regionOf(query: QueryVerdict, input: QueryInput | undefined, { offset }: Refusal): Region {
  if (offset === undefined || input?.origin === undefined) return query.region;
  const start = input.origin.offset + offset;
  return new Places(input.origin.source).region(start, start + 1);
}

/** What became of a query; `refused`: a remote took no connection. */
interface Executed {
  readonly analyzed: Analyzed;
  readonly refused: boolean;
}

async function execute(session: Session, { sql, scans }: QueryVerdict, options: RunOptions): Promise<Executed> {
  await session.query(openTransaction(options).join('; '));
  try {
    const rows = await session.queryOne(`EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, FORMAT JSON) ${sql}`);
    const actual = actualPlan(rows[0]?.['QUERY PLAN']);
    const left = [...actual.scans];
    const matched = scans.map(({ remoteSql }) => {
      const at = left.findIndex((each) => each.remoteSql === remoteSql);
      return at < 0 ? undefined : left.splice(at, 1)[0];
    });
    return { analyzed: { kind: 'ran', rows: actual.rows, seconds: actual.seconds, scans: matched.map((each) => (each === undefined ? undefined : { rows: each.rows, loops: each.loops })) }, refused: false };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlstate.startsWith('57P')) throw error;
    return { analyzed: { kind: 'failed', message: error.message }, refused: error.sqlstate.startsWith('08') };
  } finally {
    await session.query('ROLLBACK');
  }
}
