import type { Node, Parser } from '../parser.ts';
import { isNode } from './tree.ts';

/** What the remote finds between its enum and a literal without a type, which it then takes for a label. */
const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** Aggregates that take an enum. */
const takers: ReadonlySet<string> = new Set(['count', 'min', 'max']);

/**
 * Whether the remote can run what it is sent of columns that are declared as text here and are enums there. It takes a literal without a type for a label,
 * and parameters of an INSERT or UPDATE by `ctid`, which it gives their types itself; text it has no operator for, nor an assignment
 * (tried on 14 to 18). What the tree does not show plainly is taken for no.
 *
 * @param names of the columns on the remote
 */
export function takesEnumsAsText(parser: Parser, remoteSql: readonly string[], names: ReadonlySet<string>): boolean {
  return remoteSql.every((sql) => {
    const root = parser.parse(sql)?.stmts?.[0]?.stmt;
    return root !== undefined && takes(root, names);
  });
}

/** Of a part of a statement in which such a column may not stand by itself. */
function takes(value: unknown, names: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((each) => takes(each, names));
  if (!isNode(value)) return Object.values(value).every((each) => takes(each, names));
  if (isOne(value, names)) return false;
  if ('A_Expr' in value && isComparison(value, names)) return true;
  return Object.entries(value).every(([type, fields]) => takesIn(type, fields, names));
}

/** Where a column may stand as it is: in a select list, GROUP BY, ORDER BY, IS NULL and a few aggregates. */
function takesIn(type: string, fields: object, names: ReadonlySet<string>): boolean {
  if (type === 'UpdateStmt' && 'targetList' in fields && Array.isArray(fields.targetList)) {
    const { targetList, ...rest } = fields;
    return targetList.every((target: unknown) => assigns(target, names)) && takes(rest, names);
  }
  const plain = type === 'ResTarget' ? 'val' : type === 'SortBy' ? 'node' : type === 'NullTest' ? 'arg' : type === 'SelectStmt' ? 'groupClause' : type === 'FuncCall' && isTaker(fields) ? 'args' : undefined;
  return Object.entries(fields).every(([key, below]) => (key === plain ? withoutPlain(below, names).every((each) => takes(each, names)) : takes(below, names)));
}

function withoutPlain(value: unknown, names: ReadonlySet<string>): readonly unknown[] {
  return (Array.isArray(value) ? value : [value]).filter((each) => !isNode(each) || !isOne(each, names));
}

function isTaker(fields: object): boolean {
  const name: unknown = 'funcname' in fields && Array.isArray(fields.funcname) ? fields.funcname.at(-1) : undefined;
  return isNode(name) && 'String' in name && takers.has(name.String.sval ?? '');
}

/** An assignment of what the remote gives its type itself, or of another such column. */
function assigns(target: unknown, names: ReadonlySet<string>): boolean {
  if (!isNode(target) || !('ResTarget' in target)) return takes(target, names);
  const { name, val } = target.ResTarget;
  if (val === undefined || !names.has(name ?? '')) return takes(val, names);
  return 'ParamRef' in val || 'SetToDefault' in val || isOne(val, names);
}

function isComparison(node: Extract<Node, { A_Expr: unknown }>, names: ReadonlySet<string>): boolean {
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  const [operator, ...schema] = name?.toReversed() ?? [];
  const called = operator !== undefined && 'String' in operator && schema.length === 0 ? (operator.String.sval ?? '') : '';
  if (kind !== 'AEXPR_OP' || !comparisons.has(called) || lexpr === undefined || rexpr === undefined) return false;
  const sides = [lexpr, rexpr];
  return sides.some((side) => isOne(side, names)) && sides.every((side) => isOne(side, names) || 'A_Const' in side);
}

function isOne(node: Node, names: ReadonlySet<string>): boolean {
  if (!('ColumnRef' in node)) return false;
  const last = node.ColumnRef.fields?.at(-1);
  return last !== undefined && 'String' in last && names.has(last.String.sval ?? '');
}
