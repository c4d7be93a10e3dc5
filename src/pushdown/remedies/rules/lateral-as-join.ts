import { nameOf } from '../../oracle/expression.ts';
import type { Node } from '../../parser.ts';
import { replaceWithin, somePart } from '../aggregates.ts';
import { soleName, targetName } from '../group-keys.ts';
import type { StatementRule } from '../rule.ts';
import { plainSelect } from '../select.ts';
import { correlated, grouped, aliasesOf } from './loop-as-join.ts';

/**
 * `LEFT JOIN LATERAL (SELECT count(*) AS n FROM i WHERE i.k = o.k) x ON true` as `LEFT JOIN (SELECT i.k, count(*) … GROUP BY 1)
 * i ON i.k = o.k`: the aggregates are computed once for all keys. An aggregation without groups gives one row always, so an
 * inner join keeps the same rows.
 */
export const lateralAsJoin: StatementRule = {
  kind: 'statement',
  cures: ['lateral', 'parameterised-loop'],
  title: 'group once, and join that',
  rewrite: (root, on) => {
    const select = plainSelect(root);
    const [join, ...more] = select?.fromClause ?? [];
    if (select === undefined || join === undefined || more.length > 0 || !('JoinExpr' in join) || !on.isStable(root)) return undefined;
    const { jointype, larg, rarg, quals } = join.JoinExpr;
    if ((jointype !== 'JOIN_LEFT' && jointype !== 'JOIN_INNER') || (quals !== undefined && !isTrue(quals)) || larg === undefined || rarg === undefined || !('RangeSubselect' in rarg)) return undefined;
    const { lateral, subquery, alias } = rarg.RangeSubselect;
    const name = alias?.aliasname;
    const found = lateral === true && alias?.colnames === undefined ? correlated(subquery, on, true) : undefined;
    const outputs = found?.select.targetList?.map((target) => targetName(target)) ?? [];
    const joined = found === undefined ? undefined : grouped(found, new Set(aliasesOf([larg])), on);
    if (name === undefined || joined === undefined || !('List' in joined.value) || !joined.owners.every((owner) => owner !== undefined)) return undefined;
    const values = new Map((joined.value.List.items ?? []).map((value, index) => [outputs[index], value]));
    const { fromClause: _, ...outside } = select;
    // A name that does not say whose it is might become that of another column; what is in another sub-select is not looked into.
    if (somePart(outside, (node) => 'A_Star' in node || 'SubLink' in node || values.has(soleName(node) ?? ''))) return undefined;
    for (const target of select.targetList ?? []) if ('ResTarget' in target && target.ResTarget.name === undefined) keepName(target, name);
    replaceWithin(outside, (node) => {
      if (!('ColumnRef' in node)) return undefined;
      const { schema, name: column } = nameOf(node.ColumnRef.fields);
      return schema === name ? values.get(column) : undefined;
    });
    join.JoinExpr.jointype = 'JOIN_LEFT';
    join.JoinExpr.rarg = joined.item;
    join.JoinExpr.quals = joined.quals;
    return {};
  },
};

function isTrue(node: Node): boolean {
  return 'A_Const' in node && node.A_Const.boolval?.boolval === true;
}

/** What takes the place of a column has another name. */
function keepName(target: Node, alias: string): void {
  const name = targetName(target);
  const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
  if ('ResTarget' in target && name !== undefined && value !== undefined && 'ColumnRef' in value && nameOf(value.ColumnRef.fields).schema === alias) target.ResTarget.name = name;
}
