import { UserError } from '../../base/user-error.ts';
import { DatabaseError } from '../../postgres/errors.ts';
import type { Session } from '../../postgres/session.ts';
import type { Parser } from '../parser.ts';
import type { Reason } from '../types.ts';
import { askEach, leastShare, limitFor } from '../ask-each.ts';
import type { Workers } from '../../postgres/workers.ts';
import { asked } from './asked.ts';
import { dblinkSchema, overDblink } from './dblink.ts';
import { directLine } from './direct.ts';
import type { DirectRemote } from './direct.ts';
import type { RemoteLine } from './line.ts';
import type { AskOptions } from './types.ts';

/** What was found of each Remote SQL. */
export type Answers = ReadonlyMap<string, readonly Reason[]>;

/** What the servers said: each either all of it, or nothing. */
export interface ServersSaid {
  readonly answers: ReadonlyMap<string, Answers>;
  /** Those that dblink does not reach. */
  readonly unasked: ReadonlyMap<string, Unasked>;
}

/** A server that dblink does not reach. */
export interface Unasked {
  /** The error, where nobody would reach it from the database. */
  readonly down: string | undefined;
  /** What it said directly, or why it could not; undefined: the user allows no direct connection. */
  readonly direct: Answers | UserError | undefined;
}

/** Remote SQLs to ask one server about, over one connection to it. */
interface Share {
  readonly server: string;
  readonly texts: readonly string[];
}

type Way = (session: Session, share: Share) => Promise<Answers | UserError>;

/** Asks servers about Remote SQLs: by dblink, where it is installed and reaches them, else directly, where the user allows it. */
export async function askServers(workers: Workers, parser: Parser, wanted: readonly Share[], options: AskOptions): Promise<ServersSaid> {
  const [schema] = await askEach(workers, [undefined], 1, dblinkSchema, options.signal);
  if (schema instanceof UserError) throw schema;
  const about = ({ server, texts }: Share) => (line: RemoteLine): Promise<Answers> => asked(line, parser, server, texts, options);
  const linked = schema === undefined ? new Map<string, Answers | UserError>() : await inShares(workers, wanted, (session, share) => overDblink(session, schema, share.server, options, about(share)), options);
  const left = wanted.filter(({ server }) => !isAnswer(linked.get(server)));
  const directs = new Map(options.direct?.map((remote) => [remote.server, remote]));
  const direct = await inShares(workers, left.filter(({ server }) => directs.has(server)), (_, share) => overDirect(directs.get(share.server), about(share)), options);
  return {
    answers: new Map([...linked].flatMap(([server, found]) => (isAnswer(found) ? [[server, found]] : []))),
    unasked: new Map(left.map(({ server }) => {
      const found = linked.get(server);
      const isDown = found instanceof DatabaseError ? found.sqlstate.startsWith('08') : found instanceof UserError;
      return [server, { down: isDown && found instanceof UserError ? saidBy(found) : undefined, direct: direct.get(server) }];
    })),
  };
}

function isAnswer(found: Answers | UserError | undefined): found is Answers {
  return found !== undefined && !(found instanceof UserError);
}

/**
 * Each server is asked about the first few by itself: one that does not answer is not waited for again. The others are shared among
 * several connections; what a remote refuses in further ones (a role's CONNECTION LIMIT) it is asked over one.
 */
async function inShares(workers: Workers, wanted: readonly Share[], way: Way, { jobs, progress, signal }: AskOptions): Promise<ReadonlyMap<string, Answers | UserError>> {
  const limit = limitFor(wanted.reduce((sum, { texts }) => sum + Math.max(leastShare, texts.length), 0), jobs);
  const ask = (shares: readonly Share[], at = limit): Promise<readonly (Answers | UserError)[]> => askEach(workers, shares, at, way, signal);
  let begun = 0;
  const firsts = wanted.map(({ server, texts }) => ({ server, texts: limit === 1 ? texts : texts.slice(0, leastShare) }));
  const opened = await askEach(workers, firsts, limit, (session, share) => {
    progress?.(++begun, wanted.length, share.server);
    return way(session, share);
  }, signal);
  const rest = wanted.flatMap((whole, index) => (isAnswer(opened[index]) ? sharesOf(whole, firsts[index]?.texts.length ?? 0, limit) : []));
  const later = await ask(rest);
  const refused = rest.filter((_, index) => !isAnswer(later[index]));
  const again = await ask(refused, 1);
  const found = new Map<string, Answers | UserError>();
  const take = (shares: readonly Share[], said: readonly (Answers | UserError)[]): void => {
    for (const [index, { server }] of shares.entries()) {
      const [before, now] = [found.get(server), said[index]];
      if (now !== undefined && !(before instanceof UserError)) found.set(server, isAnswer(now) ? new Map([...(before ?? []), ...now]) : now);
    }
  };
  take(firsts, opened);
  take(rest.filter((share) => !refused.includes(share)), later.filter(isAnswer));
  take(refused, again);
  return found;
}

function sharesOf({ server, texts }: Share, from: number, limit: number): readonly Share[] {
  const left = texts.slice(from);
  const size = Math.max(leastShare, Math.ceil(left.length / limit));
  return Array.from({ length: Math.ceil(left.length / size) }, (_, index) => ({ server, texts: left.slice(index * size, (index + 1) * size) }));
}

/** An error as a sentence of a report: of a database its message, else with why and what to do. */
export function saidBy(error: UserError): string {
  return error instanceof DatabaseError ? error.message : [error.message, error.why, error.todo].filter((each) => each !== undefined).join(' ');
}

async function overDirect(remote: DirectRemote | undefined, work: (line: RemoteLine) => Promise<Answers>): Promise<Answers | UserError> {
  if (remote === undefined) throw new RangeError('no way to the remote');
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
