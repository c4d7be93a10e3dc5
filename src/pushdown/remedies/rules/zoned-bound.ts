import type { Node } from '../../parser.ts';
import { nameOf } from '../../oracle/expression.ts';
import { literal } from '../../../sql/quote.ts';
import { isUnit, spanFrom } from '../calendar.ts';
import type { ExpressionRule, Surroundings } from '../rule.ts';
import { comparisonOf } from '../rule.ts';
import { isRowless, someKey } from '../tree.ts';
import { stringOf } from './plain-key.ts';

const zoned = 'timestamp with time zone';

/**
 * A time with a zone compared with a date or a time without one, `created_at >= DATE '2026-01-01'`. Such operators are STABLE,
 * as they go by the session's time zone; they make the other side a time with a zone (date2timestamptz and
 * timestamp2timestamptz, src/backend/utils/adt/date.c and timestamp.c), which may as well be done beforehand.
 */
export const zonedBound: ExpressionRule = {
  kind: 'expression',
  cures: ['mutable-function', 'session-function', 'outer-join-clause'],
  title: 'compare with a time that has a zone, computed once',
  rewrite: ({ node, where }, on) => {
    if (where === 'other') return undefined;
    const isZoned = (side: Node): boolean => 'ColumnRef' in side && on.typeOf(side) === zoned;
    const found = comparisonOf(node, isZoned);
    const [column, operator, ...values] = found === undefined ? betweenOf(node) : [found.left, found.operator, found.right];
    // What has a zone already is sent as soon as it is computed once.
    if (column === undefined || !isZoned(column) || values.every((value) => isPlain(value) || on.typeOf(value) === zoned) || !values.every((value) => isPlain(value) || isComputed(value, on))) return undefined;
    const bounds = values.map((value) => (isPlain(value) ? on.parser.text(value) : asZoned(value, on)));
    const changes = values.some((value) => someKey(value, (key) => key === 'ParamRef')) ? 'a day or time beyond the year 294276 is then an error' : undefined;
    return { sql: `${on.parser.text(column)} ${operator} ${bounds.join(' AND ')}`, changes };
  },
};

/**
 * A date compared with a time that has a zone, `d > now() - interval '7 days'`: a day begins after a time as soon as it comes
 * after that time's day.
 */
export const dayOfBound: ExpressionRule = {
  kind: 'expression',
  cures: ['mutable-function', 'session-function', 'outer-join-clause'],
  title: 'compare with the day of the time, computed once',
  rewrite: ({ node, where }, on) => {
    if (where === 'other') return undefined;
    const found = comparisonOf(node, (side) => 'ColumnRef' in side && on.typeOf(side) === 'date');
    if (found === undefined || on.typeOf(found.left) !== 'date' || !('ColumnRef' in found.left) || isPlain(found.right) || on.typeOf(found.right) === 'date' || !isComputed(found.right, on)) return undefined;
    const { operator, left, right } = found;
    // Where the time is the beginning of a day itself, that day counts by its own.
    if (operator !== '>' && operator !== '<=' && !beginsDay(right)) return undefined;
    return {
      sql: `${on.parser.text(left)} ${operator} (SELECT (${on.parser.text(right)})::date)`,
      changes: on.midnightsTwice.size === 0 ? undefined : 'in the time zone of this session midnight comes twice on the day that summer time ends: its first hour then counts to that day',
    };
  },
};

/** A literal or a parameter takes the type of the column, and is sent as it is. */
function isPlain(value: Node): boolean {
  return 'A_Const' in value || 'ParamRef' in value;
}

/** Whether it may be computed once. */
function isComputed(value: Node, on: Surroundings): boolean {
  return !('SubLink' in value) && isRowless(value) && on.isStable(value) && !on.aggregates(value) && !on.givesSets(value);
}

/** A literal of plain digits reads alike with a zone and without one; anything else is left to PostgreSQL. */
function asZoned(value: Node, { parser }: Surroundings): string {
  const text = 'TypeCast' in value && value.TypeCast.arg !== undefined ? stringOf(value.TypeCast.arg) : undefined;
  const type = 'TypeCast' in value ? nameOf(value.TypeCast.typeName?.names).name : '';
  const plain = text !== undefined && (type === 'date' ? spanFrom(text, 'day')?.start === text : type === 'timestamp' && spanFrom(text, 'second') !== undefined);
  return plain ? literal(text) : `(SELECT (${parser.text(value)})::timestamptz)`;
}

function betweenOf(node: Node): readonly [] | readonly [Node, string, Node, Node] {
  if (!('A_Expr' in node) || node.A_Expr.lexpr === undefined) return [];
  const { kind, lexpr, rexpr } = node.A_Expr;
  const operator = kind === 'AEXPR_BETWEEN' ? 'BETWEEN' : kind === 'AEXPR_NOT_BETWEEN' ? 'NOT BETWEEN' : undefined;
  const [from, to] = rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : [];
  return operator === undefined || from === undefined || to === undefined ? [] : [lexpr, operator, from, to];
}

/** `date_trunc('month', now())`. */
function beginsDay(node: Node): boolean {
  if (!('FuncCall' in node)) return false;
  const { schema, name } = nameOf(node.FuncCall.funcname);
  if (name !== 'date_trunc' || (schema !== undefined && schema !== 'pg_catalog')) return false;
  const [unit, , ...more] = node.FuncCall.args ?? [];
  const word = unit === undefined ? undefined : stringOf(unit)?.toLowerCase();
  return more.length === 0 && word !== undefined && isUnit(word) && !['second', 'minute', 'hour'].includes(word);
}
