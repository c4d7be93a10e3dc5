import { groupBy } from '../base/group.ts';
import type { Problem } from '../base/spec-error.ts';
import { UserError } from '../base/user-error.ts';
import { type AnalyzableTable, readAnalyzableTables, readRowCounts } from '../catalog/analyzable-tables.ts';
import type { Analysis, AnalysisOutcome, TableAnalysis } from '../model/analysis.ts';
import { compareQualified, nameKey, type QualifiedName } from '../model/name.ts';
import { compareNames } from '../model/option.ts';
import type { Session } from '../postgres/session.ts';
import { chooseReaders } from '../remote/reader.ts';
import { readSizes, type RemoteSize } from '../remote/sizes.ts';
import { splitName } from '../spec/qualified-name.ts';
import { qualified } from '../sql/quote.ts';
import { judge, type Judging } from './analyze/judge.ts';
import { type LocalDatabase, openLocalDatabase } from './local-database.ts';
import { optionalSpec } from './optional-spec.ts';
import { patienceFor } from './patience.ts';
import { beginReadWrite } from './read-write.ts';
import type { FlowRequest } from './types.ts';

/** The spec is optional: it tells the database. */
export interface AnalyzeRequest extends Omit<FlowRequest, 'specPath'> {
  readonly specPath: string | undefined;
  /** As the user wrote them; empty: all. */
  readonly tables: readonly string[];
  readonly servers: readonly string[];
  readonly schemas: readonly string[];
  /** By how much of the local row count the remote's may differ: 0.2. */
  readonly stale: number;
  /** Whether tables with fresh statistics are analysed too. */
  readonly all: boolean;
  readonly dryRun: boolean;
  /** How many tables are analysed at once, each over a connection of its own. */
  readonly jobs: number;
  /** Milliseconds that a remote may take to answer for the first time. */
  readonly patience: number;
}

export interface AnalyzeResult {
  readonly analysis: Analysis;
  readonly warnings: readonly Problem[];
}

/**
 * Gathers statistics of foreign tables of postgres_fdw where there are none or the remote's row count has moved. A table that fails does
 * not stop the others.
 * @throws UserError `unknown-table`, `unknown-server`, `unknown-schema`; connection errors of the local database
 */
export async function analyze(request: AnalyzeRequest): Promise<AnalyzeResult> {
  const loaded = await optionalSpec(request);
  request.progress('connecting to the local database');
  const local = await openLocalDatabase({ flag: request.database, spec: loaded?.spec.database?.value, env: request.env, signal: request.signal });
  let { session } = local;
  try {
    const chosen = choose(await readAnalyzableTables(session), request);
    const how: Judging = { versionNum: session.facts.versionNum, user: session.facts.user, stale: request.stale, all: request.all };
    const judged: TableAnalysis[] = [];
    for (const [server, tables] of groupBy(chosen, (table) => table.server)) {
      request.progress(`asking the remote of server ${server} for its row counts`);
      const seen = await sizesOf(session, server, tables, request);
      judged.push(...tables.map((table) => judge(table, seen.sizes.get(nameKey(behind(table))), seen.unread, how)));
      if (seen.stuck) {
        await session.close();
        session = await local.reconnect(request.signal);
      }
    }
    const tables = judged.sort(compareQualified);
    const due = new Set(tables.filter(({ outcome }) => outcome.kind === 'due').map(nameKey));
    const parents = parentsOf(chosen.filter((table) => due.has(nameKey(table))));
    const analysed = request.dryRun ? tables : await analyzeAll(local, session, tables, request);
    return { analysis: { dryRun: request.dryRun, tables: analysed, parents }, warnings: [...(loaded?.warnings ?? []), ...local.warnings] };
  } finally {
    await session.close();
  }
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
  for (const [what, names, known] of [
    ['server', request.servers, new Set(tables.map(({ server }) => server))],
    ['schema', request.schemas, new Set(tables.map(({ schema }) => schema))],
  ] as const) {
    const unknown = names.find((name) => !known.has(name));
    if (unknown === undefined) continue;
    throw new UserError(`unknown-${what}`, `No foreign table of postgres_fdw is ${what === 'server' ? 'on server' : 'in schema'} "${unknown}".`, {
      todo: known.size === 0 ? undefined : `There are some ${what === 'server' ? 'on' : 'in'} ${[...known].sort(compareNames).join(', ')}.`,
    });
  }
  return tables.filter((table) => (named.length === 0 || named.includes(table)) && (request.servers.length === 0 || request.servers.includes(table.server)) && (request.schemas.length === 0 || request.schemas.includes(table.schema)));
}

interface Sizes {
  readonly sizes: ReadonlyMap<string, RemoteSize>;
  /** Why they were not read; `final`: the remote did not let us in, nor would it ANALYZE. */
  readonly unread: { readonly message: string; readonly todo: string | undefined; readonly final: boolean } | undefined;
  readonly stuck: boolean;
}

const closed: ReadonlySet<string> = new Set(['remote-unreachable', 'remote-timeout', 'remote-connection-lost']);

async function sizesOf(session: Session, server: string, tables: readonly AnalyzableTable[], { patience, signal }: AnalyzeRequest): Promise<Sizes> {
  await beginReadWrite(session);
  const wait = patienceFor(session, server, patience);
  try {
    const [reader] = await chooseReaders(session, [{ server, candidates: [...new Set(tables.map(({ owner }) => owner))] }]);
    if (reader === undefined) throw new Error('there is a reader for each request');
    const schemas = [...new Set(tables.map(({ remoteSchema }) => remoteSchema))];
    const sizes = await Promise.race([readSizes(session, reader, schemas, { patience, connected: wait.over }), wait.lost]);
    return { sizes, unread: undefined, stuck: false };
  } catch (error) {
    // Without the local database, or the user's patience, there is nothing to go on with.
    if (!(error instanceof UserError) || signal.aborted) throw error;
    const message = [error.message, error.why].filter((text) => text !== undefined).join(' ');
    return { sizes: new Map(), unread: { message, todo: error.todo, final: closed.has(error.id) }, stuck: wait.stuck() };
  } finally {
    wait.over();
    if (!wait.stuck()) await session.query('ROLLBACK');
  }
}

/** Several at once, each on a connection of its own; the first takes the one that is open already. */
async function analyzeAll(local: LocalDatabase, session: Session, tables: readonly TableAnalysis[], request: AnalyzeRequest): Promise<readonly TableAnalysis[]> {
  const waiting = tables.filter(({ outcome }) => outcome.kind === 'due');
  const total = waiting.length;
  const outcomes = new Map<string, AnalysisOutcome>();
  const work = async (on: Session): Promise<void> => {
    // How long it takes is the size of the table's matter; Ctrl-C ends it.
    await on.query('SET statement_timeout = 0');
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) {
      request.progress(`analysing ${table.schema}.${table.name} (${total - waiting.length} of ${total})`);
      outcomes.set(nameKey(table), await analyzeOne(on, table, request.signal));
    }
  };
  const others = Array.from({ length: Math.min(request.jobs, total) - 1 }, async () => {
    const own = await local.reconnect(request.signal);
    try {
      await work(own);
    } finally {
      await own.close();
    }
  });
  const ends = await Promise.allSettled([work(session), ...others]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const rows = new Map((await readRowCounts(session, tables)).map((count) => [nameKey(count), count.rows]));
  return tables.map((table) => {
    const outcome = outcomes.get(nameKey(table)) ?? table.outcome;
    return { ...table, outcome: outcome.kind === 'done' ? { ...outcome, rows: rows.get(nameKey(table)) ?? 0 } : outcome };
  });
}

async function analyzeOne(session: Session, table: QualifiedName, signal: AbortSignal): Promise<AnalysisOutcome> {
  const begin = performance.now();
  try {
    await session.query(`ANALYZE ${qualified(table)}`);
    return { kind: 'done', rows: 0, seconds: (performance.now() - begin) / 1000 };
  } catch (error) {
    if (!(error instanceof UserError) || signal.aborted) throw error;
    return { kind: 'failed', message: [error.message, error.why].filter((text) => text !== undefined).join(': '), todo: error.todo };
  }
}
