import { UnprintableNode } from '../parser.ts';
import type { RewriteRule, Surroundings } from './rule.ts';
import { booleanTest } from './rules/boolean-test.ts';
import { initPlan } from './rules/init-plan.ts';
import { hstoreContains, jsonContains, jsonHasKey, jsonSubscript } from './rules/json-key.ts';
import { existsAsArray, inAsArray } from './rules/key-array.ts';
import { asCase, coalesceComparison, greatestComparison, nullifComparison } from './rules/null-choice.ts';
import { inAsOr, namedTextSearch, numberAsText, withoutCollate } from './rules/plain-key.ts';
import { loopAsJoin } from './rules/loop-as-join.ts';
import { aggregateByPartition, limitByPartition, onlyPartition } from './rules/by-partition.ts';
import { countDistinct } from './rules/counted-distinct.ts';
import { groupingSetsAsUnion } from './rules/grouping-sets.ts';
import { joinedKeysAsArray, joinedKeysAsExists } from './rules/joined-keys.ts';
import { lateralAsJoin } from './rules/lateral-as-join.ts';
import { limitBelowSets, plainLimit } from './rules/limits.ts';
import { computeAboveJoin } from './rules/outer-constant.ts';
import { plainReturning } from './rules/returning.ts';
import { rowComparison } from './rules/row-comparison.ts';
import { distinctAsGroup, existsAsGroup, inlineCte, literalLimit, notExistsAsJoin, sendJoinKeys, singleAssignments, withoutRedundantSort } from './rules/statements.ts';
import { dateBin, timeRange } from './rules/time-range.ts';
import { unionAsOr } from './rules/union.ts';
import { writeByJoin } from './rules/using.ts';
import { dayOfBound, zonedBound } from './rules/zoned-bound.ts';
import { applyExpressionRule, applyStatementRule } from './splice.ts';
import type { Rewritten } from './splice.ts';

/**
 * All rewritings, the better one first where two cure the same: what keeps the meaning before what changes it. In this
 * order they are also combined.
 */
export const rewriteRules: readonly RewriteRule[] = [
  timeRange, initPlan, zonedBound, dayOfBound, namedTextSearch,
  rowComparison, coalesceComparison, nullifComparison, greatestComparison, booleanTest, numberAsText, asCase,
  dateBin, jsonContains, jsonHasKey, jsonSubscript, hstoreContains, withoutCollate, inAsOr,
  inAsArray, existsAsArray, notExistsAsJoin, existsAsGroup, sendJoinKeys, writeByJoin, joinedKeysAsExists, joinedKeysAsArray, loopAsJoin, lateralAsJoin, computeAboveJoin,
  countDistinct, distinctAsGroup, unionAsOr, groupingSetsAsUnion, onlyPartition, aggregateByPartition,
  literalLimit, withoutRedundantSort, plainLimit, limitBelowSets, limitByPartition, inlineCte, singleAssignments, plainReturning,
];

/** A statement after a rule; undefined where the rule does not fit, the statement is nested deeper than the stack goes, or cannot be printed. */
export function applyRule(rule: RewriteRule, on: Surroundings, sql: string): Rewritten | undefined {
  try {
    const rewritten = rule.kind === 'expression' ? applyExpressionRule(rule, on, sql) : applyStatementRule(rule, on, sql);
    return rewritten?.sql === sql ? undefined : rewritten;
  } catch (error) {
    if (error instanceof RangeError || error instanceof UnprintableNode) return undefined;
    throw error;
  }
}
