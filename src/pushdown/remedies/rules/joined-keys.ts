import type { Node, SelectStmt } from '../../parser.ts';
import { nameOf } from '../../oracle/expression.ts';
import { somePart } from '../aggregates.ts';
import { keysOfGroups, targetName } from '../group-keys.ts';
import type { StatementRule, Surroundings } from '../rule.ts';
import { comparesAlike } from './alike.ts';
import { aliasesOf } from './loop-as-join.ts';
import { allOf, columnRef, conditionsOf, equality, fromNames, plainSelect, selectOf } from '../select.ts';

/** A sub-select that is joined for its keys only, each of which it has once. */
interface JoinedKeys {
  readonly select: SelectStmt;
  readonly subselect: SelectStmt;
  /** What the sub-select selects. */
  readonly key: Node;
  /** What it is joined to. */
  readonly outer: Node;
  /** The other conditions of the join. */
  readonly rest: readonly Node[];
  /** What is left of the FROM list. */
  readonly item: Node;
}

/** `JOIN (SELECT DISTINCT k FROM i) x ON x.k = o.k`, of which nothing else is used, as EXISTS, which is sent from 17 on. */
export const joinedKeysAsExists: StatementRule = {
  kind: 'statement',
  cures: ['join-to-subquery'],
  title: 'ask by EXISTS instead of joining what is grouped',
  rewrite: (root, on) => {
    const found = on.versionNum < 170000 ? undefined : joinedKeys(root, on);
    if (found === undefined || found.subselect.limitCount !== undefined || found.subselect.limitOffset !== undefined) return undefined;
    const { fromClause = [], whereClause } = found.subselect;
    // Within the sub-select, a name that one of its relations has as well would be that one's.
    const owner = 'ColumnRef' in found.outer ? nameOf(found.outer.ColumnRef.fields).schema : undefined;
    if (owner === undefined || aliasesOf(fromClause).includes(owner)) return undefined;
    const where = allOf([...conditionsOf(whereClause), equality(found.key, found.outer)]);
    const exists = selectOf({ targetList: [{ ResTarget: { val: { A_Const: { ival: { ival: 1 } } } } }], fromClause, whereClause: where });
    return replaceJoin(found, { SubLink: { subLinkType: 'EXISTS_SUBLINK', subselect: { SelectStmt: exists } } });
  },
};

/** The same by an array of the keys, which are fetched first. */
export const joinedKeysAsArray: StatementRule = {
  kind: 'statement',
  cures: ['join-to-subquery'],
  title: 'send the keys of the sub-select as an array',
  rewrite: (root, on) => {
    const found = joinedKeys(root, on);
    if (found === undefined) return undefined;
    const rexpr: Node = { SubLink: { subLinkType: 'ARRAY_SUBLINK', subselect: { SelectStmt: found.subselect } } };
    return replaceJoin(found, { A_Expr: { kind: 'AEXPR_OP_ANY', name: [{ String: { sval: '=' } }], lexpr: found.outer, rexpr } });
  },
};

function replaceJoin({ select, rest, item }: JoinedKeys, condition: Node): { readonly changes?: undefined } {
  select.fromClause = [item];
  const where = allOf([...conditionsOf(select.whereClause), ...rest, condition]);
  if (where !== undefined) select.whereClause = where;
  return {};
}

function joinedKeys(root: Node, on: Surroundings): JoinedKeys | undefined {
  const select = plainSelect(root);
  const [join, ...more] = select?.fromClause ?? [];
  if (select === undefined || join === undefined || more.length > 0 || !('JoinExpr' in join) || !on.isStable(root)) return undefined;
  const { jointype, larg, rarg, quals, usingClause, isNatural } = join.JoinExpr;
  if (jointype !== 'JOIN_INNER' || isNatural === true || larg === undefined || rarg === undefined) return undefined;
  for (const [side, item] of [[rarg, larg], [larg, rarg]] as const) {
    if (!('RangeSubselect' in side) || side.RangeSubselect.lateral === true || side.RangeSubselect.subquery === undefined) continue;
    const subselect = plainSelect(side.RangeSubselect.subquery);
    const alias = side.RangeSubselect.alias?.aliasname;
    const [target, ...others] = subselect?.targetList ?? [];
    const name = target === undefined ? undefined : targetName(target);
    if (subselect === undefined || alias === undefined || name === undefined || target === undefined || others.length > 0 || !('ResTarget' in target) || target.ResTarget.val === undefined) continue;
    const key = target.ResTarget.val;
    if (!isOnce(subselect, key, on)) continue;
    const tie = usingClause === undefined ? tieOn(conditionsOf(quals), alias, name) : tieUsing(usingClause, item, name);
    if (tie === undefined || !comparesAlike(on.typeOf(key), on.typeOf(tie.outer))) continue;
    const isOfSide = (node: Node): boolean => 'ColumnRef' in node && nameOf(node.ColumnRef.fields).schema === alias;
    // All of it is used up by the join; a star would have its column.
    const { fromClause: _, ...outside } = select;
    if (somePart([outside, tie.rest], (node) => isOfSide(node) || 'A_Star' in node)) continue;
    return { select, subselect, key, item, outer: tie.outer, rest: tie.rest };
  }
  return undefined;
}

/** Whether a sub-select has each value of its only column once. */
function isOnce(subselect: SelectStmt, key: Node, on: Surroundings): boolean {
  if (subselect.withClause !== undefined || subselect.havingClause !== undefined || subselect.lockingClause !== undefined || !on.isPlain(key)) return false;
  const [first, ...more] = subselect.distinctClause ?? [];
  if (first !== undefined) return more.length === 0 && Object.keys(first).length === 0 && subselect.groupClause === undefined;
  const [group, ...groups] = keysOfGroups(subselect, on);
  return group !== undefined && groups.length === 0 && on.parser.text(group) === on.parser.text(key);
}

interface Tie {
  readonly outer: Node;
  readonly rest: readonly Node[];
}

function tieOn(conditions: readonly Node[], alias: string, name: string): Tie | undefined {
  for (const condition of conditions) {
    if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP' || nameOf(condition.A_Expr.name).name !== '=') continue;
    const { lexpr, rexpr } = condition.A_Expr;
    if (lexpr === undefined || rexpr === undefined) continue;
    const isKey = (node: Node): boolean => 'ColumnRef' in node && nameOf(node.ColumnRef.fields).schema === alias && nameOf(node.ColumnRef.fields).name === name;
    const outer = isKey(lexpr) ? rexpr : isKey(rexpr) ? lexpr : undefined;
    if (outer !== undefined && 'ColumnRef' in outer) return { outer, rest: conditions.filter((each) => each !== condition) };
  }
  return undefined;
}

function tieUsing(columns: readonly Node[], item: Node, name: string): Tie | undefined {
  const [column, ...more] = columns;
  const [owner, ...others] = fromNames({ fromClause: [item] }) ?? [];
  if (column === undefined || more.length > 0 || !('String' in column) || column.String.sval !== name || owner === undefined || others.length > 0) return undefined;
  return { outer: columnRef(owner, name), rest: [] };
}
