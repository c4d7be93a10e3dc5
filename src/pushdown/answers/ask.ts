import { UserError } from '../../base/user-error.ts';
import type { Session } from '../../postgres/session.ts';
import type { ReasonId } from '../../model/rules.ts';
import { summarise, withHeld } from '../held.ts';
import { loadParser } from '../parser.ts';
import type { Parser } from '../parser.ts';
import { shapeOf } from '../queries/shape.ts';
import type { Held, PushdownReport, QueryVerdict, Reason, Scan } from '../types.ts';
import { askEachAgain, limitFor } from '../ask-each.ts';
import type { Workers } from '../../postgres/workers.ts';
import { reasonsOf } from './asked.ts';
import { remotelyEstimated } from './copies.ts';
import { withMissingExtensions } from './extensions.ts';
import { askServers, saidBy } from './servers.ts';
import type { ServersSaid, Unasked } from './servers.ts';
import { silentServers } from './silent.ts';
import { isUnreachable } from './types.ts';
import type { AskOptions } from './types.ts';

/**
 * Asks the remotes about every Remote SQL of a report: whether it is valid there, and what its plan is. It is prepared
 * and EXPLAINed there, never run. Through dblink, where it is installed, on the same server and user mapping; else by
 * copies of the foreign tables whose estimates the remote makes, which shows errors but neither plans nor writes; for
 * these by a direct connection, where the user allows one. The report is the same over any number of sessions.
 *
 * A query that is not valid on its remotes misses something, and so does one whose remote could not be asked.
 */
export async function askRemotes(workers: Workers, report: PushdownReport, options: AskOptions): Promise<PushdownReport> {
  const parser = await loadParser();
  const said = await askServers(workers, parser, remoteSqls(report), options);
  const estimates = await estimated(workers, parser, report.queries.filter((query) => serversLeft(query, said).length > 0), said, options);
  const queries = report.queries.map((query) => answered(query, said, estimates.get(query)));
  return withMissingExtensions(workers, { ...report, queries, summary: summarise(queries) }, options);
}

/** What each server would be sent, each text once. */
function remoteSqls({ queries }: PushdownReport): readonly { readonly server: string; readonly texts: readonly string[] }[] {
  const found = new Map<string, Set<string>>();
  for (const { server, remoteSql } of queries.flatMap(({ scans }) => scans)) {
    const texts = found.get(server) ?? new Set();
    found.set(server, remoteSql === '' ? texts : texts.add(remoteSql));
  }
  return [...found].map(([server, texts]) => ({ server, texts: [...texts] }));
}

/** The servers of a query that dblink does not reach. */
function serversLeft({ scans }: QueryVerdict, { unasked }: ServersSaid): readonly string[] {
  return [...new Set(scans.map(({ server }) => server))].filter((server) => unasked.has(server));
}

/** What the planner finds out about queries by estimates of the remotes. */
async function estimated(workers: Workers, parser: Parser, queries: readonly QueryVerdict[], said: ServersSaid, options: AskOptions): Promise<ReadonlyMap<QueryVerdict, readonly Reason[]>> {
  const silent = queries.length > 1 ? await silentServers(workers, [...new Set(queries.flatMap((query) => serversLeft(query, said)))].filter((server) => said.unasked.get(server)?.down === undefined), options) : new Map<string, string>();
  const downOf = (server: string): string | undefined => said.unasked.get(server)?.down ?? silent.get(server);
  const ask = (session: Session, query: QueryVerdict): Promise<Estimated> => byEstimates(session, parser, query, serversLeft(query, said), downOf, options);
  const found = await askEachAgain(workers, queries, limitFor(queries.length, options.jobs), ask, ({ refused }) => refused, options.signal);
  return new Map(queries.map((query, index) => {
    const answer = found[index];
    return [query, answer instanceof UserError ? serversLeft(query, said).flatMap((server) => reasonsOf(server, { kind: 'unknown', message: saidBy(answer) })) : answer?.reasons ?? []];
  }));
}

function answered(query: QueryVerdict, said: ServersSaid, estimates: readonly Reason[] | undefined): QueryVerdict {
  if (query.scans.length === 0) return query;
  const found = query.scans.flatMap(({ server, remoteSql }) => said.answers.get(server)?.get(remoteSql) ?? []);
  if (estimates !== undefined) found.push(...otherwise(query, serversLeft(query, said), said.unasked, estimates));
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
function otherwise(query: QueryVerdict, servers: readonly string[], unasked: ReadonlyMap<string, Unasked>, estimates: readonly Reason[]): readonly Reason[] {
  const directly = new Map(servers.map((server) => [server, query.scans.filter((scan) => scan.server === server).map((scan) => saidOf(unasked.get(server)?.direct, scan))] as const));
  const isAnswered = (server: string): boolean => directly.get(server)?.every((each) => each !== undefined) === true;
  const failed = servers.flatMap((server) => {
    const direct = unasked.get(server)?.direct;
    return direct instanceof UserError && estimates.some(({ id, subject }) => id === 'remote-not-asked' && subject === server) ? reasonsOf(server, { kind: 'unknown', message: saidBy(direct) }) : [];
  });
  return [...estimates.filter(({ id, subject }) => id !== 'remote-not-asked' || !isAnswered(subject)), ...failed, ...[...directly.values()].flat().flatMap((each) => each ?? [])];
}

/** undefined: nobody was asked about it. A scan without Remote SQL asks for nothing. */
function saidOf(direct: Unasked['direct'], { remoteSql }: Scan): readonly Reason[] | undefined {
  if (direct === undefined || direct instanceof UserError) return undefined;
  return remoteSql === '' ? [] : direct.get(remoteSql);
}

/** What was found by estimates; `refused`: a remote took no connection. */
interface Estimated {
  readonly reasons: readonly Reason[];
  readonly refused: boolean;
}

/** The planner asks the remotes for estimates, which shows what they refuse, but nothing of what a write would send beside its scan. */
async function byEstimates(session: Session, parser: Parser, { sql, scans }: QueryVerdict, servers: readonly string[], downOf: (server: string) => string | undefined, options: AskOptions): Promise<Estimated> {
  const downs = servers.flatMap((server) => {
    const down = downOf(server);
    return down === undefined ? [] : reasonsOf(server, { kind: 'unknown', message: down });
  });
  if (downs.length > 0) return { reasons: downs, refused: false };
  const answer = await remotelyEstimated(session, parser, { sql, parameters: shapeOf(parser, sql).parameters }, options);
  if ('refused' in answer) {
    const { refused, sqlstate, remote } = answer;
    // Which of several said so is not told.
    if (remote && !isUnreachable(sqlstate)) return { reasons: reasonsOf(servers.join(', '), { kind: 'invalid', sqlstate, message: refused }), refused: false };
    return { reasons: servers.flatMap((server) => reasonsOf(server, { kind: 'unknown', message: refused })), refused: sqlstate.startsWith('08') };
  }
  const written = servers.filter((server) => scans.some((scan) => scan.server === server && scan.operation !== 'select'));
  const message = (server: string): string => `a write is seen by the remote only through the extension dblink, which does not reach it here, or a connection of fdw's own: --remote-url ${server}=postgres://…`;
  return { reasons: written.flatMap((server) => reasonsOf(server, { kind: 'unknown', message: message(server) })), refused: false };
}
