import { relationKeys, relationsNamed } from './clauses/context.ts';
import type { PlanContext } from './clauses/context.ts';
import type { Finding } from './clauses/finding.ts';
import type { PlannerSettings } from './explain/explain.ts';
import { conjuncts } from './plan/conjuncts.ts';
import { consumers, everyFlow } from './plan/flow.ts';
import type { Flow } from './plan/flow.ts';
import type { ClauseCosts } from './types.ts';

/** A plan with its clauses. */
export interface FoundPlan {
  readonly context: PlanContext;
  readonly findings: readonly Finding[];
}

/**
 * Makes every local way so dear that the planner sends what it may: what then still runs here is blocked by a
 * rule. There is no such lever for LIMIT and DISTINCT.
 */
export const forcing: PlannerSettings = {
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_nestloop: 'off',
  enable_sort: 'off',
  enable_incremental_sort: 'off',
  enable_hashagg: 'off',
};

/**
 * For an aggregate over so few rows that its cost drowns in that of starting a scan (the planner takes costs within one
 * per cent for equal), and for a join beside one that is blocked and so large that up to 17 it outweighs what is forbidden.
 * Not part of `forcing`, because it would outweigh that too.
 */
export const dearRows: PlannerSettings = { ...forcing, cpu_tuple_cost: '100' };

/** Shards: off by default (postgresql.org/docs/18/runtime-config-query.html). */
export const partitionwise: PlannerSettings = { enable_partitionwise_join: 'on', enable_partitionwise_aggregate: 'on' };

/** Kinds whose place the planner may choose by cost; a filter on a scan goes whenever it may go. */
const chosenByCost = new Set<Finding['kind']>(['join', 'aggregate', 'sort', 'limit', 'lock', 'update', 'delete', 'filter']);

/** Whether forcing could change anything about these clauses. */
export function worthForcing(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.runs === 'local' && chosenByCost.has(finding.kind) && !isScanFilter(finding));
}

/** A condition left on a Foreign Scan, of a join that is sent without it too: by rule, never by cost. */
export function isScanFilter(finding: Finding): boolean {
  return finding.at.node.type === 'Foreign Scan' && (finding.kind === 'filter' || (finding.kind === 'join' && finding.runs === 'local'));
}

/** Whether a local clause of the plan is sent in the forced one. */
export function isSentWhenForced(plan: FoundPlan, finding: Finding, forced: FoundPlan): boolean {
  if (!chosenByCost.has(finding.kind) || isScanFilter(finding)) return false;
  if (finding.kind === 'join') return isJoinSent(plan, finding, forced);
  const left = forced.findings.filter((each) => each.kind === finding.kind && each.runs === 'local');
  if (finding.kind === 'aggregate' && isOverGroups(plan, finding)) return false;
  if (finding.kind === 'aggregate' && left.length > 0) return isCovered(plan, finding.at, forced, (scan) => forced.context.scan(scan).aggregate);
  if (left.length === 0) return true;
  const before = plan.findings.filter((each) => each.kind === finding.kind && each.runs === 'local');
  return left.length < before.length && !left.some((each) => each.text === finding.text);
}

/** Whether it groups what is grouped already, there or here: one Remote SQL has one grouping. */
function isOverGroups({ context, findings }: FoundPlan, { at }: Finding): boolean {
  if (at.foreign.some((scan) => context.scan(scan).aggregate)) return true;
  return groupsBelow(findings, at).length > 0;
}

/** The aggregations that run here below a node. */
export function groupsBelow(findings: readonly Finding[], at: Flow): readonly Flow[] {
  return findings.filter((each) => each.kind === 'aggregate' && each.runs === 'local' && [...consumers(each.at)].includes(at)).map((each) => each.at);
}

/** A join that is sent without any of its conditions is not the one that was asked for. */
function isJoinSent(plan: FoundPlan, finding: Finding, forced: FoundPlan): boolean {
  const { parser } = plan.context;
  // The same expression is printed with other parentheses at another place.
  const plain = (text: string): string => {
    const node = parser.expression(text);
    return node === undefined ? text : parser.text(node);
  };
  const wanted = finding.at.node.joinConditions.flatMap((condition) => conjuncts(condition)).map(plain);
  const sends = (scan: Flow): boolean => {
    const kept = new Set(conjuncts(scan.node.filter ?? '').map(plain));
    return wanted.length === 0 || wanted.some((condition) => !kept.has(condition));
  };
  if (isCovered(plan, finding.at, forced, sends) || isJoinedElsewhere(plan, finding, forced, sends)) return true;
  if (isHere(finding.at)) return false;
  // A direct write does not say which relations it joins.
  const direct = everyFlow(forced.context.root).some(({ node }) => node.type === 'Foreign Scan' && node.operation !== 'Select');
  return direct && !forced.findings.some((each) => each.kind === 'join' && each.runs === 'local');
}

/**
 * With more than two relations their order is the planner's: what it joins here to rows of elsewhere, by a condition over
 * relations of one server, may be sent in another order.
 */
function isJoinedElsewhere(plan: FoundPlan, finding: Finding, forced: FoundPlan, sends: (scan: Flow) => boolean): boolean {
  const aliases = new Set(finding.at.node.joinConditions.flatMap((condition) => [...relationsNamed(plan.context, condition)]));
  const wanted = [...relationKeys(plan.context, finding.at)].filter((key) => aliases.has(key.slice(key.lastIndexOf('\0') + 1)));
  if (aliases.size < 2 || wanted.length < aliases.size) return false;
  return everyFlow(forced.context.root).some((flow) => flow.node.type === 'Foreign Scan' && sends(flow) && wanted.every((key) => relationKeys(forced.context, flow).has(key)));
}

/** Whether one Foreign Scan of the forced plan reads everything that flows into `at`. */
function isCovered(plan: FoundPlan, at: Flow, forced: FoundPlan, fits: (scan: Flow) => boolean): boolean {
  return covering(plan, at, forced, fits) !== undefined;
}

/**
 * Whether something is read here in any plan: what is local, or a CTE that is computed once. No setting takes a CTE in, so the
 * scan that fills it, though it reads all that comes out of it twice, does not stand for a join of it.
 */
function isHere(at: Flow): boolean {
  const readsCte = (flow: Flow): boolean => flow.node.type === 'CTE Scan' || flow.inputs.some(readsCte);
  return at.hasLocal || at.inputs.some(readsCte);
}

/** The Foreign Scan of the forced plan that reads everything that flows into `at`. */
function covering(plan: FoundPlan, at: Flow, forced: FoundPlan, fits: (scan: Flow) => boolean): Flow | undefined {
  if (isHere(at)) return undefined;
  const wanted = relationKeys(plan.context, at);
  if (wanted.size === 0) return undefined;
  for (const flow of everyFlow(forced.context.root)) {
    if (flow.node.type !== 'Foreign Scan' || !fits(flow)) continue;
    const covered = relationKeys(forced.context, flow);
    if ([...wanted].every((key) => covered.has(key))) return flow;
  }
  return undefined;
}

/** Up to 17 a node that the settings forbid costs this much more (disable_cost, src/backend/optimizer/path/costsize.c). */
const disableCost = 1e10;

/**
 * What the planner reckons for a clause that it did not choose to send: of the whole statement, or, where something else
 * of it was forced into an odd way, of the part below the clause and of the scan that takes its place.
 *
 * @param forced the plan by `forcing`; `dearRows` would change the costs themselves
 */
export function costsOf(plan: FoundPlan, finding: Finding, forced: FoundPlan): ClauseCosts | undefined {
  const whole = forced.findings.every((each) => each.runs === 'remote' || !chosenByCost.has(each.kind) || isScanFilter(each));
  const root = forced.context.root.node;
  if (whole && root.totalCost < disableCost) return { here: plan.context.root.node.totalCost, sent: root.totalCost };
  const scan = covering(plan, finding.at, forced, () => true)?.node;
  return scan === undefined || scan.totalCost >= disableCost ? undefined : { here: finding.at.node.totalCost, sent: scan.totalCost };
}
