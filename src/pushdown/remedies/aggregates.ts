import { nameOf } from '../oracle/expression.ts';
import type { Node } from '../parser.ts';
import type { Surroundings } from './rule.ts';
import { isNode } from './tree.ts';

/** The name of the built-in aggregate that a node calls, not as a window function; undefined for anything else. */
export function builtinAggregate(node: Node, on: Surroundings): string | undefined {
  if (!('FuncCall' in node) || node.FuncCall.over !== undefined) return undefined;
  const { schema, name } = nameOf(node.FuncCall.funcname);
  return (schema === undefined || schema === 'pg_catalog') && !on.isPlain(node) ? name : undefined;
}

/** An expression with parts of it replaced. */
export function replaced(node: Node, replace: (node: Node) => Node | undefined): Node {
  const holder = { node: structuredClone(node) };
  replaceWithin(holder, replace);
  return holder.node;
}

/** Replaces expressions in place, not those within sub-selects. */
export function replaceWithin(value: unknown, replace: (node: Node) => Node | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    const other = isNode(each) ? replace(each) : undefined;
    if (other !== undefined) Object.assign(value, { [key]: other });
    else if (key !== 'subselect') replaceWithin(each, replace);
  }
}

/** Whether some part of an expression fits; sub-selects are looked into only if asked for. */
export function somePart(value: unknown, fits: (node: Node) => boolean, deep = false): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isNode(value) && fits(value)) return true;
  return Object.entries(value).some(([key, each]) => (deep || key !== 'subselect') && somePart(each, fits, deep));
}
