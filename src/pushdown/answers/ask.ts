import { UserError } from '../../base/user-error.ts';
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
import { dblinkSchema, overDblink } from './dblink.ts';
import { directLine } from './direct.ts';
import type { DirectRemote } from './direct.ts';
import { withMissingExtensions } from './extensions.ts';
import { filteredScans, largeTable, smallShare } from './large-scan.ts';
import { askAbout, sizesOf } from './line.ts';
import type { RemoteLine } from './line.ts';
import { isUnreachable } from './types.ts';
import type { RemoteAnswer } from './types.ts';

export interface AskOptions extends ExplainOptions {
  /** Remotes that may be connected to directly, where dblink does not reach them. */
  readonly direct?: readonly DirectRemote[] | undefined;
  readonly progress?: ((done: number, of: number, server: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the remotes about every Remote SQL of a report: whether it is valid there, and what its plan is. It is prepared
 * and EXPLAINed there, never run. Through dblink, where it is installed, on the same server and user mapping; else by
 * copies of the foreign tables whose estimates the remote makes, which shows errors but neither plans nor writes; for
 * these by a direct connection, where the user allows one.
 *
 * A query that is not valid on its remotes misses something, and so does one whose remote could not be asked.
 */
export async function askRemotes(session: Session, report: PushdownReport, options: AskOptions): Promise<PushdownReport> {
  const parser = await loadParser();
  const servers = [...new Set(report.queries.flatMap(({ scans }) => scans.map(({ server }) => server)))];
  const schema = await dblinkSchema(session);
  const notes = new Map<string, readonly Reason[]>();
  const unasked = new Map<string, Unasked>();
  for (const [index, server] of servers.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(index + 1, servers.length, server);
    const texts = [...new Set(report.queries.flatMap(({ scans }) => scans.filter((scan) => scan.server === server).map(({ remoteSql }) => remoteSql)))].filter((sql) => sql !== '');
    const about = (line: RemoteLine): Promise<Answers> => asked(line, parser, server, texts, options);
    const found = schema === undefined ? undefined : await unlessStuck(() => overDblink(session, schema, server, options, about));
    if (found !== undefined && !(found instanceof UserError)) {
      for (const [text, reasons] of found) notes.set(keyOf({ server, remoteSql: text }), reasons);
      continue;
    }
    const remote = options.direct?.find((each) => each.server === server);
    const direct = remote === undefined ? undefined : await overDirect(remote, about);
    const isDown = found instanceof DatabaseError ? found.sqlstate.startsWith('08') : found !== undefined;
    unasked.set(server, { down: found !== undefined && isDown ? saidBy(found) : undefined, direct });
  }
  const queries: QueryVerdict[] = [];
  for (const query of report.queries) queries.push(await answered(session, parser, query, notes, unasked, options));
  return withMissingExtensions(session, { ...report, queries, summary: summarise(queries) }, options);
}

/** What was found of each Remote SQL. */
type Answers = ReadonlyMap<string, readonly Reason[]>;

/** A server that dblink does not reach. */
interface Unasked {
  /** The error, where nobody would reach it from the database. */
  readonly down: string | undefined;
  /** What it said directly, or why it could not; undefined: the user allows no direct connection. */
  readonly direct: Answers | UserError | undefined;
}

function keyOf({ server, remoteSql }: Pick<Scan, 'server' | 'remoteSql'>): string {
  return `${server}\0${remoteSql}`;
}

/** Before 16 a remote that keeps silent costs the whole connection to the database; what was found out is told all the same. */
async function unlessStuck<T>(work: () => Promise<T>): Promise<T | UserError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError && error.id === 'remote-timeout') return error;
    throw error;
  }
}

function saidBy(error: UserError): string {
  return error instanceof DatabaseError ? error.message : [error.message, error.why, error.todo].filter((each) => each !== undefined).join(' ');
}

async function overDirect(remote: DirectRemote, work: (line: RemoteLine) => Promise<Answers>): Promise<Answers | UserError> {
  try {
    const session = await remote.open();
    try {
      return await work(directLine(session));
    } finally {
      await session.close();
    }
  } catch (error) {
    if (error instanceof UserError && error.id !== 'interrupted') return error;
    throw error;
  }
}

async function asked(line: RemoteLine, parser: Parser, server: string, texts: readonly string[], { statementTimeoutMs, signal }: AskOptions): Promise<Answers> {
  const notes = new Map<string, readonly Reason[]>();
  for (const text of texts) {
    signal?.throwIfAborted();
    const answer = await askAbout(line, parser, text, statementTimeoutMs);
    const scans = answer.kind === 'valid' ? filteredScans(answer.plan) : [];
    const sizes = await sizesOf(line, scans);
    const slow = scans.flatMap(({ schema, name, condition, rows }): readonly Reason[] => {
      const size = sizes.get(qualified({ schema, name })) ?? 0;
      if (size < largeTable || rows > size * smallShare) return [];
      return [{ id: 'remote-seq-scan', subject: `${server}: ${schema}.${name}`, message: `${server} reads all of ${schema}.${name}, about ${Math.round(size)} rows, for the ${rows} or so that pass ${condition}: it has no index for that` }];
    });
    notes.set(text, [...reasonsOf(server, answer), ...slow]);
  }
  return notes;
}

/** 42883: no such operator or function for these types; 42804: a value of another type than the column. */
const typeErrors = new Set(['42883', '42804']);

function reasonsOf(server: string, answer: RemoteAnswer): readonly Reason[] {
  if (answer.kind === 'valid') return [];
  const id: ReasonId = answer.kind === 'unknown' ? 'remote-not-asked' : typeErrors.has(answer.sqlstate) ? 'type-mismatch' : 'remote-sql-invalid';
  return [{ id, subject: server, message: answer.kind === 'unknown' ? `${server} could not be asked: ${answer.message}` : `${server} refuses what would be sent: ${answer.message}` }];
}

async function answered(session: Session, parser: Parser, query: QueryVerdict, notes: ReadonlyMap<string, readonly Reason[]>, unasked: ReadonlyMap<string, Unasked>, options: ExplainOptions): Promise<QueryVerdict> {
  if (query.scans.length === 0) return query;
  const found = query.scans.flatMap((scan) => notes.get(keyOf(scan)) ?? []);
  const others = [...new Set(query.scans.map(({ server }) => server))].filter((server) => unasked.has(server));
  if (others.length > 0) found.push(...(await otherwise(session, parser, query, others, unasked, options)));
  const own = [...new Map(found.map((reason) => [`${reason.id}\0${reason.message}`, reason])).values()];
  return withHeld({ ...query, notes: [...query.notes, ...own] }, missed(own));
}

/** A pass says nothing; so a query stays one that is held to nothing. */
function missed(reasons: readonly Reason[]): readonly Held[] {
  const of = (fits: (id: ReasonId) => boolean): string => [...new Set(reasons.filter(({ id }) => fits(id)).map(({ subject }) => subject))].join(', ');
  const unknown = of((id) => id === 'remote-not-asked');
  const invalid = of((id) => id === 'remote-sql-invalid' || id === 'type-mismatch');
  const sentences = [...(invalid === '' ? [] : [`its Remote SQL is not valid on ${invalid}`]), ...(unknown === '' ? [] : [`whether its Remote SQL is valid is not known: ${unknown} could not be asked`])];
  return sentences.length === 0 ? [] : [{ what: 'valid on the remote', missed: sentences.join('; '), noted: true }];
}

/** Without dblink: by estimates, and by what the remotes said directly. */
async function otherwise(session: Session, parser: Parser, query: QueryVerdict, servers: readonly string[], unasked: ReadonlyMap<string, Unasked>, options: ExplainOptions): Promise<readonly Reason[]> {
  const directly = new Map(servers.map((server) => [server, query.scans.filter((scan) => scan.server === server).map((scan) => saidOf(unasked.get(server)?.direct, scan))] as const));
  const isAnswered = (server: string): boolean => directly.get(server)?.every((each) => each !== undefined) === true;
  const estimated = await byEstimates(session, parser, query, servers, unasked, options);
  const failed = servers.flatMap((server) => {
    const direct = unasked.get(server)?.direct;
    return direct instanceof UserError && estimated.some(({ id, subject }) => id === 'remote-not-asked' && subject === server) ? reasonsOf(server, { kind: 'unknown', message: saidBy(direct) }) : [];
  });
  return [...estimated.filter(({ id, subject }) => id !== 'remote-not-asked' || !isAnswered(subject)), ...failed, ...[...directly.values()].flat().flatMap((each) => each ?? [])];
}

/** undefined: nobody was asked about it. A scan without Remote SQL asks for nothing. */
function saidOf(direct: Unasked['direct'], { remoteSql }: Scan): readonly Reason[] | undefined {
  if (direct === undefined || direct instanceof UserError) return undefined;
  return remoteSql === '' ? [] : direct.get(remoteSql);
}

/** The planner asks the remotes for estimates, which shows what they refuse, but nothing of what a write would send beside its scan. */
async function byEstimates(session: Session, parser: Parser, { sql, scans }: QueryVerdict, servers: readonly string[], unasked: ReadonlyMap<string, Unasked>, options: ExplainOptions): Promise<readonly Reason[]> {
  const downs = servers.flatMap((server) => {
    const down = unasked.get(server)?.down;
    return down === undefined ? [] : reasonsOf(server, { kind: 'unknown', message: down });
  });
  if (downs.length > 0) return downs;
  const answer = await unlessStuck(() => remotelyEstimated(session, parser, { sql, parameters: shapeOf(parser, sql).parameters }, options));
  if (answer instanceof UserError) return servers.flatMap((server) => reasonsOf(server, { kind: 'unknown', message: saidBy(answer) }));
  if ('refused' in answer) {
    const { refused, sqlstate, remote } = answer;
    // Which of several said so is not told.
    if (remote && !isUnreachable(sqlstate)) return reasonsOf(servers.join(', '), { kind: 'invalid', sqlstate, message: refused });
    return servers.flatMap((server) => reasonsOf(server, { kind: 'unknown', message: refused }));
  }
  const written = servers.filter((server) => scans.some((scan) => scan.server === server && scan.operation !== 'select'));
  return written.flatMap((server) => reasonsOf(server, { kind: 'unknown', message: `a write is seen by the remote only through the extension dblink, which does not reach it here, or a connection of fdw's own: --remote-url ${server}=postgres://…` }));
}
