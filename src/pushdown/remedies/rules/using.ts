import { nameOf } from '../../oracle/expression.ts';
import type { Node } from '../../parser.ts';
import { somePart } from '../aggregates.ts';
import type { StatementRule, Surroundings } from '../rule.ts';
import { allOf, conditionsOf, equality, ownColumn, qualify } from '../select.ts';
import { correlation } from './key-array.ts';

/**
 * `DELETE FROM o WHERE o.k IN (SELECT k FROM i …)` as `DELETE FROM o USING i WHERE o.k = i.k …`, and an UPDATE with FROM: each
 * row is written once, however many match.
 */
export const writeByJoin: StatementRule = {
  kind: 'statement',
  beside: true,
  cures: ['row-marks', 'join-type'],
  title: 'join by USING or FROM instead of IN or EXISTS',
  rewrite: (root, on) => {
    const statement = 'UpdateStmt' in root ? root.UpdateStmt : 'DeleteStmt' in root ? root.DeleteStmt : undefined;
    const target = statement?.relation;
    if (statement === undefined || target === undefined || !on.isStable(root) || statement.withClause !== undefined) return undefined;
    if (('UpdateStmt' in root && root.UpdateStmt.fromClause !== undefined) || ('DeleteStmt' in root && root.DeleteStmt.usingClause !== undefined)) return undefined;
    const name = target.alias?.aliasname ?? target.relname ?? '';
    const conditions = conditionsOf(statement.whereClause);
    for (const condition of conditions) {
      const found = memberOf(condition, name, on);
      if (found === undefined) continue;
      const rest = conditions.filter((each) => each !== condition);
      const others: readonly unknown[] = [rest, 'UpdateStmt' in root ? root.UpdateStmt.targetList : undefined, statement.returningClause?.exprs];
      // A star would have the other table's columns too; what is in another sub-select is not looked into.
      if (somePart(others, (node) => 'A_Star' in node || 'SubLink' in node)) return undefined;
      qualifyAll(others, name);
      const where = allOf([...rest, ...found.conditions]);
      if (where !== undefined) statement.whereClause = where;
      if ('UpdateStmt' in root) root.UpdateStmt.fromClause = [found.item];
      else if ('DeleteStmt' in root) root.DeleteStmt.usingClause = [found.item];
      return {};
    }
    return undefined;
  },
};

interface Member {
  readonly item: Node;
  readonly conditions: readonly Node[];
}

/** The one table of an IN or EXISTS, with what ties it to the table that is written. */
function memberOf(condition: Node, target: string, on: Surroundings): Member | undefined {
  const exists = correlation(condition, on);
  if (exists !== undefined) {
    const [item, ...more] = exists.select.fromClause ?? [];
    if (item === undefined || more.length > 0 || !fits(item, target, on)) return undefined;
    return { item, conditions: [equality(exists.outer, exists.inner), ...exists.rest] };
  }
  if (!('SubLink' in condition) || condition.SubLink.subLinkType !== 'ANY_SUBLINK' || (condition.SubLink.operName ?? []).length > 0) return undefined;
  const { testexpr, subselect } = condition.SubLink;
  if (testexpr === undefined || !('ColumnRef' in testexpr) || subselect === undefined || !('SelectStmt' in subselect)) return undefined;
  const select = subselect.SelectStmt;
  const plain = select.groupClause ?? select.havingClause ?? select.limitCount ?? select.limitOffset ?? select.withClause ?? select.larg ?? select.distinctClause ?? select.valuesLists;
  const [item, ...more] = select.fromClause ?? [];
  const [value, ...values] = select.targetList ?? [];
  if (plain !== undefined || item === undefined || more.length + values.length > 0 || !fits(item, target, on) || !('RangeVar' in item)) return undefined;
  if (value === undefined || !('ResTarget' in value) || value.ResTarget.val === undefined || !on.isPlain(value)) return undefined;
  const name = item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? '';
  const inside = conditionsOf(select.whereClause);
  // In a sub-select a name without its relation is the sub-select's own, where that has such a column.
  const isOwn = (node: Node): boolean => !somePart(node, (part) => 'SubLink' in part || ('ColumnRef' in part && nameOf(part.ColumnRef.fields).schema === undefined && !on.hasColumn(name, nameOf(part.ColumnRef.fields).name)));
  if (![value, ...inside].every(isOwn)) return undefined;
  const parts: readonly Node[] = [value, ...inside];
  for (const part of parts) qualify(part, name);
  qualifyAll([testexpr], target);
  return parts.every((part) => ownColumn(part, new Set([name])) === 'own') ? { item, conditions: [equality(testexpr, value.ResTarget.val), ...inside] } : undefined;
}

/** A foreign table under a name of its own: only then can the whole be one statement over there. */
function fits(item: Node, target: string, on: Surroundings): boolean {
  if (!('RangeVar' in item)) return false;
  const name = item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? '';
  return name !== target && on.isForeign(item.RangeVar.schemaname, item.RangeVar.relname ?? '') === true;
}

/** Names the relation beside each column that is not said whose it is. */
function qualifyAll(parts: readonly unknown[], owner: string): void {
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('ColumnRef' in value && typeof value.ColumnRef === 'object' && value.ColumnRef !== null && 'fields' in value.ColumnRef && Array.isArray(value.ColumnRef.fields)) {
      if (value.ColumnRef.fields.length === 1) value.ColumnRef.fields.unshift({ String: { sval: owner } });
      return;
    }
    Object.values(value).forEach(visit);
  };
  parts.forEach(visit);
}
