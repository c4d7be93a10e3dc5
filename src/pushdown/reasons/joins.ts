import type { Finding } from '../clauses/finding.ts';
import { isSemiJoinMeans } from '../clauses/groups.ts';
import { consumers, everyFlow } from '../plan/flow.ts';
import type { Flow } from '../plan/flow.ts';
import type { Reason } from '../types.ts';
import { isParameterised } from './loops.ts';
import { belowOf, cteReasons, filterReasons, operationName, scanName } from './below.ts';
import type { FoundQuery } from './explain-clauses.ts';
import { partitionwiseReason } from './operations.ts';

/**
 * Why a join may not be sent, as far as the plan and the catalogs show it (foreign_join_ok and
 * add_paths_to_joinrel, 14 to 18). Its clause is looked at elsewhere.
 */
export function joinReasons(found: FoundQuery, finding: Finding, versionNum: number): readonly Reason[] {
  const { context } = found.plan;
  const join = finding.at;
  const below = belowOf(context, join);
  const reasons: Reason[] = [];
  for (const name of localSources(join)) {
    reasons.push({ id: 'join-to-local', subject: name, message: `${name} is here, so the rows of the other side come here too` });
  }
  const servers = [...new Map(join.foreign.map((scan) => context.scan(scan).server).map((server) => [server?.oid, server])).values()];
  if (servers.length > 1) {
    const names = servers.map((server) => server?.name ?? '?');
    // A join of two partitioned tables meets pairwise; each pair may be on one server.
    if (below.appends.length === 0 || !(below.appends.length > 1 && isMetPairwise(found))) {
      reasons.push({ id: 'cross-server-join', subject: names.join(', '), message: `its sides are on different servers: ${names.join(' and ')}` });
    }
  }
  reasons.push(...userReasons(found, join));
  reasons.push(...filterReasons(context, below), ...cteReasons(below));
  reasons.push(...typeReasons(found, join, versionNum));
  for (const scan of below.finished) {
    reasons.push({
      id: 'join-to-subquery',
      subject: scanName(context, scan),
      message: `a side over ${scanName(context, scan)} groups or limits its rows first; such a sub-select is not joined there`,
    });
  }
  const [operation] = below.operations.filter((flow) => !found.sendable.has(flow) && (!isSemiJoinMeans(flow) || context.shape.groupedFrom));
  if (operation !== undefined) {
    const what = operationName(found, operation);
    reasons.push({ id: 'local-operation-below', subject: what, message: `${what} on one of its sides runs here` });
  }
  const { shape } = found.opened;
  const finished = below.operations.find(({ node }) => node.type === 'Aggregate' || node.type === 'Group' || node.type === 'Unique' || node.type === 'Limit');
  if (finished !== undefined && (shape.groupedFrom || finished.node.type === 'Limit')) {
    reasons.push({ id: 'join-to-subquery', subject: 'the sub-select', message: 'a sub-select with DISTINCT, GROUP BY or LIMIT of its own is not joined there' });
  }
  reasons.push(...placeholderReasons(found, join), ...oneTimeReasons(join, versionNum));
  if (reasons.length === 0) reasons.push(...appendReasons(found, finding, below.appends));
  if (isLateral(found, join)) {
    reasons.push({ id: 'lateral', subject: join.foreign.map((scan) => scanName(context, scan)).join(', '), message: 'one side is fetched anew for each row of the other (LATERAL)' });
  }
  return reasons;
}

/** Rows of several scans that are put together before they are joined: by a set operation, or as partitions of one table. */
function appendReasons(found: FoundQuery, finding: Finding, appends: readonly Flow[]): readonly Reason[] {
  const union = appends.find((append) => found.plan.findings.some(({ kind, at }) => kind === 'set-operation' && at === append));
  if (union !== undefined) return [{ id: 'local-operation-below', subject: 'the set operation', message: 'the set operation on one of its sides runs here' }];
  if (appends.length === 0 || partitionwiseReason(found, finding) !== undefined) return [];
  return [{ id: 'join-over-append', subject: finding.text, message: 'the partitions on one of its sides are put together here first, and the other side is not partitioned like them' }];
}

/** Whether partitionwise planning leaves no join of whole tables, or it would if the join were of another type. */
function isMetPairwise(found: FoundQuery): boolean {
  const other = found.forced?.partitionwise;
  if (other === undefined) return false;
  const joins = other.findings.filter((each) => each.kind === 'join' && each.runs === 'local');
  return joins.every(({ at }) => new Set(at.foreign.map((scan) => other.context.scan(scan).server?.oid)).size === 1);
}

/** The names of what is not foreign on either side. */
function localSources(join: Flow): readonly string[] {
  const names: string[] = [];
  const visit = (flow: Flow): void => {
    const { node } = flow;
    if (!flow.hasLocal) return;
    if (node.type === 'CTE Scan' || node.type === 'WorkTable Scan') names.push(`the CTE ${node.cteName ?? '?'}`);
    // A Bitmap Heap Scan has inputs too: the index, which is no source of its own.
    else if (node.relation !== undefined) names.push(`${node.relation.schema}.${node.relation.name}`);
    else if (flow.inputs.length > 0) flow.inputs.forEach(visit);
    else names.push(node.functionCall ?? (node.type === 'Values Scan' ? 'VALUES' : node.type));
  };
  join.inputs.forEach(visit);
  return [...new Set(names)];
}

/** Semi joins are sent from 17 on (824dbea3e4), anti joins never. */
function typeReasons(found: FoundQuery, join: Flow, versionNum: number): readonly Reason[] {
  const type = join.node.joinType ?? '';
  if (type.includes('Anti')) {
    return [{ id: 'join-type', subject: 'anti join', message: 'NOT EXISTS (an anti join) is not sent by any version' }];
  }
  const means = !found.opened.shape.groupedFrom;
  const semi = type.includes('Semi') || means && join.inputs.some((input) => everyFlow(input).some((flow) => isMeansOf(flow, join)));
  if (!semi) return [];
  if (versionNum >= 170000) {
    if (![...consumers(join)].some(({ node }) => node.type === 'ModifyTable' && node.operation !== 'Insert')) return [];
    return [{ id: 'row-marks', subject: 'semi join', message: 'in an UPDATE or DELETE the rows of EXISTS or IN are wanted here for rechecks, so this semi join is not sent' }];
  }
  return [{ id: 'join-type', subject: 'semi join', message: 'EXISTS and IN (a semi join) are sent from PostgreSQL 17 on' }];
}

function isMeansOf(flow: Flow, join: Flow): boolean {
  return (flow.node.type === 'Aggregate' || flow.node.type === 'Unique') && flow.parent !== undefined && (flow.parent === join || flow.parent.parent === join) && isSemiJoinMeans(flow);
}

/** A scan below an outer join that computes more than columns: its result must become NULL with the rest of the row. */
function placeholderReasons(found: FoundQuery, join: Flow): readonly Reason[] {
  const type = join.node.joinType;
  if (type !== 'Left' && type !== 'Right' && type !== 'Full') return [];
  const { parser } = found.plan.context;
  const computed = join.foreign.filter((scan) => scan.node.relation !== undefined).flatMap((scan) => scan.node.output).find((text) => {
    const node = parser.expression(text);
    return node !== undefined && !('ColumnRef' in node);
  });
  if (computed === undefined) return [];
  return [{ id: 'placeholder', subject: computed, message: `${computed} is computed below the outer join, and the remote cannot make it NULL for rows without a partner` }];
}

/** A condition on no column, which is checked once above the join; up to 16 it keeps the join here (6f80a8d9c1). */
function oneTimeReasons(join: Flow, versionNum: number): readonly Reason[] {
  if (versionNum >= 170000) return [];
  const condition = [...consumers(join)].find(({ node }) => node.oneTimeFilter !== undefined)?.node.oneTimeFilter;
  return condition === undefined ? [] : [{ id: 'one-time-filter', subject: condition, message: `with the constant condition ${condition} beside it, a join is sent from PostgreSQL 17 on` }];
}

/** Both sides on one server, but reached as different roles: through a view of another owner. */
function userReasons(found: FoundQuery, join: Flow): readonly Reason[] {
  const { context } = found.plan;
  const sides = join.inputs.map((input) => rolesOf(found, input));
  const [left, right] = sides;
  if (left === undefined || right === undefined) return [];
  const [a, b] = left.size === 1 && right.size === 1 ? [...left, ...right] : bothWays(found, join, left);
  const servers = new Set(join.foreign.map((scan) => context.scan(scan).server?.oid));
  if (a === b || servers.size !== 1) return [];
  const named = (role: string | undefined): string => (role === undefined || role === '' ? 'the role that runs the query' : `${role}, who owns the view`);
  return [
    {
      id: 'different-user',
      subject: [a, b].map((role) => (role === undefined || role === '' ? 'the current role' : role)).join(', '),
      message: `its sides are read as different roles (${named(a)}; ${named(b)}), hence over different connections`,
    },
  ];
}

/** One table that the statement reaches twice, each time as another role: whichever side is which, they differ. */
function bothWays(found: FoundQuery, join: Flow, roles: ReadonlySet<string>): readonly string[] {
  const tables = join.foreign.map((scan) => found.plan.context.scan(scan).facts.map((each) => each.oid).join());
  const reached = found.opened.reached.filter((each) => String(each.oid) === tables[0]);
  return tables.length === 2 && tables[0] === tables[1] && reached.length === 2 && roles.size === 2 ? [...roles] : [];
}

/** The roles as which the relations below are read; '' for the one that runs the query. */
function rolesOf(found: FoundQuery, side: Flow): ReadonlySet<string> {
  const roles = new Set<string>();
  for (const scan of side.foreign) {
    for (const relation of found.plan.context.scan(scan).facts) {
      for (const reached of found.opened.reached) if (reached.oid === relation.oid) roles.add(reached.as === found.user ? '' : (reached.as ?? ''));
    }
  }
  return roles;
}

/** A nested loop without a condition whose inner Remote SQL takes a parameter from the outer side. */
function isLateral(found: FoundQuery, join: Flow): boolean {
  const inner = join.inputs[1];
  return found.opened.shape.lateral && inner !== undefined && isParameterised(found.plan.context, join) && inner.foreign.length > 0;
}
