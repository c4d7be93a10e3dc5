import { nameOf } from '../../oracle/expression.ts';
import type { Node, SelectStmt } from '../../parser.ts';
import type { StatementRule, Surroundings } from '../rule.ts';
import { allOf, columnRef, conditionsOf, equality, fromNames, plainSelect, qualify } from '../select.ts';
import { isNode, someKey } from '../tree.ts';
import { comparesAlike } from './alike.ts';
import { builtinAggregate, replaced, replaceWithin } from '../aggregates.ts';
import { targetName } from '../group-keys.ts';

/**
 * A sub-select that is computed for each row, `(SELECT count(*) FROM i WHERE i.k = o.k)`, as one that is computed once for
 * all keys and joined: `LEFT JOIN (SELECT i.k, count(*) … GROUP BY 1) ON …`. Where nothing is found, an aggregate is NULL
 * and a count 0, as before. One that only looks a row up is joined as it is.
 */
export const loopAsJoin: StatementRule = {
  kind: 'statement',
  cures: ['parameterised-loop'],
  title: 'join what is computed for each row',
  rewrite: (root, on) => {
    const select = plainSelect(root);
    if (select?.fromClause === undefined || !on.isStable(root)) return undefined;
    const changes = new Set<string>();
    let changed = false;
    const taken = new Set(aliasesOf(select.fromClause));
    const replace = (node: Node): Node | undefined => {
      const found = 'SubLink' in node && node.SubLink.subLinkType === 'EXPR_SUBLINK' ? correlated(node.SubLink.subselect, on) : undefined;
      const joined = found === undefined ? undefined : (grouped(found, taken, on) ?? lookedUp(found, taken, on));
      if (joined === undefined || !attach(select, joined)) return undefined;
      taken.add(joined.alias);
      changed = true;
      if (joined.changes !== undefined) changes.add(joined.changes);
      return joined.value;
    };
    const [only, ...others] = aliasesOf(select.fromClause);
    for (const target of select.targetList ?? []) keepName(target);
    // A name without its relation could mean either side once both are joined.
    if (only !== undefined && others.length === 0) for (const part of [...(select.targetList ?? []), ...conditionsOf(select.whereClause)]) qualify(part, only);
    replaceWithin(select.targetList, replace);
    replaceWithin(select.whereClause, replace);
    return changed ? { changes: changes.size === 0 ? undefined : [...changes].join('; ') } : undefined;
  },
};

/** A sub-select with one value (or a List of them), tied to the outside by equalities. */
export interface Correlated {
  readonly select: SelectStmt;
  readonly value: Node;
  readonly ties: readonly { readonly inner: Node; readonly outer: Node }[];
  readonly rest: readonly Node[];
  /** By which its relations go. */
  readonly names: ReadonlySet<string>;
}

/** @param several whether it may have several values, which are then a List */
export function correlated(subselect: Node | undefined, on: Surroundings, several = false): Correlated | undefined {
  if (subselect === undefined || !('SelectStmt' in subselect)) return undefined;
  const select = subselect.SelectStmt;
  const names = fromNames(select);
  const [target, ...more] = select.targetList ?? [];
  const plain = select.groupClause ?? select.havingClause ?? select.limitCount ?? select.limitOffset ?? select.withClause ?? select.larg ?? select.distinctClause ?? select.sortClause ?? select.lockingClause ?? select.windowClause;
  const values = (select.targetList ?? []).map((each) => ('ResTarget' in each ? each.ResTarget.val : undefined));
  if (names === undefined || plain !== undefined || (more.length > 0 && !several) || target === undefined || !values.every((each) => each !== undefined)) return undefined;
  const side = (node: Node): Side => sideOf(node, names, on);
  const conditions = conditionsOf(select.whereClause);
  const ties = conditions.flatMap((condition) => tieOf(condition, side, on) ?? []);
  const rest = conditions.filter((condition) => tieOf(condition, side, on) === undefined);
  const [first] = values;
  const value: Node | undefined = several ? { List: { items: values } } : first;
  if (value === undefined) return undefined;
  if (ties.length === 0 || someKey(value, (key) => key === 'SubLink') || ![...rest, value].every((node) => side(node) === 'inner')) return undefined;
  return { select, value, ties, rest, names };
}

type Side = 'inner' | 'outer' | 'both';

/** Whose columns an expression reads; a name without its relation is one of the innermost that has it. */
function sideOf(node: Node, names: ReadonlySet<string>, on: Surroundings): Side {
  const sides = new Set<Side>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isNode(value) && 'SubLink' in value) sides.add('both');
    if (!isNode(value) || !('ColumnRef' in value)) {
      Object.values(value).forEach(visit);
      return;
    }
    const { schema: owner, name } = nameOf(value.ColumnRef.fields);
    const inner = owner === undefined ? [...names].some((each) => on.hasColumn(each, name)) : names.has(owner);
    sides.add(inner ? 'inner' : 'outer');
  };
  visit(node);
  const [only, ...more] = sides;
  return more.length > 0 ? 'both' : (only ?? 'inner');
}

/** Of types that a group of one side may share with another group, it is none. */
function tieOf(condition: Node, side: (node: Node) => Side, on: Surroundings): { readonly inner: Node; readonly outer: Node } | undefined {
  if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP' || nameOf(condition.A_Expr.name).name !== '=') return undefined;
  const { lexpr, rexpr } = condition.A_Expr;
  if (lexpr === undefined || rexpr === undefined || !('ColumnRef' in lexpr) || !('ColumnRef' in rexpr) || !comparesAlike(on.typeOf(lexpr), on.typeOf(rexpr))) return undefined;
  const [left, right] = [side(lexpr), side(rexpr)];
  if (left === 'inner' && right === 'outer') return { inner: lexpr, outer: rexpr };
  return left === 'outer' && right === 'inner' ? { inner: rexpr, outer: lexpr } : undefined;
}

/** What is joined, and what stands in place of the sub-select. */
export interface Joined {
  readonly item: Node;
  readonly alias: string;
  readonly quals: Node;
  readonly value: Node;
  /** The relations of the outer side that the condition names. */
  readonly owners: readonly (string | undefined)[];
  readonly changes?: string;
}

/** Aggregates that are NULL over no rows. */
const nullOverNothing = new Set(['sum', 'avg', 'min', 'max', 'bool_and', 'bool_or', 'every', 'array_agg', 'string_agg', 'json_agg', 'jsonb_agg', 'stddev', 'stddev_pop', 'stddev_samp', 'variance', 'var_pop', 'var_samp', 'bit_and', 'bit_or']);

/** The sub-select with its keys as groups, and each of its aggregates as a column. */
export function grouped({ select, value, ties, rest, names }: Correlated, taken: ReadonlySet<string>, on: Surroundings): Joined | undefined {
  const [first = ''] = names;
  const alias = freeName(first, taken);
  const keys = ties.map(({ inner }, index) => ({ name: freeName(columnName(inner), new Set(ties.slice(0, index).map((tie) => columnName(tie.inner)))), inner }));
  const aggregates: Node[] = [];
  const used = new Set(keys.map(({ name }) => name));
  const outside = replaced(value, (node) => {
    const name = aggregateName(node, on);
    if (name === undefined) return undefined;
    const column = freeName(name, used);
    used.add(column);
    aggregates.push({ ResTarget: { name: column, val: node } });
    const reference = columnRef(alias, column);
    return name === 'count' ? { CoalesceExpr: { args: [reference, { A_Const: { ival: {} } }] } } : reference;
  });
  // What is beside the aggregates must be the same for every row.
  if (aggregates.length === 0 || readsColumns(outside, alias)) return undefined;
  const { whereClause: _, ...kept } = select;
  const where = allOf(rest);
  const targets: Node[] = keys.map(({ name, inner }): Node => ({ ResTarget: { val: inner, ...(name === columnName(inner) ? {} : { name }) } }));
  const subquery: SelectStmt = { ...kept, targetList: [...targets, ...aggregates], groupClause: keys.map((_key, index): Node => ({ A_Const: { ival: { ival: index + 1 } } })), ...(where === undefined ? {} : { whereClause: where }) };
  const quals = allOf(ties.map(({ outer }, index) => equality(columnRef(alias, keys[index]?.name ?? ''), outer)));
  if (quals === undefined) return undefined;
  return { item: { RangeSubselect: { subquery: { SelectStmt: subquery }, alias: { aliasname: alias } } }, alias, quals, value: outside, owners: ties.map(({ outer }) => ownerOf(outer)) };
}

/** A foreign table of which a column is looked up, joined itself. */
function lookedUp({ select, value, ties, rest, names }: Correlated, taken: ReadonlySet<string>, on: Surroundings): Joined | undefined {
  const [item, ...more] = select.fromClause ?? [];
  const [alias = ''] = names;
  if (item === undefined || more.length > 0 || !('RangeVar' in item) || taken.has(alias) || !('ColumnRef' in value)) return undefined;
  if (on.isForeign(item.RangeVar.schemaname, item.RangeVar.relname ?? '') !== true) return undefined;
  const own = (node: Node): Node => replaced(node, (each) => ('ColumnRef' in each && each.ColumnRef.fields?.length === 1 && on.hasColumn(alias, columnName(each)) ? columnRef(alias, columnName(each)) : undefined));
  const quals = allOf([...ties.map(({ inner, outer }) => equality(own(inner), outer)), ...rest.map(own)]);
  if (quals === undefined) return undefined;
  return { item, alias, quals, value: own(value), owners: ties.map(({ outer }) => ownerOf(outer)), changes: `where several rows of ${alias} match, the sub-select is an error, and the join gives them all` };
}

/** Joins it to the item of FROM that has what its condition names. */
function attach(select: SelectStmt, { item, quals, owners }: Joined): boolean {
  const items = select.fromClause ?? [];
  const at = items.findIndex((each) => (items.length === 1 && owners.includes(undefined)) || owners.every((owner) => owner !== undefined && aliasesOf([each]).includes(owner)));
  const larg = items[at];
  if (larg === undefined) return false;
  select.fromClause = items.map((each, index) => (index === at ? { JoinExpr: { jointype: 'JOIN_LEFT', larg, rarg: item, quals } } : each));
  return true;
}

/** What the items of a FROM go by, those within joins too. */
export function aliasesOf(items: readonly Node[]): readonly string[] {
  return items.flatMap((item): readonly string[] => {
    if ('JoinExpr' in item) return aliasesOf([item.JoinExpr.larg, item.JoinExpr.rarg].filter((each) => each !== undefined));
    if ('RangeVar' in item) return [item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? ''];
    const [body]: readonly unknown[] = Object.values(item);
    const alias: unknown = typeof body === 'object' && body !== null && 'alias' in body ? body.alias : undefined;
    return typeof alias === 'object' && alias !== null && 'aliasname' in alias && typeof alias.aliasname === 'string' ? [alias.aliasname] : [];
  });
}

/** The result column of a sub-select is named after what it selects; what takes its place has another name. */
function keepName(target: Node): void {
  if (!('ResTarget' in target) || target.ResTarget.name !== undefined || target.ResTarget.val === undefined || !('SubLink' in target.ResTarget.val)) return;
  const { subselect } = target.ResTarget.val.SubLink;
  const [inner] = subselect !== undefined && 'SelectStmt' in subselect ? (subselect.SelectStmt.targetList ?? []) : [];
  const meant = inner === undefined ? undefined : targetName(inner);
  if (meant !== undefined) target.ResTarget.name = meant;
}

function aggregateName(node: Node, on: Surroundings): string | undefined {
  const name = builtinAggregate(node, on);
  return name === 'count' || (name !== undefined && nullOverNothing.has(name)) ? name : undefined;
}

function readsColumns(node: Node, but: string): boolean {
  let reads = false;
  replaced(node, (each) => {
    if ('ColumnRef' in each && nameOf(each.ColumnRef.fields).schema !== but) reads = true;
    return undefined;
  });
  return reads;
}

function columnName(node: Node): string {
  return 'ColumnRef' in node ? nameOf(node.ColumnRef.fields).name : 'key';
}

function ownerOf(node: Node): string | undefined {
  return 'ColumnRef' in node ? nameOf(node.ColumnRef.fields).schema : undefined;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    if (!taken.has(name)) return name;
  }
}
