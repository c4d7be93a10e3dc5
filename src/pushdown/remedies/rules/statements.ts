import type { Node, SelectStmt } from '../../parser.ts';
import { nameOf } from '../../oracle/expression.ts';
import type { StatementRule, Surroundings } from '../rule.ts';
import { allOf, columnRef, conditionsOf, equality, fromNames, ownColumn, plainSelect, qualify, selectOf } from '../select.ts';
import { soleName, targetName } from '../group-keys.ts';
import { everyNode, isNode, someKey } from '../tree.ts';
import { correlation } from './key-array.ts';

/** `SELECT DISTINCT a, b` as `SELECT a, b … GROUP BY 1, 2`: the same rows. */
export const distinctAsGroup: StatementRule = {
  kind: 'statement',
  cures: ['distinct'],
  title: 'group instead of DISTINCT',
  rewrite: (root, on) => {
    const select = plainSelect(root);
    const targets = select?.targetList ?? [];
    const [key, ...keys] = select?.distinctClause ?? [];
    if (select === undefined || key === undefined || keys.length > 0 || Object.keys(key).length > 0) return undefined;
    if (select.groupClause !== undefined || select.havingClause !== undefined || !targets.every((target) => isGroupable(target, on))) return undefined;
    delete select.distinctClause;
    select.groupClause = targets.map((_, index): Node => ({ A_Const: { ival: { ival: index + 1 } } }));
    return {};
  },
};

/** No star, aggregate, window or set of rows; calls must be stable, as they would be made for other rows. */
export function isGroupable(target: Node, on: Surroundings): boolean {
  if (!('ResTarget' in target) || target.ResTarget.val === undefined) return false;
  return !someKey(target, (key) => key === 'A_Star' || key === 'over') && on.isPlain(target) && on.isStable(target);
}

/** The number of a LIMIT or OFFSET written out, where a parameter or a sub-select stands. */
export const literalLimit: StatementRule = {
  kind: 'statement',
  cures: ['limit-parameter'],
  title: 'write the number out',
  rewrite: (root) => {
    const select = plainSelect(root);
    if (select?.limitCount === undefined || (!('ParamRef' in select.limitCount) && !('SubLink' in select.limitCount))) return undefined;
    select.limitCount = { A_Const: { ival: { ival: 100 } } };
    return { changes: '100 stands for the number of rows that you want' };
  },
};

/** An ORDER BY dropped whose keys a condition makes constant. */
export const withoutRedundantSort: StatementRule = {
  kind: 'statement',
  cures: ['redundant-sort'],
  title: 'leave ORDER BY out, as its key is constant',
  rewrite: (root) => {
    const select = plainSelect(root);
    if (select?.sortClause === undefined) return undefined;
    delete select.sortClause;
    return {};
  },
};

/** CTEs taken into the statement. */
export const inlineCte: StatementRule = {
  kind: 'statement',
  cures: ['cte-materialized'],
  title: 'let the CTE be taken in',
  rewrite: (root, on) => {
    const clause = 'SelectStmt' in root ? root.SelectStmt.withClause : undefined;
    let changed = false;
    let open = false;
    for (const cte of clause?.recursive === true ? [] : (clause?.ctes ?? [])) {
      if (!('CommonTableExpr' in cte) || cte.CommonTableExpr.ctequery === undefined) continue;
      if (!('SelectStmt' in cte.CommonTableExpr.ctequery) || !on.isStable(cte) || cte.CommonTableExpr.ctematerialized === 'CTEMaterializeNever') continue;
      cte.CommonTableExpr.ctematerialized = 'CTEMaterializeNever';
      changed = true;
      open ||= isOpen(cte.CommonTableExpr.ctequery.SelectStmt) && timesNamed(root, cte.CommonTableExpr.ctename ?? '') > 1;
    }
    return changed ? { changes: open ? 'the CTE is computed anew wherever it is named: where ORDER BY leaves open which rows it takes, they may be others each time' : undefined } : undefined;
  },
};

/** Whether it may take other rows when it is computed again. */
function isOpen({ limitCount, limitOffset, distinctClause }: SelectStmt): boolean {
  return limitCount !== undefined || limitOffset !== undefined || (distinctClause ?? []).some((key) => Object.keys(key).length > 0);
}

function timesNamed(root: Node, name: string): number {
  return [...everyNode(root)].filter((node) => 'RangeVar' in node && node.RangeVar.schemaname === undefined && node.RangeVar.relname === name).length;
}

/** `SET (a, b) = (SELECT x, y …)` as `SET a = (SELECT x …), b = (SELECT y …)`. */
export const singleAssignments: StatementRule = {
  kind: 'statement',
  cures: ['multi-assignment'],
  title: 'assign each column by itself',
  rewrite: (root, on) => {
    if (!('UpdateStmt' in root)) return undefined;
    let changed = false;
    let limited = false;
    for (const target of root.UpdateStmt.targetList ?? []) {
      const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
      if (!('ResTarget' in target) || value === undefined || !('MultiAssignRef' in value)) continue;
      const { source, colno } = value.MultiAssignRef;
      const single = source === undefined ? undefined : member(source, (colno ?? 1) - 1);
      if (single === undefined || !on.isStable(single)) return undefined;
      target.ResTarget.val = single;
      changed = true;
      limited ||= 'SubLink' in single && someKey(single.SubLink.subselect, (key) => key === 'limitCount');
    }
    return changed ? { changes: limited ? 'each sub-select takes a row of its own: where ORDER BY leaves open which one LIMIT takes, values of different rows may come together' : undefined } : undefined;
  },
};

/** One of several values: of a row, or of a sub-select's list. */
function member(source: Node, index: number): Node | undefined {
  if ('RowExpr' in source) return source.RowExpr.args?.[index];
  if (!('SubLink' in source)) return undefined;
  const copy: unknown = structuredClone(source);
  if (!isNode(copy) || !('SubLink' in copy) || copy.SubLink.subselect === undefined || !('SelectStmt' in copy.SubLink.subselect)) return undefined;
  const select = copy.SubLink.subselect.SelectStmt;
  const target = select.targetList?.[index];
  // A position, or the name of another result column, would stand for something else, or nothing.
  const names = new Set((select.targetList ?? []).flatMap((each) => targetName(each) ?? []));
  const isOfList = (key: Node): boolean => 'A_Const' in key || names.has(soleName(key) ?? '');
  const keys = [...(select.groupClause ?? []), ...(select.sortClause ?? []).flatMap((key) => ('SortBy' in key ? (key.SortBy.node ?? []) : []))];
  if (target === undefined || select.distinctClause !== undefined || keys.some(isOfList)) return undefined;
  select.targetList = [target];
  return copy;
}

/**
 * A join to a table that is here, with the keys sent beside it: the join stays, but only the rows that can match are
 * fetched. The condition follows from the join, so the result is the same.
 */
export const sendJoinKeys: StatementRule = {
  kind: 'statement',
  cures: ['join-to-local', 'cross-server-join'],
  title: 'send the keys of the other side as an array beside the join',
  rewrite: (root, on) => {
    const select = plainSelect(root);
    if (select === undefined || !on.isStable(root)) return undefined;
    const items = (select.fromClause ?? []).flatMap((item) => innerItems(item) ?? [{ RangeVar: {} }]);
    const relations = items.flatMap((item) => ('RangeVar' in item ? [item] : []));
    const [a, b] = relations;
    if (a === undefined || b === undefined || relations.length !== 2) return undefined;
    const isLocal = (item: typeof a): boolean => on.isForeign(item.RangeVar.schemaname, item.RangeVar.relname ?? '') === false;
    const [local, foreign] = isLocal(a) && !isLocal(b) ? [a, b] : isLocal(b) && !isLocal(a) ? [b, a] : [undefined, undefined];
    if (local === undefined || foreign === undefined || on.isForeign(foreign.RangeVar.schemaname, foreign.RangeVar.relname ?? '') !== true) return undefined;
    const names = new Set([local.RangeVar.alias?.aliasname ?? local.RangeVar.relname ?? '']);
    const conditions = [...conditionsOf(select.whereClause), ...(select.fromClause ?? []).flatMap((item) => ('JoinExpr' in item ? conditionsOf(item.JoinExpr.quals) : []))];
    const tie = conditions.map((condition) => keysOf(condition, names)).find((found) => found !== undefined);
    if (tie === undefined) return undefined;
    const own = conditions.filter((condition) => someKey(condition, (key) => key === 'ColumnRef') && ownColumn(condition, names) === 'own');
    const where = allOf(own);
    const keys = selectOf({ targetList: [{ ResTarget: { val: tie.inner } }], fromClause: [local], whereClause: where });
    const array: Node = { SubLink: { subLinkType: 'ARRAY_SUBLINK', subselect: { SelectStmt: keys } } };
    const sent: Node = { A_Expr: { kind: 'AEXPR_OP_ANY', name: [{ String: { sval: '=' } }], lexpr: tie.outer, rexpr: array } };
    const whole = allOf([...conditionsOf(select.whereClause), sent]);
    if (whole !== undefined) select.whereClause = whole;
    return {};
  },
};

/** The relations of an inner join, as far as it has only such. */
function innerItems(item: Node): readonly Node[] | undefined {
  if (!('JoinExpr' in item)) return [item];
  const { jointype, larg, rarg, isNatural, usingClause } = item.JoinExpr;
  if (jointype !== 'JOIN_INNER' || isNatural === true || usingClause !== undefined || larg === undefined || rarg === undefined) return undefined;
  return [larg, rarg];
}

function keysOf(condition: Node, names: ReadonlySet<string>): { readonly inner: Node; readonly outer: Node } | undefined {
  if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP' || nameOf(condition.A_Expr.name).name !== '=') return undefined;
  const { lexpr, rexpr } = condition.A_Expr;
  if (lexpr === undefined || rexpr === undefined || !('ColumnRef' in lexpr) || !('ColumnRef' in rexpr)) return undefined;
  const [left, right] = [ownColumn(lexpr, names), ownColumn(rexpr, names)];
  if (left === 'own' && right === 'other') return { inner: lexpr, outer: rexpr };
  return left === 'other' && right === 'own' ? { inner: rexpr, outer: lexpr } : undefined;
}

/** NOT EXISTS as LEFT JOIN … IS NULL, by a column that is never NULL and is not joined on: else the planner makes it an anti join again. */
export const notExistsAsJoin: StatementRule = {
  kind: 'statement',
  beside: true,
  cures: ['join-type'],
  title: 'write NOT EXISTS as LEFT JOIN … IS NULL',
  rewrite: (root, on) => joinInstead(root, on, (select, found, inner, alias) => {
    const joined = columnsOfTie(found.inner);
    const witness = on.sureColumn(alias, joined);
    if (witness === undefined) return undefined;
    join(select, 'JOIN_LEFT', inner, allOf([equality(found.outer, found.inner), ...found.rest]));
    return { condition: { NullTest: { arg: columnRef(alias, witness), nulltesttype: 'IS_NULL' } } };
  }, true),
};

/** EXISTS, before 17, as a join whose rows are grouped together again. */
export const existsAsGroup: StatementRule = {
  kind: 'statement',
  beside: true,
  cures: ['join-type'],
  title: 'write EXISTS as a join with GROUP BY',
  rewrite: (root, on) => joinInstead(root, on, (select, found, inner) => {
    if (select.groupClause !== undefined || select.distinctClause !== undefined || !(select.targetList ?? []).every((target) => isGroupable(target, on))) return undefined;
    join(select, 'JOIN_INNER', inner, allOf([equality(found.outer, found.inner), ...found.rest]));
    select.groupClause = (select.targetList ?? []).map((_, index): Node => ({ A_Const: { ival: { ival: index + 1 } } }));
    return { changes: 'rows that agree in every selected column come once: have a key among them' };
  }, false),
};

type Found = NonNullable<ReturnType<typeof correlation>>;
type Joined = { readonly condition?: Node; readonly changes?: string } | undefined;

/** Takes one [NOT] EXISTS out of the WHERE of a plain SELECT over one relation. */
function joinInstead(root: Node, on: Surroundings, build: (select: SelectStmt, found: Found, inner: Node, alias: string) => Joined, negated: boolean): { readonly changes?: string | undefined } | undefined {
  const select = plainSelect(root);
  const outer = select === undefined ? undefined : fromNames(select);
  if (select === undefined || outer?.size !== 1 || !on.isStable(root)) return undefined;
  const [name = ''] = outer;
  for (const part of [...(select.targetList ?? []), ...conditionsOf(select.whereClause)]) qualify(part, name);
  const conditions = conditionsOf(select.whereClause);
  for (const condition of conditions) {
    const inside = !negated ? condition : 'BoolExpr' in condition && condition.BoolExpr.boolop === 'NOT_EXPR' ? condition.BoolExpr.args?.[0] : undefined;
    const found = inside === undefined ? undefined : correlation(inside, on);
    const [inner, ...more] = found?.select.fromClause ?? [];
    if (found === undefined || inner === undefined || more.length > 0 || !('RangeVar' in inner)) continue;
    const alias = inner.RangeVar.alias?.aliasname ?? inner.RangeVar.relname ?? '';
    if (outer.has(alias) || on.isForeign(inner.RangeVar.schemaname, inner.RangeVar.relname ?? '') !== true) continue;
    const rest = conditions.filter((each) => each !== condition);
    // A name without its relation could mean either side once both are joined.
    if (!rest.every((each) => ownColumn(each, outer) === 'own') || !(select.targetList ?? []).every((target) => ownColumn(target, outer) === 'own')) continue;
    const joined = build(select, found, inner, alias);
    if (joined === undefined) continue;
    const where = allOf([...rest, ...(joined.condition === undefined ? [] : [joined.condition])]);
    if (where === undefined) delete select.whereClause;
    else select.whereClause = where;
    return { changes: joined.changes };
  }
  return undefined;
}

function join(select: SelectStmt, jointype: 'JOIN_LEFT' | 'JOIN_INNER', inner: Node, quals: Node | undefined): void {
  const [outer] = select.fromClause ?? [];
  if (outer === undefined || quals === undefined) throw new TypeError('a join of two relations');
  select.fromClause = [{ JoinExpr: { jointype, larg: outer, rarg: inner, quals } }];
}

function columnsOfTie(node: Node): readonly string[] {
  return 'ColumnRef' in node ? [nameOf(node.ColumnRef.fields).name] : [];
}
