import type { Check } from '../model/check.ts';
import type { Column, Storage } from '../model/column.ts';
import type { ForeignTable } from '../model/objects.ts';
import type { PartitionedTable } from '../model/partitioned-table.ts';
import { literal } from '../sql/quote.ts';
import type { BoundValue, SpecBound, SpecColumnOverride, SpecPartition, SpecShardedTable } from '../spec/types.ts';

/** A bound as SQL takes it. Values are texts that the server reads as the type of the key. */
export function boundText(bound: SpecBound): string {
  const list = (values: readonly BoundValue[]): string => `(${values.map(valueText).join(', ')})`;
  switch (bound.kind) {
    case 'hash':
      return `FOR VALUES WITH (MODULUS ${bound.modulus}, REMAINDER ${bound.remainder})`;
    case 'range':
      return `FOR VALUES FROM ${list(bound.from)} TO ${list(bound.to)}`;
    case 'list':
      return `FOR VALUES IN ${list(bound.values)}`;
    case 'default':
      return 'DEFAULT';
  }
}

function valueText(value: BoundValue): string {
  return typeof value === 'string' ? value.toUpperCase() : literal(value.text);
}

/** What the server says of a partition. */
export interface JudgedPartition {
  readonly bound: string;
  /** undefined: not managed. */
  readonly checks: readonly Check[] | undefined;
  /** Of columns whose storage the spec gives. */
  readonly storage: ReadonlyMap<string, Storage>;
}

/** The foreign table that is a partition. */
export function partitionTable(table: PartitionedTable, { name, server, options, columns, comment, grants, columnGrants }: SpecPartition, { bound, checks, storage }: JudgedPartition): ForeignTable {
  const parent = { schema: table.schema, name: table.name };
  const own = new Map(columns.map((column) => [column.name.value, column]));
  const all = table.columns.map((column) => ({ ...inherited(column), ...ownOf(own.get(column.name)), storage: storage.get(column.name) }));
  return { kind: 'foreign-table', ...name.value, server: server.value, options, columns: all, checks, columnGrants, owner: table.owner, comment, grants, partitionOf: { parent, bound }, madeByParent: true, ...(own.size === 0 ? {} : { ownColumns: [...own.keys()] }) };
}

function ownOf(column: SpecColumnOverride | undefined): Partial<Column> {
  if (column === undefined) return {};
  const { options, statistics, nDistinct, nDistinctInherited, comment } = column;
  return { options, statistics, nDistinct, nDistinctInherited, comment };
}

/** What a column hands down. */
function inherited({ name, type, notNull, collation, default: fallback, generated }: Column): Column {
  return { name, type, notNull, collation, default: fallback, generated, options: [] };
}

/** Where ranges do not meet, in words; undefined where they do, or where a default partition takes the rest. */
export function rangeGap({ partitions, gaps }: SpecShardedTable, judged: ReadonlyMap<SpecPartition, Pick<JudgedPartition, 'bound'>>): string | undefined {
  if (gaps || partitions.some(({ bound }) => bound.kind === 'default')) return undefined;
  const ranges = partitions.flatMap((partition) => {
    const ends = rangeEnds(judged.get(partition)?.bound ?? '');
    return ends === undefined ? [] : [{ name: partition.name.value.name, ...ends }];
  });
  const froms = new Set(ranges.map(({ from }) => from));
  const tos = new Set(ranges.map(({ to }) => to));
  const starts = ranges.filter(({ from }) => !tos.has(from));
  const ends = ranges.filter(({ to }) => !froms.has(to));
  if (ends.length < 2) return undefined;
  const shown = (of: readonly (typeof ranges)[number][], end: 'from' | 'to'): string => of.map((range) => `${range.name} at ${range[end]}`).join(', ');
  return `the ranges leave gaps: of those that end (${shown(ends, 'to')}) only one may be the last, of those that begin (${shown(starts, 'from')}) only one the first`;
}

/** `FOR VALUES FROM (…) TO (…)`, as the server prints it, in its two parts: what is in quotes may hold anything. */
function rangeEnds(bound: string): { readonly from: string; readonly to: string } | undefined {
  const start = 'FOR VALUES FROM ';
  if (!bound.startsWith(start)) return undefined;
  let quoted = false;
  for (let index = start.length; index < bound.length; index++) {
    if (bound[index] === "'") quoted = !quoted;
    if (!quoted && bound.startsWith(') TO (', index)) return { from: bound.slice(start.length, index + 1), to: bound.slice(index + 5) };
  }
  return undefined;
}
