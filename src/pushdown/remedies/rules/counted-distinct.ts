import type { Node, SelectStmt } from '../../parser.ts';
import type { StatementRule, Surroundings } from '../rule.ts';
import { plainSelect } from '../select.ts';
import { keysOfGroups } from '../group-keys.ts';

/** `SELECT count(*) FROM (SELECT DISTINCT a FROM t) x` as `SELECT count(DISTINCT a) FROM t`; GROUP BY alike. */
export const countDistinct: StatementRule = {
  kind: 'statement',
  cures: ['subquery-below', 'distinct', 'local-operation-below'],
  title: 'count what is distinct, without a sub-select',
  rewrite: (root, on) => {
    const select = plainSelect(root);
    const [target, ...moreTargets] = select?.targetList ?? [];
    const [item, ...moreItems] = select?.fromClause ?? [];
    if (select === undefined || item === undefined || target === undefined || moreTargets.length + moreItems.length > 0 || !('RangeSubselect' in item) || !('ResTarget' in target)) return undefined;
    const { val } = target.ResTarget;
    const { subquery } = item.RangeSubselect;
    const inner = subquery === undefined ? undefined : plainSelect(subquery);
    if (val === undefined || !('FuncCall' in val) || val.FuncCall.agg_star !== true || val.FuncCall.agg_filter !== undefined || val.FuncCall.over !== undefined || inner?.fromClause === undefined) return undefined;
    const outside = select.whereClause ?? select.groupClause ?? select.havingClause ?? select.distinctClause ?? select.withClause ?? select.lockingClause;
    const inside = inner.havingClause ?? inner.limitCount ?? inner.limitOffset ?? inner.withClause ?? inner.windowClause ?? inner.lockingClause ?? inner.valuesLists;
    const key = soleKey(inner, on);
    // A set of rows in the select list would be counted row by row.
    if (outside !== undefined || inside !== undefined || key === undefined || on.givesSets({ List: { items: inner.targetList ?? [] } }) || !on.isPlain(key) || !on.isStable(key)) return undefined;
    target.ResTarget.name ??= 'count';
    target.ResTarget.val = { FuncCall: { funcname: [{ String: { sval: 'count' } }], args: [key], agg_distinct: true, funcformat: 'COERCE_EXPLICIT_CALL' } };
    select.fromClause = inner.fromClause;
    if (inner.whereClause !== undefined) select.whereClause = inner.whereClause;
    return { changes: on.isNotNull(key) ? undefined : 'NULL, which is one of the values in the sub-select, is not counted' };
  },
};

/** What the rows of a SELECT are distinct by, where that is one expression. */
function soleKey(inner: SelectStmt, on: Surroundings): Node | undefined {
  if (inner.distinctClause !== undefined) {
    const [first, ...more] = inner.distinctClause;
    const [target, ...others] = inner.targetList ?? [];
    if (more.length > 0 || first === undefined || Object.keys(first).length > 0 || others.length > 0 || inner.groupClause !== undefined) return undefined;
    return target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
  }
  const [key, ...more] = keysOfGroups(inner, on);
  return more.length > 0 ? undefined : key;
}
