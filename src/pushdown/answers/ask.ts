import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import { qualified } from '../../sql/quote.ts';
import type { ReasonId } from '../../model/rules.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import { summarise, withHeld } from '../held.ts';
import { loadParser } from '../parser.ts';
import type { Parser } from '../parser.ts';
import { shapeOf } from '../queries/shape.ts';
import type { Held, PushdownReport, QueryVerdict, Reason, Scan } from '../types.ts';
import { remotelyEstimated } from './copies.ts';
import { Dblink, dblinkSchema } from './dblink.ts';
import { filteredScans, largeTable, smallShare } from './large-scan.ts';
import { isUnreachable } from './types.ts';
import type { RemoteAnswer } from './types.ts';

export interface AskOptions extends ExplainOptions {
  readonly progress?: ((done: number, of: number, server: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the remotes about every Remote SQL of a report: whether it is valid there, and what its plan is. It is prepared
 * and EXPLAINed there, never run. Through dblink, where it is installed, on the same server and user mapping; else by
 * copies of the foreign tables whose estimates the remote makes, which shows errors but no plan.
 *
 * A query that is not valid on its remotes misses something, and so does one whose remote could not be asked.
 */
export async function askRemotes(session: Session, report: PushdownReport, options: AskOptions): Promise<PushdownReport> {
  const parser = await loadParser();
  const servers = [...new Set(report.queries.flatMap(({ scans }) => scans.map(({ server }) => server)))];
  const schema = await dblinkSchema(session);
  const notes = new Map<string, readonly Reason[]>();
  /** Servers that dblink does not reach; with the error, where nobody would. */
  const unasked = new Map<string, string>();
  for (const [index, server] of servers.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(index + 1, servers.length, server);
    const texts = [...new Set(report.queries.flatMap(({ scans }) => scans.filter((scan) => scan.server === server).map(({ remoteSql }) => remoteSql)))].filter((sql) => sql !== '');
    const found = schema === undefined ? undefined : await byDblink(new Dblink(session, schema, options), parser, server, texts);
    if (found === undefined || found instanceof DatabaseError) unasked.set(server, found?.sqlstate.startsWith('08') === true ? found.message : '');
    else for (const [text, reasons] of found) notes.set(keyOf({ server, remoteSql: text }), reasons);
  }
  const queries: QueryVerdict[] = [];
  for (const query of report.queries) queries.push(await answered(session, parser, query, notes, unasked, options));
  return { ...report, queries, summary: summarise(queries) };
}

function keyOf({ server, remoteSql }: Pick<Scan, 'server' | 'remoteSql'>): string {
  return `${server}\0${remoteSql}`;
}

async function byDblink(dblink: Dblink, parser: Parser, server: string, texts: readonly string[]): Promise<ReadonlyMap<string, readonly Reason[]> | DatabaseError> {
  return dblink.with(server, async () => {
    const notes = new Map<string, readonly Reason[]>();
    for (const text of texts) {
      const answer = await dblink.ask(parser, text);
      const scans = answer.kind === 'valid' ? filteredScans(answer.plan) : [];
      const sizes = await dblink.sizes(scans);
      const slow = scans.flatMap(({ schema, name, condition, rows }): readonly Reason[] => {
        const size = sizes.get(qualified({ schema, name })) ?? 0;
        if (size < largeTable || rows > size * smallShare) return [];
        return [{ id: 'remote-seq-scan', subject: `${server}: ${schema}.${name}`, message: `${server} reads all of ${schema}.${name}, about ${Math.round(size)} rows, for the ${rows} or so that pass ${condition}: it has no index for that` }];
      });
      notes.set(text, [...reasonsOf(server, answer), ...slow]);
    }
    return notes;
  });
}

/** 42883: no such operator or function for these types; 42804: a value of another type than the column. */
const typeErrors = new Set(['42883', '42804']);

function reasonsOf(server: string, answer: RemoteAnswer): readonly Reason[] {
  if (answer.kind === 'valid') return [];
  const id: ReasonId = answer.kind === 'unknown' ? 'remote-not-asked' : typeErrors.has(answer.sqlstate) ? 'type-mismatch' : 'remote-sql-invalid';
  return [{ id, subject: server, message: answer.kind === 'unknown' ? `${server} could not be asked: ${answer.message}` : `${server} refuses what would be sent: ${answer.message}` }];
}

async function answered(
  session: Session,
  parser: Parser,
  query: QueryVerdict,
  notes: ReadonlyMap<string, readonly Reason[]>,
  unasked: ReadonlyMap<string, string>,
  options: ExplainOptions,
): Promise<QueryVerdict> {
  if (query.scans.length === 0) return query;
  const found = query.scans.flatMap((scan) => notes.get(keyOf(scan)) ?? []);
  const others = [...new Set(query.scans.map(({ server }) => server))].filter((server) => unasked.has(server));
  if (others.length > 0) found.push(...(await byEstimates(session, parser, query, others, unasked, options)));
  const own = [...new Map(found.map((reason) => [`${reason.id}\0${reason.message}`, reason])).values()];
  return withHeld({ ...query, notes: [...query.notes, ...own] }, missed(own));
}

/** A pass says nothing; so a query stays one that is held to nothing. */
function missed(reasons: readonly Reason[]): readonly Held[] {
  const of = (fits: (id: ReasonId) => boolean): string => [...new Set(reasons.filter(({ id }) => fits(id)).map(({ subject }) => subject))].join(', ');
  const unknown = of((id) => id === 'remote-not-asked');
  const invalid = of((id) => id === 'remote-sql-invalid' || id === 'type-mismatch');
  const sentences = [...(invalid === '' ? [] : [`its Remote SQL is not valid on ${invalid}`]), ...(unknown === '' ? [] : [`whether its Remote SQL is valid is not known: ${unknown} could not be asked`])];
  return sentences.length === 0 ? [] : [{ what: 'valid on the remote', missed: sentences.join('; ') }];
}

/** Without dblink: the planner asks the remote for estimates, which shows what the remote refuses. */
async function byEstimates(session: Session, parser: Parser, { sql, scans }: QueryVerdict, servers: readonly string[], unasked: ReadonlyMap<string, string>, options: ExplainOptions): Promise<readonly Reason[]> {
  const down = servers.filter((server) => unasked.get(server) !== '');
  if (down.length > 0) return down.flatMap((server) => reasonsOf(server, { kind: 'unknown', message: unasked.get(server) ?? '' }));
  const answer = await remotelyEstimated(session, parser, { sql, parameters: shapeOf(parser, sql).parameters }, options);
  const direct = scans.filter(({ operation }) => operation !== 'select');
  const name = servers.join(', ');
  if (!('refused' in answer)) return direct.length === 0 ? [] : reasonsOf(name, { kind: 'unknown', message: 'a write that is sent is seen by the remote only through dblink, which is not installed here' });
  const { refused, sqlstate, remote } = answer;
  return reasonsOf(name, remote && !isUnreachable(sqlstate) ? { kind: 'invalid', sqlstate, message: refused } : { kind: 'unknown', message: refused });
}
