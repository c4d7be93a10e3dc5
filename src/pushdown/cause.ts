import { relationKeys } from './clauses/context.ts';
import type { PlanContext } from './clauses/context.ts';
import type { Finding } from './clauses/finding.ts';
import type { PlannerSettings } from './explain/explain.ts';
import { everyFlow } from './plan/flow.ts';
import type { Flow } from './plan/flow.ts';

/** A plan with its clauses. */
export interface FoundPlan {
  readonly context: PlanContext;
  readonly findings: readonly Finding[];
}

/**
 * Makes every local way so dear that the planner sends what it may: what then still runs here is blocked by a
 * rule. There is no such lever for LIMIT and DISTINCT, nor for an aggregate without groups.
 */
export const forcing: PlannerSettings = {
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_nestloop: 'off',
  enable_sort: 'off',
  enable_incremental_sort: 'off',
  enable_hashagg: 'off',
};

/** Shards: off by default (postgresql.org/docs/18/runtime-config-query.html). */
export const partitionwise: PlannerSettings = { enable_partitionwise_join: 'on', enable_partitionwise_aggregate: 'on' };

/** Kinds whose place the planner may choose by cost; a filter on a scan goes whenever it may go. */
const chosenByCost = new Set<Finding['kind']>(['join', 'aggregate', 'sort', 'limit', 'lock', 'update', 'delete', 'filter']);

/** Whether forcing could change anything about these clauses. */
export function worthForcing(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.runs === 'local' && chosenByCost.has(finding.kind) && !isScanFilter(finding));
}

/** A condition left on a Foreign Scan: by rule, never by cost. */
export function isScanFilter(finding: Finding): boolean {
  return finding.kind === 'filter' && finding.at.node.type === 'Foreign Scan';
}

/** Whether a local clause of the plan is sent in the forced one. */
export function isSentWhenForced(plan: FoundPlan, finding: Finding, forced: FoundPlan): boolean {
  if (!chosenByCost.has(finding.kind) || isScanFilter(finding)) return false;
  const left = forced.findings.filter((each) => each.kind === finding.kind && each.runs === 'local');
  if (finding.kind === 'join') return !finding.at.hasLocal && (left.length === 0 ? !crossProducts(forced) : isCovered(plan, finding.at, forced, sendsJoin));
  if (finding.kind === 'aggregate' && left.length > 0) return isCovered(plan, finding.at, forced, (scan) => forced.context.scan(scan).aggregate);
  if (left.length === 0) return true;
  const before = plan.findings.filter((each) => each.kind === finding.kind && each.runs === 'local');
  return left.length < before.length && !left.some((each) => each.text === finding.text);
}

/** A join that was sent without its condition is not what was asked for. */
function crossProducts(forced: FoundPlan): boolean {
  return [...everyFlow(forced.context.root)].some((flow) => flow.node.type === 'Foreign Scan' && !sendsJoin(flow, forced));
}

function sendsJoin(scan: Flow, forced: FoundPlan): boolean {
  const { joins, remote } = forced.context.scan(scan);
  return joins.length === 0 || scan.node.filter === undefined || remote?.crossProduct === false;
}

/** Whether one Foreign Scan of the forced plan reads everything that flows into `at`. */
function isCovered(plan: FoundPlan, at: Flow, forced: FoundPlan, fits: (scan: Flow, forced: FoundPlan) => boolean): boolean {
  if (at.hasLocal) return false;
  const wanted = relationKeys(plan.context, at);
  if (wanted.size === 0) return false;
  for (const flow of everyFlow(forced.context.root)) {
    if (flow.node.type !== 'Foreign Scan' || !fits(flow, forced)) continue;
    const covered = relationKeys(forced.context, flow);
    if ([...wanted].every((key) => covered.has(key))) return true;
  }
  return false;
}
