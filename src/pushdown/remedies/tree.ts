import type { Node } from '../parser.ts';

/** A part of a statement's tree, with what is known of its place. */
export interface Site {
  readonly node: Node;
  /** A condition of which only "true" counts, FALSE and NULL being alike: WHERE, ON, HAVING, FILTER, and AND and OR in them. */
  readonly positive: boolean;
  /** Where it stands: in a condition, as a value of an UPDATE's SET, or in a select list, GROUP BY, ORDER BY. */
  readonly where: 'condition' | 'assigned' | 'other';
}

type Place = Omit<Site, 'node'>;

const conditionKeys = new Set(['whereClause', 'quals', 'havingClause', 'agg_filter']);

/**
 * Visits every node of a statement, outer ones first.
 *
 * @param visit true: what is below needs no visit
 */
export function walk(root: Node, visit: (site: Site) => boolean): void {
  step(root, { positive: false, where: 'other' }, visit);
}

function step(value: unknown, place: Place, visit: (site: Site) => boolean): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) step(each, place, visit);
    return;
  }
  if (isNode(value) && visit({ node: value, ...place })) return;
  for (const [key, each] of Object.entries(value)) step(each, placeBelow(value, key, each, place), visit);
}

function placeBelow(value: object, key: string, below: unknown, place: Place): Place {
  if (conditionKeys.has(key)) return { positive: true, where: 'condition' };
  if (key === 'SelectStmt' || key === 'fromClause' || key === 'returningList') return { positive: false, where: 'other' };
  if (key === 'UpdateStmt') return { positive: false, where: 'assigned' };
  // A node `BoolExpr` hands its place on to its arguments; any other expression asks for more than "true".
  if (key === 'BoolExpr') return isObject(below) && below['boolop'] === 'NOT_EXPR' ? { ...place, positive: false } : place;
  return key === 'args' && 'boolop' in value ? place : { ...place, positive: false };
}

/** Every node of a tree, sub-selects included, outer ones first. */
export function* everyNode(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) yield value;
  for (const each of Object.values(value)) yield* everyNode(each);
}

/** Whether any key in a tree fits. */
export function someKey(value: unknown, fits: (key: string) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, each]) => fits(key) || someKey(each, fits));
}

/** The names of the functions that a tree calls, without their schemas. */
export function* functionNames(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === 'funcname' && Array.isArray(each)) {
      const last: unknown = each.at(-1);
      if (isNode(last) && 'String' in last) yield last.String.sval ?? '';
    } else yield* functionNames(each);
  }
}

/** Whether an expression reads no row, and stands for one value. */
export function isRowless(node: Node): boolean {
  return !someKey(node, (key) => key === 'ColumnRef' || key === 'SubLink' || key === 'over' || key === 'agg_star' || key === 'SetToDefault');
}

/** Whether a value is a node: an object with one key, its type. */
export function isNode(value: unknown): value is Node {
  return isObject(value) && !Array.isArray(value) && Object.keys(value).length === 1;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
