import type { Node } from '../../parser.ts';
import { nameOf } from '../../oracle/expression.ts';
import { literal } from '../../../sql/quote.ts';
import { isUnit, spanFrom } from '../calendar.ts';
import type { Unit } from '../calendar.ts';
import type { ExpressionRule, Replacement, Surroundings } from '../rule.ts';
import { comparisonOf, operand } from '../rule.ts';
import { stringOf } from './plain-key.ts';

/** A column cut to a unit: `date_trunc('day', ts)`, `ts::date`, `extract(year FROM ts)`. */
interface Cut {
  readonly column: Node;
  readonly unit: Unit;
  readonly by: 'trunc' | 'date' | 'year';
}

/**
 * A comparison of a cut time with a literal as a half-open range of the time itself: the same rows, and an index of the
 * remote on the column serves it. The literals are read in the session's time zone, as the cutting is done in it.
 */
export const timeRange: ExpressionRule = {
  kind: 'expression',
  cures: ['collation', 'mutable-function', 'outer-join-clause'],
  title: 'ask for a range of the time itself',
  rewrite: ({ node }, on) => {
    const between = betweenDates(node, on);
    if (between !== undefined) return between;
    const found = comparisonOf(node, (side) => cutOf(side, on) !== undefined);
    const cut = found === undefined ? undefined : cutOf(found.left, on);
    if (found === undefined || cut === undefined) return undefined;
    const column = operand(on.parser, cut.column);
    const bounds = boundsOf(found.right, cut);
    return bounds === undefined ? undefined : { sql: range(column, found.operator, bounds), changes: firstHour([bounds], cut, on) };
  },
};

interface Bounds {
  readonly start: string;
  readonly end: string;
  /** The days that they are the beginnings of; none: not known before it runs. */
  readonly days: readonly string[];
}

/** A midnight that comes twice is that of standard time, an hour into the day. */
function firstHour(bounds: readonly Bounds[], { column }: Cut, { midnightsTwice, typeOf }: Surroundings): string | undefined {
  if (typeOf(column) !== zoned || midnightsTwice.size === 0) return undefined;
  const met = bounds.some(({ days }) => days.length === 0 || days.some((day) => midnightsTwice.has(day)));
  return met ? 'in the time zone of this session midnight comes twice on the day that summer time ends: its first hour then counts to the day before' : undefined;
}

function range(column: string, operator: string, { start, end }: Bounds): string {
  switch (operator) {
    case '=':
      return `(${column} >= ${start} AND ${column} < ${end})`;
    case '<>':
      return `(${column} < ${start} OR ${column} >= ${end})`;
    case '>=':
      return `${column} >= ${start}`;
    case '>':
      return `${column} >= ${end}`;
    case '<':
      return `${column} < ${start}`;
    default:
      return `${column} < ${end}`;
  }
}

function boundsOf(value: Node, { unit, by }: Cut): Bounds | undefined {
  if (by === 'year') {
    const year = 'A_Const' in value ? value.A_Const.ival?.ival : undefined;
    const span = year === undefined ? undefined : spanFrom(`${year}-01-01`, 'year');
    return span === undefined ? undefined : written(span);
  }
  const text = plainTime(value, unit);
  const span = text === undefined ? undefined : spanFrom(text, unit);
  if (span !== undefined) return written(span);
  const days = by === 'date' ? daysFromToday(value) : undefined;
  if (days === undefined) return undefined;
  // The time zone's midnight, computed once.
  const midnight = (offset: number): string => (offset === 0 ? '(SELECT current_date::timestamptz)' : `(SELECT (current_date ${offset < 0 ? '-' : '+'} ${Math.abs(offset)})::timestamptz)`);
  return { start: midnight(days), end: midnight(days + 1), days: [] };
}

function written({ start, end }: { readonly start: string; readonly end: string }): Bounds {
  return { start: literal(start), end: literal(end), days: [start, end] };
}

/** CURRENT_DATE, and so many days before or after it. */
function daysFromToday(node: Node): number | undefined {
  if ('SQLValueFunction' in node) return node.SQLValueFunction.op === 'SVFOP_CURRENT_DATE' ? 0 : undefined;
  if (!('A_Expr' in node) || node.A_Expr.lexpr === undefined || node.A_Expr.rexpr === undefined) return undefined;
  const base = daysFromToday(node.A_Expr.lexpr);
  const sign = { '+': 1, '-': -1 }[nameOf(node.A_Expr.name).name];
  const days = 'A_Const' in node.A_Expr.rexpr ? node.A_Expr.rexpr.A_Const.ival?.ival : undefined;
  return base === undefined || sign === undefined || days === undefined ? undefined : base + sign * days;
}

/** `created_at::date BETWEEN a AND b`, whose end is the day after b. */
function betweenDates(node: Node, on: Surroundings): Replacement | undefined {
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_BETWEEN' || node.A_Expr.lexpr === undefined) return undefined;
  const cut = cutOf(node.A_Expr.lexpr, on);
  const { rexpr } = node.A_Expr;
  const [from, to] = rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : [];
  if (cut === undefined || from === undefined || to === undefined) return undefined;
  const [first, last] = [boundsOf(from, cut), boundsOf(to, cut)];
  const column = operand(on.parser, cut.column);
  return first === undefined || last === undefined ? undefined : { sql: `(${column} >= ${first.start} AND ${column} < ${last.end})`, changes: firstHour([first, last], cut, on) };
}

/** A literal, whether or not it is cast to a type of time; two hours without a zone may be one with it, where summer time begins. */
function plainTime(node: Node, unit: Unit): string | undefined {
  if (!('TypeCast' in node)) return stringOf(node);
  return ['date', 'timestamp', ...(['second', 'minute', 'hour'].includes(unit) ? [] : ['timestamptz'])].includes(nameOf(node.TypeCast.typeName?.names).name) && node.TypeCast.arg !== undefined ? stringOf(node.TypeCast.arg) : undefined;
}

const zoned = 'timestamp with time zone';
const unzoned = 'timestamp without time zone';

function cutOf(node: Node, on: Surroundings): Cut | undefined {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined && nameOf(node.TypeCast.typeName?.names).name === 'date') {
    return on.typeOf(node.TypeCast.arg) === zoned ? { column: node.TypeCast.arg, unit: 'day', by: 'date' } : undefined;
  }
  if (!('FuncCall' in node)) return undefined;
  const { schema, name } = nameOf(node.FuncCall.funcname);
  if (schema !== undefined && schema !== 'pg_catalog') return undefined;
  const [word, column, ...more] = node.FuncCall.args ?? [];
  const unit = word === undefined ? undefined : stringOf(word)?.toLowerCase();
  if (unit === undefined || column === undefined || more.length > 0 || !isUnit(unit)) return undefined;
  const type = on.typeOf(column);
  if (type !== zoned && type !== unzoned && type !== 'date') return undefined;
  if (name === 'extract' || name === 'date_part') return unit === 'year' ? { column, unit, by: 'year' } : undefined;
  if (name !== 'date_trunc') return undefined;
  // The hour that a clock shows twice when summer ends is no range of literals.
  return unit === 'second' || unit === 'minute' || unit === 'hour' ? (type === unzoned ? { column, unit, by: 'trunc' } : undefined) : { column, unit, by: 'trunc' };
}

/** `date_trunc('day', ts)` of a time without zone as `date_bin` (14 and later), which takes no text: for groups and sorts. */
export const dateBin: ExpressionRule = {
  kind: 'expression',
  cures: ['collation'],
  title: 'cut the time by date_bin',
  rewrite: ({ node }, on) => {
    const cut = on.outside ? cutOf(node, on) : undefined;
    const width = cut === undefined || cut.by !== 'trunc' || on.typeOf(cut.column) !== unzoned ? undefined : binWidths[cut.unit];
    if (cut === undefined || width === undefined) return undefined;
    // A Monday before which no time of use is: up to early 2024, date_bin gave the bin before for one on the dot before its origin.
    return { sql: `date_bin('${width}', ${on.parser.text(cut.column)}, timestamp '0001-01-01')` };
  },
};

const binWidths: Partial<Readonly<Record<Unit, string>>> = { second: '1 second', minute: '1 minute', hour: '1 hour', day: '1 day', week: '7 days' };
