import type { Node, Parser } from '../parser.ts';
import { extentOf } from './extent.ts';

/**
 * The statement with each STABLE computation that needs no row, `now() - interval '1 day'`, put into a sub-select
 * of its own: `(SELECT now() - interval '1 day')`. PostgreSQL computes it once, before the scan, and sends the
 * value. A STABLE function gives the same value throughout a statement, so the meaning stays.
 *
 * @param isStable whether none of the functions of these names is VOLATILE
 * @returns undefined where there is nothing to put aside
 */
export async function withInitPlans(parser: Parser, sql: string, isStable: (names: readonly string[]) => Promise<boolean>): Promise<string | undefined> {
  const root = parser.parse(sql)?.stmts?.[0]?.stmt;
  if (root === undefined) return undefined;
  const extents = [];
  for (const node of candidates(root)) {
    const extent = (await isStable([...functionNames(node)])) ? extentOf(parser, sql, node) : undefined;
    if (extent !== undefined) extents.push(extent);
  }
  if (extents.length === 0) return undefined;
  let result = '';
  let last = 0;
  for (const { start, end } of extents.sort((a, b) => a.start - b.start)) {
    if (start < last) continue;
    result += `${sql.slice(last, start)}(SELECT ${sql.slice(start, end)})`;
    last = end;
  }
  return result + sql.slice(last);
}

/** Where conditions and assigned values stand. */
const places = new Set(['whereClause', 'quals', 'havingClause']);

/** The largest expressions in conditions and assignments that call something and read no row. */
function* candidates(value: unknown, inside = false): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) yield* candidates(each, inside);
    return;
  }
  if (inside && isNode(value) && !('SubLink' in value) && callsSomething(value) && !readsRows(value)) {
    yield value;
    return;
  }
  for (const [key, each] of Object.entries(value)) {
    // What stands in a sub-select is computed there; its own conditions are looked at again.
    const below: boolean = key === 'SelectStmt' ? false : inside || places.has(key);
    if (key === 'UpdateStmt') yield* assigned(each);
    yield* candidates(each, below);
  }
}

/** The values that an UPDATE assigns. */
function* assigned(update: unknown): Generator<Node> {
  const targets: unknown = typeof update === 'object' && update !== null && 'targetList' in update ? update.targetList : undefined;
  for (const target of Array.isArray(targets) ? targets : []) {
    const value: unknown = isNode(target) && 'ResTarget' in target ? target.ResTarget.val : undefined;
    yield* candidates(value, true);
  }
}

function callsSomething(node: Node): boolean {
  return some(node, (key) => key === 'FuncCall' || key === 'SQLValueFunction');
}

function readsRows(node: Node): boolean {
  return some(node, (key) => key === 'ColumnRef' || key === 'SubLink' || key === 'ParamRef' || key === 'over' || key === 'agg_star' || key === 'SetToDefault');
}

function some(value: unknown, fits: (key: string) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, each]) => fits(key) || some(each, fits));
}

/** The names of the functions called. */
function* functionNames(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === 'funcname' && Array.isArray(each)) {
      const last: unknown = each.at(-1);
      if (isNode(last) && 'String' in last) yield last.String.sval ?? '';
    } else yield* functionNames(each);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 1;
}
