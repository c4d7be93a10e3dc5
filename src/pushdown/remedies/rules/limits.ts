import type { Node } from '../../parser.ts';
import type { StatementRule } from '../rule.ts';
import { somePart } from '../aggregates.ts';
import { soleName, targetName } from '../group-keys.ts';
import { fromNames, plainSelect, selectOf } from '../select.ts';

/** `FETCH FIRST 3 ROWS WITH TIES` as `LIMIT 3`. */
export const plainLimit: StatementRule = {
  kind: 'statement',
  cures: ['with-ties'],
  title: 'take LIMIT without WITH TIES',
  rewrite: (root) => {
    const select = plainSelect(root);
    if (select?.limitOption !== 'LIMIT_OPTION_WITH_TIES') return undefined;
    select.limitOption = 'LIMIT_OPTION_COUNT';
    return { changes: 'rows beyond the limit that tie with the last one are then left out; which of them are, ORDER BY decides no more' };
  },
};

/** `SELECT unnest(a) … LIMIT 3` with the limit on the rows as well, before they are made several. */
export const limitBelowSets: StatementRule = {
  kind: 'statement',
  cures: ['limit-over-srf'],
  title: 'limit the rows in a sub-select, and expand them outside',
  rewrite: (root, on) => {
    const select = plainSelect(root);
    const [item, ...more] = select?.fromClause ?? [];
    if (select?.limitCount === undefined || item === undefined || more.length > 0 || !('RangeVar' in item)) return undefined;
    const { groupClause, havingClause, distinctClause, limitOffset, lockingClause, windowClause, withClause, whereClause, sortClause, limitCount } = select;
    const targets: Node = { List: { items: select.targetList ?? [] } };
    // Windows and aggregates are computed of all rows, and a result column's name comes before a column's in ORDER BY.
    const made = new Set((select.targetList ?? []).flatMap((target) => ('ResTarget' in target && target.ResTarget.val !== undefined && !('ColumnRef' in target.ResTarget.val) ? (targetName(target) ?? []) : [])));
    const isMade = (key: Node): boolean => 'SortBy' in key && key.SortBy.node !== undefined && made.has(soleName(key.SortBy.node) ?? '');
    if (somePart(targets, (node) => 'FuncCall' in node && node.FuncCall.over !== undefined) || on.aggregates(targets) || (sortClause ?? []).some(isMade)) return undefined;
    const plain = groupClause ?? havingClause ?? distinctClause ?? limitOffset ?? lockingClause ?? windowClause ?? withClause;
    // A sort by what is made here, or by its position, cannot go inside.
    if (plain !== undefined || !isConstant(limitCount) || !(sortClause ?? []).every((key) => 'SortBy' in key && key.SortBy.node !== undefined && 'ColumnRef' in key.SortBy.node && on.isPlain(key))) return undefined;
    const [name = ''] = fromNames(select) ?? [];
    const inner = selectOf({
      targetList: [{ ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } }],
      fromClause: [item],
      whereClause,
      sortClause: structuredClone(sortClause),
      limitCount: structuredClone(limitCount),
    });
    delete select.whereClause;
    select.fromClause = [{ RangeSubselect: { subquery: { SelectStmt: inner }, alias: { aliasname: name } } }];
    return { changes: 'rows whose set is empty count too, so that fewer rows than the limit may come' };
  },
};

/** A number that is written out. */
export function isConstant(node: Node | undefined): boolean {
  return node !== undefined && 'A_Const' in node && node.A_Const.ival?.ival !== undefined;
}
