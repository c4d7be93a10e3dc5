import { ensureMemory } from '../base/memory.ts';
import { around } from '../postgres/around.ts';
import type { Session } from '../postgres/session.ts';
import type { Spec, VerdictWord } from '../spec/types.ts';
import { dearRows, forcing, partitionwise, worthForcing } from './cause.ts';
import type { FoundPlan } from './cause.ts';
import { makeContext } from './clauses/context.ts';
import { compact } from './compact.ts';
import type { PlanContext } from './clauses/context.ts';
import { findClauses } from './clauses/find.ts';
import { locate } from './explain/error-place.ts';
import { explain } from './explain/explain.ts';
import type { ExplainOptions, Explained, PlannerSettings } from './explain/explain.ts';
import { holdTo } from './expectation.ts';
import { summarise } from './held.ts';
import { FunctionsOfRun } from './facts/functions.ts';
import type { CalledOf } from './facts/functions.ts';
import { RelationsOfRun } from './facts/relations.ts';
import type { FactsOf } from './facts/relations.ts';
import { ViewsOfRun } from './facts/views.ts';
import type { OpenedQuery } from './facts/views.ts';
import type { ColumnFacts } from './oracle/catalog.ts';
import { Prober } from './oracle/prober.ts';
import { fetchedRows } from './fetched-rows.ts';
import { loadParser } from './parser.ts';
import type { Parser } from './parser.ts';
import { everyFlow, flowOf } from './plan/flow.ts';
import type { Flow } from './plan/flow.ts';
import type { PlanNode } from './plan/node.ts';
import { prepare } from './prepare.ts';
import type { CatalogsOfRun, PlannedQuery } from './prepare.ts';
import { planSteps } from './steps.ts';
import { shapeOf } from './queries/shape.ts';
import { explainClauses } from './reasons/explain-clauses.ts';
import { columnsOf } from './reasons/expressions.ts';
import type { FoundQuery } from './reasons/explain-clauses.ts';
import { isJoinLookup } from './reasons/loops.ts';
import { notesOf } from './reasons/notes.ts';
import { withRemedies } from './remedies/offer.ts';
import type { ChangedPlan, Remedied } from './remedies/offer.ts';
import type { Clause, PushdownReport, QueryError, QueryInput, QueryVerdict, Reason, Region } from './types.ts';
import { dangerousScans, isForeign, verdictRanks, verdictWord } from './verdict.ts';
import type { Change } from './what-if/change.ts';
import { withOriginals } from './what-if/copies.ts';
import { whatIf } from './what-if/world.ts';
import { returnedRows, scansOf } from './wire.ts';

export interface JudgeOptions {
  /** EXPLAIN as this role (SET LOCAL ROLE); undefined: as the session's. */
  readonly role?: string | undefined;
  /** Per EXPLAIN. Default 30,000. */
  readonly statementTimeoutMs?: number | undefined;
  /** Default 5,000. */
  readonly lockTimeoutMs?: number | undefined;
  /** What tells this session from others that judge at the same time. */
  readonly job?: string | undefined;
  /** Whether remedies may contact the remote: estimates of its own. */
  readonly remote?: boolean | undefined;
  /** The user's, for where in it a remedy is to be written. */
  readonly spec?: Spec | undefined;
  /** Whether the plan itself is kept too, for people to read. */
  readonly tree?: boolean | undefined;
  /** Called before each query is EXPLAINed, and before it is judged; some are judged while others are planned. */
  readonly progress?: ((step: 'planning' | 'judging', query: QueryInput) => void) | undefined;
  /** Between queries; what runs is cancelled by whoever owns the session. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Judges queries: EXPLAINs each (never executing it), and says what of it runs on which side, and why.
 * One query's error is told in its verdict; the others go on.
 *
 * @throws {UserError} where the connection is lost
 */
export async function judge(session: Session, queries: readonly QueryInput[], options: JudgeOptions = {}): Promise<PushdownReport> {
  const explainOptions: ExplainOptions = {
    role: options.role,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    lockTimeoutMs: options.lockTimeoutMs ?? 5_000,
    job: options.job,
  };
  const parser = await loadParser();
  const pace = { size: 1 };
  const catalogs: CatalogsOfRun = { relations: new RelationsOfRun(), functions: new FunctionsOfRun(), views: new ViewsOfRun() };
  const prepareFrom = (from: number): Promise<ReadonlyMap<QueryInput, PlannedQuery>> => prepare(session, parser, catalogs, queries.slice(from, from + together).filter(({ error }) => error === undefined), explainOptions, pace, (query) => {
    options.signal?.throwIfAborted();
    options.progress?.('planning', query);
  });
  // While some are judged, the next ones are planned; what judging has to ask waits until that is over.
  let planning: Promise<unknown> = Promise.resolve();
  const free = around(session, async (call) => {
    await planning;
    return call(() => undefined);
  });
  const judging: JudgeContext = { session: free, factsOf: catalogs.relations.of, calledOf: catalogs.functions.of, views: catalogs.views, parser, options: explainOptions, columns: new Map(), prober: new Prober(free, explainOptions), user: await currentUser(session, options.role), remote: options.remote === true, spec: options.spec, tree: options.tree === true };
  const verdicts: QueryVerdict[] = [];
  const pause = pauses();
  let coming = prepareFrom(0);
  for (let from = 0; from < queries.length; from += together) {
    const planned = await coming;
    ensureMemory();
    coming = prepareFrom(from + together);
    planning = coming.catch(() => undefined);
    for (const query of queries.slice(from, from + together)) {
      await pause();
      options.signal?.throwIfAborted();
      options.progress?.('judging', query);
      verdicts.push(compact(await judgePlanned(judging, query, planned.get(query))));
    }
  }
  return { queries: verdicts, summary: summarise(verdicts) };
}

/** How many queries are planned together. */
const together = 128;

/** Lets what else has happened, an answer of the server or Ctrl-C, have its turn every now and then. */
function pauses(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 1) return;
    await new Promise((resolve) => setImmediate(resolve));
    last = performance.now();
  };
}

async function judgePlanned(judging: JudgeContext, query: QueryInput, planned: PlannedQuery | undefined): Promise<QueryVerdict> {
  if (planned === undefined) return errorVerdict(query, query.error);
  const { opened, answer: { explained, custom, seconds } } = planned;
  if ('error' in explained) return errorVerdict(query, locate(query, explained.error));
  const started = performance.now();
  const verdict = await judgePlans(judging, query, opened, explained, custom);
  return { ...verdict, seconds: seconds + since(started) };
}

/** Seconds since a time of performance.now(). */
function since(started: number): number {
  return (performance.now() - started) / 1000;
}

/** What judging one query needs beside the query. */
export interface JudgeContext {
  readonly session: Session;
  readonly parser: Parser;
  readonly factsOf: FactsOf;
  readonly calledOf: CalledOf;
  readonly views: ViewsOfRun;
  readonly options: ExplainOptions;
  readonly prober: Prober;
  readonly columns: Map<number, readonly ColumnFacts[]>;
  readonly user: string;
  readonly remote: boolean;
  readonly spec: Spec | undefined;
  readonly tree: boolean;
}

async function currentUser(session: Session, role: string | undefined): Promise<string> {
  if (role !== undefined) return role;
  const [row] = await session.query<{ name: string }>('SELECT current_user::text AS name');
  return row?.name ?? '';
}

type Planned = Extract<Explained, { readonly plan: PlanNode }>;

/**
 * The verdict on a query; of one with parameters the worse of those on its generic and its custom plan. The custom plan
 * is that for some values: which partitions they lead to, and how many rows, depends on them.
 */
async function judgePlans(judging: JudgeContext, query: QueryInput, opened: OpenedQuery, generic: Planned, custom: Explained | undefined): Promise<Omit<QueryVerdict, 'seconds'>> {
  if (opened.shape.parameters === 0) return judgeOne(judging, query, opened, generic);
  const first: Omit<QueryVerdict, 'seconds'> = { ...(await judgeOne({ ...judging, options: { ...judging.options, mode: 'generic' } }, query, opened, generic)), plan: 'generic' };
  if (custom === undefined) return first;
  // No value is known for a type, say: what is left is the generic plan.
  if ('error' in custom) return first.verdict === 'no-foreign' ? first : { ...first, notes: [...first.notes, genericOnly(custom.error.message)] };
  if (isSameWork(findIn(judging, opened, custom.plan), first)) return first;
  const second: Omit<QueryVerdict, 'seconds'> = { ...(await judgeOne({ ...judging, options: { ...judging.options, mode: 'custom' } }, query, opened, custom)), plan: 'custom' };
  const [worse, other, mode] = isWorse(second, first) ? [second, first, 'generic' as const] : [first, second, 'custom' as const];
  const { verdict, clauses, scans } = other;
  return { ...worse, otherPlan: verdict === 'error' ? undefined : { mode, verdict, clauses, scans } };
}

function genericOnly(refusal: string): Reason {
  return { id: 'generic-plan-only', subject: 'custom plan', message: `only the generic plan was judged; with values that fdw made up for its parameters, there is no custom one: ${refusal}` };
}

/** Whether a plan leaves the same kinds of work here as a verdict says of another. */
function isSameWork({ findings }: FoundPlan, { clauses }: Pick<QueryVerdict, 'clauses'>): boolean {
  const kinds = (all: readonly Pick<Clause, 'kind' | 'runs'>[]): string => all.map(({ kind, runs }) => `${kind} ${runs}`).sort().join();
  return kinds(findings) === kinds(clauses);
}

function isWorse(a: Pick<QueryVerdict, 'steady' | 'clauses'>, b: Pick<QueryVerdict, 'steady' | 'clauses'>): boolean {
  const blocked = ({ clauses }: Pick<QueryVerdict, 'clauses'>): number => clauses.filter((clause) => clause.cause === 'blocked').length;
  const [left, right] = [a, b].map(({ steady }) => (steady === undefined ? 0 : verdictRanks[steady]));
  return left === right ? blocked(a) > blocked(b) : (left ?? 0) > (right ?? 0);
}

async function judgeOne(judging: JudgeContext, query: QueryInput, opened: OpenedQuery, explained: Planned): Promise<Omit<QueryVerdict, 'seconds'>> {
  const plan = findIn(judging, opened, explained.plan);
  const { context, findings } = plan;
  const { versionNum } = judging.session.facts;
  const forced = worthForcing(findings) ? await forcedPlans(judging, query, opened) : undefined;
  const { mode } = judging.options;
  const parameterTypes = mode === 'custom' ? [] : explained.parameterTypes;
  const notes = notesOf(context, opened.shape, judging.calledOf, versionNum);
  const { clauses, remedies, fetched } = await explainAll(judging, { query, opened, plan, forced, user: judging.user, versionNum, mode, parameterTypes }, notes);
  const scans = scansOf(context, fetched);
  const named = opened.reached.map((each) => judging.factsOf(each)).filter((each) => each !== undefined);
  const foreign = isForeign(context, named);
  const dangerous = dangerousScans(context);
  const danger = dangerous.length > 0 && (forced?.plain === undefined || dangerousScans(forced.plain.context).length > 0);
  // What holds for any data leaves out a condition that is sent or not as the planner's numbers of rows are.
  const certain = clauses.filter((_, index) => findings[index] === undefined || !isJoinLookup(context, findings[index]));
  const judged = {
    word: structuralWord(foreign, certain, danger),
    clauses,
    scans,
    returnedRows: returnedRows(explained.plan),
  };
  const held = query.expect === undefined ? [] : holdTo(query.expect, judged);
  return {
    name: query.name,
    file: query.file,
    line: query.line,
    region: regionOf(query),
    sql: query.sql,
    verdict: verdictWord(foreign, clauses, dangerous.length > 0),
    steady: verdictWord(foreign, certain.map(({ kind, cause }) => ({ kind, runs: cause === 'blocked' ? 'local' : 'remote' })), danger),
    clauses,
    scans,
    plan: undefined,
    otherPlan: undefined,
    ...(judging.tree && { tree: planSteps(context, fetched) }),
    notes,
    remedies,
    returnedRows: judged.returnedRows,
    error: undefined,
    ...(query.ignores !== undefined && { ignores: query.ignores }),
    held,
    missed: held.flatMap((each) => each.missed ?? []),
  };
}

interface Explanation extends Remedied {
  readonly fetched: ReadonlyMap<Flow, number>;
}

/** The clauses with their reasons and remedies, and what the scans fetch; what asking opened is closed again. */
async function explainAll(judging: JudgeContext, found: Omit<FoundQuery, 'sendable'>, notes: readonly Reason[]): Promise<Explanation> {
  const { parser, prober, session, factsOf, user } = judging;
  const { query, opened, plan, versionNum } = found;
  const planOf = async (sql: string, settings: PlannerSettings): Promise<FoundPlan | undefined> => {
    const reopened = await openAgain(judging, opened, sql);
    const result = await explain(session, sql, reopened.shape.parameters, judging.options, settings);
    return 'plan' in result ? findIn(judging, reopened, result.plan) : undefined;
  };
  const fetchedIn = async ({ context }: FoundPlan): Promise<ReadonlyMap<Flow, number>> => {
    const rows = await fetchedRows(context, prober);
    await prober.close();
    return rows;
  };
  try {
    const clauses = await explainClauses(found, judging);
    const fetched = await fetchedRows(found.plan.context, prober);
    await prober.close();
    const offering = { parser, prober, versionNum, sql: query.sql, opened, user, notes, factsOf, plan, fetched, remote: judging.remote, spec: judging.spec, columns: (relations: readonly number[]) => columnsOf(judging, relations) };
    return { ...(await withRemedies({ ...offering, planOf, fetchedIn, planIn: (sql, change, settings) => planIn(judging, found, sql, change, settings) }, clauses)), fetched };
  } finally {
    await prober.close();
  }
}

/** What a statement that has been rewritten opens up to. */
async function openAgain({ parser, session, views }: JudgeContext, opened: OpenedQuery, sql: string): Promise<OpenedQuery> {
  if (opened.views.length === 0) return { ...opened, shape: shapeOf(parser, sql) };
  const [reopened] = await views.open(session, parser, [sql]);
  return reopened ?? opened;
}

/** A statement's plan over changed copies of its tables. */
async function planIn(judging: JudgeContext, { query, opened }: Pick<FoundQuery, 'query' | 'opened'>, sql: string, change: Change, settings: PlannerSettings): Promise<ChangedPlan | string> {
  const reopened = sql === query.sql ? opened : await openAgain(judging, opened, sql);
  const answer = await whatIf(judging.session, judging.parser, { sql, parameters: reopened.shape.parameters }, change, judging.options, settings);
  if ('refused' in answer) return answer.refused;
  const factsOf: FactsOf = (name) => {
    const original = name.schema.startsWith('pg_temp') ? answer.originals.get(name.name) : undefined;
    return judging.factsOf(original ?? name);
  };
  return { plan: findIn({ ...judging, factsOf }, reopened, answer.plan), estimates: answer.estimates, asWritten: (text) => withOriginals(text, answer.originals) };
}

/** The word that holds for any data: what was merely not chosen counts as remote. */
function structuralWord(foreign: boolean, clauses: readonly Clause[], dangerous: boolean): VerdictWord {
  const structural = clauses.map(({ kind, runs, cause }) => ({ kind, runs: cause === 'not-chosen' ? ('remote' as const) : runs }));
  return verdictWord(foreign, structural, dangerous);
}

/** The plans that show what PostgreSQL could have sent. */
export interface ForcedPlans {
  readonly plain: FoundPlan | undefined;
  /** With rows made dear, where an aggregate still runs here. */
  readonly dear: FoundPlan | undefined;
  /** With partitionwise joins and aggregates, where there is an Append. */
  readonly partitionwise: FoundPlan | undefined;
}

async function forcedPlans(judging: JudgeContext, query: QueryInput, opened: OpenedQuery): Promise<ForcedPlans> {
  const find = async (settings: Readonly<Record<string, string>>): Promise<FoundPlan | undefined> => {
    const result = await explain(judging.session, query.sql, opened.shape.parameters, judging.options, settings);
    return 'plan' in result ? findIn(judging, opened, result.plan) : undefined;
  };
  const plain = await find(forcing);
  const left = plain?.findings.some(({ kind, runs, at }) => runs === 'local' && (kind === 'aggregate' || (kind === 'join' && at.foreign.length > 1))) === true;
  const dear = left ? await find(dearRows) : undefined;
  const appends = plain !== undefined && everyFlow(plain.context.root).some((flow) => isOfPartitions(plain.context, flow));
  return { plain, dear, partitionwise: appends ? await find({ ...forcing, ...partitionwise }) : undefined };
}

/** An Append, or the one partition that is left of it. */
function isOfPartitions(context: PlanContext, flow: Flow): boolean {
  const { type } = flow.node;
  return type === 'Append' || type === 'Merge Append' || (type === 'Foreign Scan' && context.scan(flow).facts.some((each) => each.root !== undefined));
}

function findIn(judging: JudgeContext, opened: OpenedQuery, root: PlanNode): FoundPlan {
  const context = makeContext(flowOf(root), opened.shape, judging.parser, judging.factsOf);
  return { context, findings: findClauses(context) };
}

/** Where the statement stands; of a check in a spec the place of its text, on its first line. */
function regionOf({ region, line, at }: QueryInput): Region {
  return region ?? { line, column: at?.column ?? 1, endLine: line, endColumn: at?.endColumn ?? 2 };
}

function errorVerdict(query: QueryInput, error: QueryError | undefined): QueryVerdict {
  const { name, file, line, sql } = query;
  return { name, file, line, region: regionOf(query), sql, seconds: 0, verdict: 'error', steady: undefined, clauses: none, scans: none, returnedRows: undefined, plan: undefined, otherPlan: undefined, notes: none, remedies: none, error, held: none, missed: none };
}

/** One for all: there may be a million errors. */
const none: readonly never[] = [];
