import { groupBy } from '../base/group.ts';
import { UserError } from '../base/user-error.ts';
import { type AnalyzableTable, readAnalyzableTables, readRowCounts } from '../catalog/analyzable-tables.ts';
import type { Analysis, AnalysisOutcome, TableAnalysis } from '../model/analysis.ts';
import { compareQualified, nameKey, type QualifiedName } from '../model/name.ts';
import { compareNames } from '../model/option.ts';
import type { Session } from '../postgres/session.ts';
import { closeRemotes } from '../remote/close-remotes.ts';
import { chooseReaders } from '../remote/reader.ts';
import { readSizes, type RemoteSize } from '../remote/sizes.ts';
import { splitName } from '../spec/qualified-name.ts';
import { qualified } from '../sql/quote.ts';
import { judge, type Judging } from './analyze/judge.ts';
import { askRemote } from './ask-remote.ts';
import { chooseTables } from './choose-tables.ts';
import type { Done } from '../postgres/workers.ts';
import type { SessionPool } from './session-pool.ts';
import { type About, type OptionalSpecRequest, withSessions } from './with-sessions.ts';

/** The spec is optional: it tells the database. */
export interface AnalyzeRequest extends OptionalSpecRequest {
  /** As the user wrote them; empty: all. */
  readonly tables: readonly string[];
  readonly servers: readonly string[];
  readonly schemas: readonly string[];
  /** By how much of the local row count the remote's may differ: 0.2. */
  readonly stale: number;
  /** Whether tables with fresh statistics are analysed too. */
  readonly all: boolean;
  readonly dryRun: boolean;
  /** How many servers are asked, and tables analysed, at once, each over a connection of its own. */
  readonly jobs: number;
  /** Milliseconds that a remote may take to answer for the first time. */
  readonly patience: number;
}

export interface AnalyzeResult extends About {
  readonly analysis: Analysis;
}

/**
 * Gathers statistics of foreign tables of postgres_fdw where there are none or the remote's row count has moved. A table that fails does
 * not stop the others.
 * @throws UserError `unknown-table`, `unknown-server`, `unknown-schema`; connection errors of the local database
 */
export async function analyze(request: AnalyzeRequest): Promise<AnalyzeResult> {
  return withSessions(request, async ({ session, pool }) => {
    const chosen = choose(await readAnalyzableTables(session), request);
    const how: Judging = { versionNum: session.facts.versionNum, user: session.facts.user, stale: request.stale, all: request.all };
    const judged = await pool.each([...groupBy(chosen, (table) => table.server)], request.jobs, async (own, [server, tables]) => {
      request.progress(`asking the remote of server ${server} for its row counts`);
      const { result: { sizes, unread }, stuck } = await sizesOf(own, server, tables, request);
      if (!stuck) await closeRemotes(own);
      return { result: tables.map((table) => judge(table, sizes.get(nameKey(behind(table))), unread, how)), stuck };
    });
    const tables = judged.flat().sort(compareQualified);
    const due = new Set(tables.filter(({ outcome }) => outcome.kind === 'due').map(nameKey));
    const parents = parentsOf(chosen.filter((table) => due.has(nameKey(table))));
    const analysed = request.dryRun ? tables : await analyzeAll(pool, tables, request);
    return { analysis: { dryRun: request.dryRun, tables: analysed, parents } };
  });
}

function behind({ remoteSchema, remoteName }: AnalyzableTable): QualifiedName {
  return { schema: remoteSchema, name: remoteName };
}

function parentsOf(tables: readonly AnalyzableTable[]): readonly QualifiedName[] {
  const found = tables.flatMap(({ parent }) => (parent === null ? [] : [{ schema: parent[0], name: parent[1] }]));
  return [...new Map(found.map((name) => [nameKey(name), name])).values()].sort(compareQualified);
}

/** The tables that are asked for. A name that leads to none is a slip of the fingers. */
function choose(tables: readonly AnalyzableTable[], request: AnalyzeRequest): readonly AnalyzableTable[] {
  const named = request.tables.map((text) => {
    const split = splitName(text);
    const found = split.kind === 'name' ? tables.filter(({ schema, name }) => name === split.name && (split.schema === undefined || schema === split.schema)) : [];
    if (found.length !== 1) {
      throw new UserError('unknown-table', found.length === 0 ? `No foreign table of postgres_fdw is named ${text}.` : `${text} may be one of several foreign tables: ${found.map(({ schema }) => schema).join(', ')} have one.`, {
        todo: 'Write schema.name, case and all; a part with a dot in it as in SQL: "odd.schema".name.',
      });
    }
    return found[0];
  });
  return chooseTables(tables, request).filter((table) => named.length === 0 || named.includes(table));
}

interface Sizes {
  readonly sizes: ReadonlyMap<string, RemoteSize>;
  /** Why they were not read; `final`: the remote did not let us in, nor would it ANALYZE. */
  readonly unread: { readonly message: string; readonly todo: string | undefined; readonly final: boolean } | undefined;
}

const closed: ReadonlySet<string> = new Set(['remote-unreachable', 'remote-timeout', 'remote-connection-lost']);

async function sizesOf(session: Session, server: string, tables: readonly AnalyzableTable[], request: AnalyzeRequest): Promise<Done<Sizes>> {
  const asked = await askRemote(session, server, request, async (how) => {
    const [reader] = await chooseReaders(session, [{ server, candidates: [...new Set(tables.map(({ owner }) => owner))] }]);
    if (reader === undefined) throw new Error('there is a reader for each request');
    return readSizes(session, reader, [...new Set(tables.map(({ remoteSchema }) => remoteSchema))], how);
  });
  if (asked.kind === 'answered') return { result: { sizes: asked.answer, unread: undefined }, stuck: false };
  const { id, message, why, todo } = asked.error;
  const text = [message, why].filter((part) => part !== undefined).join(' ');
  return { result: { sizes: new Map(), unread: { message: text, todo, final: closed.has(id) } }, stuck: asked.stuck };
}

/** Analyses those that are due, and sees how many rows the database counts then. */
async function analyzeAll(pool: SessionPool, tables: readonly TableAnalysis[], request: AnalyzeRequest): Promise<readonly TableAnalysis[]> {
  const due = tables.filter(({ outcome }) => outcome.kind === 'due').sort((a, b) => compareNames(a.server, b.server));
  let begun = 0;
  // One server after the other, so that a session does not hold a connection to each.
  const at = new Map<Session, string>();
  let done = 0;
  const all = pool.each(due, request.jobs, async (own, table) => {
    request.progress(`analysing ${table.schema}.${table.name} (${++begun} of ${due.length})`);
    if ((at.get(own) ?? table.server) !== table.server) await closeRemotes(own);
    at.set(own, table.server);
    const outcome = await analyzeOne(own, table, request.signal);
    if (outcome.kind === 'done') done += 1;
    return { result: [nameKey(table), outcome] as const, stuck: false };
  });
  const outcomes = new Map(await all.catch((error: unknown) => {
    if (!request.signal.aborted) throw error;
    throw new UserError('interrupted', 'Interrupted.', { why: `${done} of ${due.length} tables ${done === 1 ? 'was' : 'were'} analysed, nothing of the rest.`, cause: error });
  }));
  const [counts = []] = await pool.each([tables], 1, async (own, asked) => ({ result: await readRowCounts(own, asked), stuck: false }));
  const rows = new Map(counts.map((count) => [nameKey(count), count.rows]));
  return tables.map((table) => {
    const outcome = outcomes.get(nameKey(table)) ?? table.outcome;
    return { ...table, outcome: outcome.kind === 'done' ? { ...outcome, rows: rows.get(nameKey(table)) ?? 0 } : outcome };
  });
}

async function analyzeOne(session: Session, table: QualifiedName, signal: AbortSignal): Promise<AnalysisOutcome> {
  const begin = performance.now();
  try {
    // How long it takes is the size of the table's matter; Ctrl-C ends it. Within a transaction, so that no pool keeps the setting.
    await session.query('BEGIN; SET LOCAL statement_timeout = 0');
    await session.query(`ANALYZE ${qualified(table)}`);
    await session.query('COMMIT');
    return { kind: 'done', rows: 0, seconds: (performance.now() - begin) / 1000 };
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined); // The connection may be gone; then so is the transaction.
    if (!(error instanceof UserError) || signal.aborted) throw error;
    return { kind: 'failed', message: [error.message, error.why].filter((text) => text !== undefined).join(': '), todo: error.todo };
  }
}
