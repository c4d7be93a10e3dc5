import type { PlanNode } from './node.ts';

/** Nodes that EXPLAIN tells apart by how they work: `HashAggregate`, `GroupAggregate`. */
const strategies: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Aggregate: { Sorted: 'GroupAggregate', Hashed: 'HashAggregate', Mixed: 'MixedAggregate' },
  SetOp: { Hashed: 'HashSetOp' },
};

/**
 * A node as EXPLAIN names it in its text, where its JSON has the parts one by one: `Hash Left Join`, `Partial HashAggregate`,
 * `Async Foreign Scan`, `Foreign Update` (ExplainNode, src/backend/commands/explain.c, 14 to 18).
 */
export function nodeName(node: PlanNode): string {
  const { type, strategy = '', partialMode = 'Simple', operation, joinType = 'Inner', command } = node;
  if (type === 'ModifyTable') return operation ?? type;
  if (type === 'Foreign Scan') return operation === undefined || operation === 'Select' ? `${node.async ? 'Async ' : ''}${type}` : `Foreign ${operation}`;
  const name = `${partialMode === 'Simple' ? '' : `${partialMode} `}${strategies[type]?.[strategy] ?? type}${command === undefined ? '' : ` ${command}`}`;
  // Of a `Nested Loop` the word `Join` is said only where it is another one than an inner join.
  return joinType === 'Inner' ? name : `${name.replace(/ Join$/u, '')} ${joinType} Join`;
}
