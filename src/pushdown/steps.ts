import type { PlanContext } from './clauses/context.ts';
import type { Flow } from './plan/flow.ts';
import { nodeName } from './plan/node-name.ts';
import type { PlanNode } from './plan/node.ts';
import type { PlanStep } from './types.ts';
import { scansAt } from './wire.ts';

/**
 * A plan for people to read, each node with its place in `scansOf`.
 *
 * @param fetched rows per Foreign Scan and loop, before its filter
 */
export function planSteps(context: PlanContext, fetched: ReadonlyMap<Flow, number>): PlanStep {
  let next = 0;
  const step = (flow: Flow): PlanStep => {
    const { node } = flow;
    // In the order of `everyFlow`, as the scans are: a node, its inputs, its subplans.
    const scans = scansAt(context, flow, fetched).map(() => next++);
    const children = [...flow.inputs, ...flow.subplans].map(step);
    return {
      type: nodeName(node),
      name: node.subplanName?.replace(/ \(.*/, ''),
      relations: relationsOf(context, flow),
      runs: node.type === 'Foreign Scan' ? 'remote' : 'local',
      details: detailsOf(node),
      rows: node.rows,
      scans,
      children,
    };
  };
  return step(context.root);
}

function relationsOf(context: PlanContext, flow: Flow): readonly string[] {
  const { type, relation, cteName, functionCall } = flow.node;
  const relations = type === 'Foreign Scan' ? context.scan(flow).relations : relation === undefined ? [] : [relation];
  if (relations.length > 0) return relations.map(({ schema, name, alias }) => `${schema === '' ? name : `${schema}.${name}`}${alias === name ? '' : ` ${alias}`}`);
  return [cteName ?? functionCall].filter((each) => each !== undefined);
}

function detailsOf(node: PlanNode): PlanStep['details'] {
  const keys = (label: string, all: readonly string[]): PlanStep['details'] => (all.length === 0 ? [] : [{ label, text: all.join(', ') }]);
  return [
    // A Foreign Scan's filter is told with the scan.
    ...(node.filter === undefined || node.type === 'Foreign Scan' ? [] : [{ label: 'Filter', text: node.filter }]),
    ...(node.oneTimeFilter === undefined ? [] : [{ label: 'Filter, once', text: node.oneTimeFilter }]),
    ...node.joinConditions.map((text) => ({ label: 'Join condition', text })),
    ...keys('Group by', node.groupKeys),
    ...keys('Sort by', node.sortKeys),
  ];
}
