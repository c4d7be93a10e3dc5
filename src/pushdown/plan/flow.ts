import type { PlanNode } from './node.ts';

/** A plan node with its surroundings: who takes its rows, and which Foreign Scans they come from. */
export interface Flow {
  readonly node: PlanNode;
  readonly parent: Flow | undefined;
  /** Children whose rows flow into this node. */
  readonly inputs: readonly Flow[];
  /** InitPlans, SubPlans and CTEs hung on this node; their rows do not flow into it. */
  readonly subplans: readonly Flow[];
  /** The Foreign Scans whose rows flow through this node, its own included; through CTEs too. */
  readonly foreign: readonly Flow[];
  /** Whether rows of anything else flow through it: a local table, a function, VALUES. */
  readonly hasLocal: boolean;
}

/** The plan as flows. */
export function flowOf(root: PlanNode): Flow {
  return build(root, undefined, new Map());
}

/** All nodes of a plan, parents first, subplans included. */
export function everyFlow(flow: Flow): readonly Flow[] {
  const all: Flow[] = [];
  collect(flow, all);
  return all;
}

function collect(flow: Flow, all: Flow[]): void {
  all.push(flow);
  for (const input of flow.inputs) collect(input, all);
  for (const subplan of flow.subplans) collect(subplan, all);
}

/** The nodes above, nearest first, up to the root or the head of the subplan. */
export function* consumers(flow: Flow): Generator<Flow> {
  let at: Flow | undefined = flow;
  while (at.parent?.inputs.includes(at) === true) {
    at = at.parent;
    yield at;
  }
}

const subplanRelationships = new Set(['InitPlan', 'SubPlan']);

interface Building extends Flow {
  inputs: readonly Flow[];
  subplans: readonly Flow[];
  foreign: readonly Flow[];
  hasLocal: boolean;
}

function build(node: PlanNode, parent: Flow | undefined, ctes: Map<string, Flow>): Flow {
  const flow: Building = { node, parent, inputs: [], subplans: [], foreign: [], hasLocal: false };
  // Subplans first: a CTE must be known before it is scanned. A recursive one scans itself by WorkTable Scan.
  flow.subplans = node.children
    .filter((child) => subplanRelationships.has(child.relationship ?? ''))
    .map((child) => {
      const built = build(child, flow, ctes);
      const name = child.subplanName;
      if (name?.startsWith('CTE ') === true) ctes.set(name.slice(4), built);
      return built;
    });
  flow.inputs = node.children
    .filter((child) => !subplanRelationships.has(child.relationship ?? ''))
    .map((child) => build(child, flow, ctes));
  const cte = node.cteName === undefined ? undefined : ctes.get(node.cteName);
  const sources = cte === undefined ? flow.inputs : [...flow.inputs, cte];
  flow.foreign = [...(node.type === 'Foreign Scan' ? [flow] : []), ...sources.flatMap((input) => input.foreign)];
  flow.hasLocal = sources.some((input) => input.hasLocal) || (sources.length === 0 && node.type !== 'Foreign Scan');
  return flow;
}
