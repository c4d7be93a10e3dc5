import { costsOf, isScanFilter, isSentWhenForced } from '../cause.ts';
import type { FoundPlan } from '../cause.ts';
import type { Finding } from '../clauses/finding.ts';
import type { OpenedQuery } from '../facts/views.ts';
import type { ForcedPlans } from '../judge.ts';
import type { Clause, ClausePlace, PlanMode, QueryInput, Reason } from '../types.ts';
import type { Flow } from '../plan/flow.ts';
import { scanName } from './below.ts';
import { costReasons } from './costs.ts';
import type { Expressions } from './expressions.ts';
import { expressionReasons } from './expressions.ts';
import { joinReasons } from './joins.ts';
import { isAskedPerRow } from './loops.ts';
import { operationClauseReasons, partitionwiseReason, upperFilterReasons } from './operations.ts';
import { locateClauses } from '../places/locate.ts';
import { insertReasons, lockNotes, rowByRowReasons } from './writes.ts';

/** A query with what was found out about it. */
export interface FoundQuery {
  readonly query: QueryInput;
  readonly opened: OpenedQuery;
  readonly plan: FoundPlan;
  readonly forced: ForcedPlans | undefined;
  /** The role that EXPLAIN ran as. */
  readonly user: string;
  readonly versionNum: number;
  /** Of a statement with parameters. */
  readonly mode: PlanMode | undefined;
  /** As SQL. Empty where their values are in the plan. */
  readonly parameterTypes: readonly string[];
  /** The nodes of local clauses that may be sent: they are here by cost only. */
  readonly sendable: ReadonlySet<Flow>;
}

/** The clauses of a query, the local ones with their cause and reasons. */
export async function explainClauses(query: Omit<FoundQuery, 'sendable'>, expressions: Expressions): Promise<readonly Clause[]> {
  const { findings } = query.plan;
  const unknown = { ...query, sendable: new Set<Flow>() };
  const local = findings.filter((finding) => finding.runs === 'local' && finding.kind !== 'limit' && !isScanFilter(finding));
  const sent = new Set(local.filter((finding) => sentIn(unknown, finding) !== undefined).map((finding) => finding.at));
  // From the bottom up: what stands above an aggregate needs to know.
  for (const finding of local.toReversed()) {
    if (finding.kind === 'aggregate' && !sent.has(finding.at) && isOverNothing(finding.at) && (await reasonsOf({ ...unknown, sendable: sent }, finding, undefined, expressions)).length === 0) sent.add(finding.at);
  }
  const found = { ...unknown, sendable: sent };
  const places = locateClauses(query.plan.context, query.query, query.opened, findings);
  const clauses: Clause[] = [];
  for (const [index, finding] of findings.entries()) clauses.push({ ...(await explainClause(found, finding, wordsAt(places[index], query.query.sql), expressions)), place: places[index] });
  return clauses;
}

/** What stands there; through a view, what the view says. */
function wordsAt(place: ClausePlace | undefined, sql: string): string | undefined {
  return place === undefined ? undefined : (place.view?.text ?? sql.slice(place.range.start, place.range.end));
}

async function explainClause(found: FoundQuery, finding: Finding, words: string | undefined, expressions: Expressions): Promise<Omit<Clause, 'place'>> {
  const { kind, text, runs } = finding;
  const done = (cause: Clause['cause'], reasons: readonly Reason[], costs?: Clause['costs']): Omit<Clause, 'place'> => ({
    kind,
    text,
    runs,
    cause,
    costs,
    reasons: unique(reasons),
    remedies: [],
  });
  if (runs === 'remote') return done(null, remoteNotes(found, finding));
  const sent = isScanFilter(finding) ? undefined : sentIn(found, finding);
  if (sent !== undefined) {
    const costs = sent === found.forced?.plain ? costsOf(found.plan, finding, sent) : undefined;
    return done('not-chosen', [...(isWrite(finding) ? writeShape(found, finding) : []), ...costReasons(found, finding)], costs);
  }
  const reasons = await reasonsOf(found, finding, words, expressions);
  // An aggregate for want of a gain, or a condition on what it computes.
  if (reasons.length === 0 && found.sendable.has(finding.at)) return done('not-chosen', costReasons(found, finding));
  // That a limit stays in the forced plan too proves nothing.
  return done(finding.kind === 'limit' && reasons.length === 0 ? null : 'blocked', reasons);
}

async function reasonsOf(found: FoundQuery, finding: Finding, words: string | undefined, expressions: Expressions): Promise<readonly Reason[]> {
  const structural = structuralReasons(found, finding);
  const reasons = [...structural, ...(await expressionReasons(found, finding, expressions, structural, words))];
  return reasons.length > 0 ? reasons : otherWrapper(found, finding);
}

/** What other wrappers than postgres_fdw can send is their own affair, and EXPLAIN shows it in no common form. */
function otherWrapper(found: FoundQuery, { at }: Finding): readonly Reason[] {
  const { context } = found.plan;
  const wrappers = [...new Set(at.foreign.filter(({ node }) => node.remoteSql === undefined).flatMap((scan) => context.scan(scan).server?.wrapper ?? []))];
  return wrappers.map((wrapper) => ({ id: 'other-wrapper', subject: wrapper, message: `${wrapper} leaves it here; what another wrapper than postgres_fdw can send is its own affair` }));
}

/**
 * An aggregate over one row at most, by estimate: whatever a row costs, it costs the same there, and the planner takes the
 * way that it looked at first. No setting forces such an aggregate; that nothing is against it must do.
 */
function isOverNothing({ inputs }: Flow): boolean {
  return inputs.every((input) => input.node.rows <= 1);
}

function isWrite(finding: Finding): boolean {
  return finding.kind === 'update' || finding.kind === 'delete';
}

/** How a write that is left here by cost goes about it. */
function writeShape(found: FoundQuery, finding: Finding): readonly Reason[] {
  return rowByRowReasons(found, finding).filter(({ id }) => id === 'row-by-row-write' || id === 'locks-unfiltered');
}

/** The forced plan that shows that a clause may be sent. */
function sentIn(found: FoundQuery, finding: Finding): FoundPlan | undefined {
  const plans = [found.forced?.plain, found.forced?.dear].filter((plan) => plan !== undefined);
  const shown = plans.find((plan) => isSentWhenForced(found.plan, finding, plan));
  if (shown !== undefined || finding.kind !== 'limit') return shown;
  // No setting forces a limit. With all below it sent, nothing against it, and fewer rows expected than it lets through,
  // it is left here for want of a gain (estimate_path_cost_size reckons with one only below that).
  return plans.find((plan) => {
    const there = plan.findings.filter((each) => each.kind === 'limit' && each.runs === 'local');
    return there.length > 0 && there.every(({ at }) => isIdle(at)) && there.every((each) => operationClauseReasons({ ...found, plan }, each).length === 0);
  });
}

/** A Limit that cuts nothing off, by the planner's estimate. */
function isIdle({ node, inputs }: Flow): boolean {
  return inputs.every((input) => input.node.rows <= node.rows);
}

function structuralReasons(found: FoundQuery, finding: Finding): readonly Reason[] {
  switch (finding.kind) {
    case 'join':
      if (isScanFilter(finding)) return [{ id: 'remote-cross-product', subject: finding.text, message: 'the join is sent without this condition: the remote pairs every row with every row' }];
      return [...(partitionwiseReason(found, finding) ?? []), ...joinReasons(found, finding, found.versionNum)];
    case 'update':
    case 'delete':
      return rowByRowReasons(found, finding);
    case 'filter':
      return isScanFilter(finding) ? [] : upperFilterReasons(found, finding);
    default:
      return operationClauseReasons(found, finding);
  }
}

/** What is worth knowing of a clause although it is sent. */
function remoteNotes(found: FoundQuery, finding: Finding): readonly Reason[] {
  if (finding.kind === 'insert') return insertReasons(found, finding);
  if (finding.kind === 'lock') return lockNotes(found, finding);
  if (finding.kind === 'join' && found.plan.context.scan(finding.at).remote?.crossProduct === true) {
    return [{ id: 'remote-cross-product', subject: finding.text, message: 'it is sent without its condition: the remote pairs every row with every row' }];
  }
  if (finding.kind === 'filter' && finding.text.includes('$') && isAskedPerRow(found.plan.context, finding.at)) {
    const name = scanName(found.plan.context, finding.at);
    return [{ id: 'parameterised-loop', subject: name, message: `${name} is asked once for each row of the outer query, a round trip each` }];
  }
  return [];
}

function unique(reasons: readonly Reason[]): readonly Reason[] {
  return [...new Map(reasons.map((reason) => [`${reason.id}\0${reason.subject}`, reason])).values()];
}
