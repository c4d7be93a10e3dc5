import type { PlanContext } from './clauses/context.ts';
import { writeTargets } from './clauses/writes.ts';
import { askedShare } from './plan/asked-share.ts';
import { everyFlow } from './plan/flow.ts';
import type { Flow } from './plan/flow.ts';
import type { PlanNode } from './plan/node.ts';
import type { Scan, Wire } from './types.ts';

/**
 * What crosses the wire: each Foreign Scan, and each write that sends rows.
 *
 * @param fetched rows per Foreign Scan and loop, before its filter
 */
export function scansOf(context: PlanContext, fetched: ReadonlyMap<Flow, number>): readonly Scan[] {
  return everyFlow(context.root).flatMap((flow) => scansAt(context, flow, fetched));
}

/** What of that is one node's. */
export function scansAt(context: PlanContext, flow: Flow, fetched: ReadonlyMap<Flow, number>): readonly Scan[] {
  if (flow.node.type === 'Foreign Scan') return [foreignScan(context, flow, fetched.get(flow) ?? flow.node.rows)];
  return flow.node.type === 'ModifyTable' ? writes(context, flow) : [];
}

function foreignScan(context: PlanContext, flow: Flow, rows: number): Scan {
  const { node } = flow;
  const scan = context.scan(flow);
  const direct = node.operation === 'Update' ? 'update' : node.operation === 'Delete' ? 'delete' : undefined;
  const loops = loopsOf(flow);
  // A join takes the larger of its sides (merge_fdw_options, contrib/postgres_fdw, 14 to 18).
  const rowsPerTrip = Math.max(1, ...scan.facts.map((each) => each.server?.fetchSize ?? 1));
  const share = direct === undefined ? askedShare(flow) : 1;
  // The last fetch of a full batch is followed by one that finds the end; where a Limit has enough there is no such.
  const toTheEnd = Math.floor(rows / rowsPerTrip) + 1;
  const trips = share < 1 ? Math.min(toTheEnd, Math.max(1, Math.ceil((rows * share) / rowsPerTrip))) : toTheEnd;
  const all = Math.round(Math.min(rows, trips * rowsPerTrip) * loops);
  return {
    server: scan.server?.name ?? '?',
    relations: scan.relations.map((each) => (each.schema === '' ? each.name : `${each.schema}.${each.name}`)),
    remoteSql: node.remoteSql ?? '',
    filter: node.filter ?? null,
    estimatedRows: all,
    estimatedBytes: all * node.width,
    loops,
    roundTrips: direct === undefined ? loops * trips : 1,
    rowsPerTrip,
    operation: direct ?? 'select',
  };
}

function writes(context: PlanContext, flow: Flow): readonly Scan[] {
  const operation = writeOperation(flow.node.operation);
  if (operation === undefined) return [];
  return writeTargets(flow).flatMap(({ relation, remoteSql, batchSize }) => {
    if (remoteSql === undefined || relation === undefined) return [];
    const server = context.factsOf(relation)?.server?.name ?? '?';
    const rows = flow.inputs.reduce((sum, input) => sum + input.node.rows, 0);
    const width = Math.max(0, ...flow.inputs.map((input) => input.node.width));
    const rowsPerTrip = batchSize ?? 1;
    return [{ server, relations: [`${relation.schema}.${relation.name}`], remoteSql, filter: null, estimatedRows: rows, estimatedBytes: rows * width, loops: 1, roundTrips: Math.ceil(rows / rowsPerTrip), rowsPerTrip, operation }];
  });
}

function writeOperation(operation: string | undefined): 'insert' | 'update' | 'delete' | undefined {
  if (operation === 'Insert') return 'insert';
  if (operation === 'Update') return 'update';
  return operation === 'Delete' ? 'delete' : undefined;
}

/**
 * How often a scan is started anew. One whose Remote SQL has no parameter is fetched once and read again from memory
 * or by its cursor; one with a parameter is a query of its own for each row that the parameter comes from.
 */
function loopsOf(flow: Flow): number {
  if (!(flow.node.remoteSql ?? '').includes('$')) return 1;
  let loops = 1;
  for (let at: Flow = flow; at.parent !== undefined; at = at.parent) {
    const above = at.parent;
    // The InitPlan of a sub-select that depends on the outer row (max, min) runs as often as that.
    if (at.node.relationship === 'InitPlan') continue;
    if (at.node.relationship === 'SubPlan') loops *= Math.max(1, rowsInto(above));
    else if (above.node.type === 'Nested Loop' && above.inputs[1] === at) loops *= Math.max(1, outerRows(above));
  }
  return loops;
}

/** The rows of a Nested Loop's outer side, up to where a Limit has enough. */
function outerRows({ inputs: [outer] }: Flow): number {
  return outer === undefined ? 1 : Math.ceil(outer.node.rows * askedShare(outer));
}

/** The rows for which a node works out its expressions: those that it takes in, or finds itself. */
function rowsInto({ node, inputs }: Flow): number {
  return inputs.length === 0 ? node.rows : inputs.reduce((sum, input) => sum + input.node.rows, 0);
}

/** Rows that a statement gives back, or writes. */
export function returnedRows(root: PlanNode): number {
  return root.type === 'ModifyTable' ? root.children.reduce((sum, child) => sum + child.rows, 0) : root.rows;
}

/** What all scans fetch. */
export function fetchedBy(scans: readonly Scan[]): Wire {
  const reads = scans.filter((scan) => scan.operation === 'select');
  return { rows: reads.reduce((sum, scan) => sum + scan.estimatedRows, 0), bytes: reads.reduce((sum, scan) => sum + scan.estimatedBytes, 0), roundTrips: scans.reduce((sum, scan) => sum + scan.roundTrips, 0) };
}
