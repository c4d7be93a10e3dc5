import { nearest } from '../../base/nearest.ts';
import type { SourceSpan } from '../../base/source.ts';
import type { QualifiedName } from '../../model/name.ts';
import { hashCoverage } from '../hash-coverage.ts';
import type { Placed, SpecColumn, SpecPartition, SpecShardedTable } from '../types.ts';
import { shown } from '../words.ts';
import { valueOf, type MapNode, type Node } from '../yaml/node.ts';
import { presentIn, prunes } from './absent.ts';
import { buildColumnOverrides, buildColumns } from './columns.ts';
import { checkName, readName, readText, readWord, type BuildContext } from './context.ts';
import { buildChecks } from './checks.ts';
import { buildColumnGrants, buildFacets, buildTableGrants } from './facets.ts';
import { buildOptions } from './options.ts';
import { buildBound } from './partition-bounds.ts';
import { buildShards } from './shards.ts';
import { tableName } from './table-names.ts';

/** The sharded tables. `wrappers` holds the wrapper of each server by its name. */
export function buildShardedTables(node: Node | undefined, wrappers: ReadonlyMap<string, string>, context: BuildContext): readonly SpecShardedTable[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry) => {
    const name = tableName(entry, context);
    const { value } = entry;
    if (value.kind !== 'map') return [];
    const key = readText(valueOf(value, 'partition_by'), context);
    const strategy = key && strategyOf(key, context);
    const columns = buildColumns(valueOf(value, 'columns'), '', context);
    const facets = buildFacets(value, buildTableGrants(valueOf(value, 'grants'), context), context);
    const gaps = readWord(valueOf(value, 'gaps'), ['refuse', 'allow']) === 'allow';
    for (const column of columns) {
      if (column.renamedFrom !== undefined) context.problems.add(column.name.at, 'columns of a sharded table cannot be renamed by the spec', 'rename it by hand, then write the new name');
      if (column.options.length === 0) continue;
      context.problems.add(column.name.at, `the column ${shown(column.name.value)} of a sharded table has options`, 'put them under `columns` of `shards` or of each partition');
    }
    if (name === undefined || key === undefined || strategy === undefined) return [];
    const partitions = [...buildShards(valueOf(value, 'shards'), name.value, strategy, wrappers, context), ...namedPartitions(value, name.value, strategy, columns, wrappers, context)];
    if (valueOf(value, 'shards') === undefined && valueOf(value, 'partitions') === undefined) {
      context.problems.add(name.at, `the sharded table ${shown(`${name.value.schema}.${name.value.name}`)} has no partitions`, 'add `shards` or `partitions`');
    }
    checkColumns(partitions, columns, context);
    if (strategy === 'hash') checkHash(partitions, gaps, name.at, context);
    return [{ name, strategy, key, columns, partitions, gaps, prune: prunes(value), ...facets }];
  });
}

function strategyOf(key: Placed<string>, { problems }: BuildContext): SpecShardedTable['strategy'] | undefined {
  const [, word = ''] = /^\s*(\w+)\s*\(.*\)\s*$/s.exec(key.value) ?? [];
  const strategy = (['hash', 'range', 'list'] as const).find((one) => one === word.toLowerCase());
  if (strategy === undefined) problems.add(key.at, '`partition_by` must be hash, range or list with the key in parentheses', 'for example `hash (tenant_id)`');
  return strategy;
}

/** `partitions: {events_eu: {server: eu, values: [de, fr]}}` */
function namedPartitions(table: MapNode, parent: QualifiedName, strategy: SpecShardedTable['strategy'], of: readonly SpecColumn[], wrappers: ReadonlyMap<string, string>, context: BuildContext): readonly SpecPartition[] {
  const names = new Set(of.map((column) => column.name.value));
  const node = presentIn(valueOf(table, 'partitions'));
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap((entry): readonly SpecPartition[] => {
    const { key, keyAt, value } = entry;
    const fits = checkName(key, keyAt, 'the name of a partition', context);
    if (value.kind !== 'map') return [];
    const server = readName(valueOf(value, 'server'), 'the name of a server', context);
    const wrapper = wrappers.get(server?.value ?? '') ?? 'postgres_fdw';
    const options = buildOptions(valueOf(value, 'options'), { wrapper, kind: 'foreign-table' }, context);
    const columns = buildColumnOverrides(valueOf(value, 'columns'), wrapper, context);
    const facets = buildFacets(value, buildTableGrants(valueOf(value, 'grants'), context), context);
    const columnGrants = buildColumnGrants(valueOf(value, 'column_grants'), names, context);
    const checks = buildChecks(valueOf(value, 'checks'), context);
    const bound = buildBound(entry, value, strategy, context);
    if (!fits || server === undefined || bound === undefined) return [];
    return [{ name: { value: { schema: parent.schema, name: key }, at: keyAt }, server, options, columns, checks, columnGrants, ...facets, bound }];
  });
}

/** Partitions have the columns of their table. Those of `shards` are all alike, so that one complaint will do. */
function checkColumns(partitions: readonly SpecPartition[], columns: readonly SpecColumn[], { problems }: BuildContext): void {
  const names = columns.map(({ name }) => name.value);
  const strange = new Map(partitions.flatMap((partition) => partition.columns).filter(({ name }) => !names.includes(name.value)).map(({ name }) => [`${name.at.line}:${name.at.column}`, name]));
  for (const { value, at } of strange.values()) {
    const near = nearest(value, names);
    problems.add(at, `the table has no column ${shown(value)}`, near === undefined ? undefined : `did you mean ${shown(near)}?`);
  }
}

/** What is missing or there twice, found without a server. */
function checkHash(partitions: readonly SpecPartition[], gaps: boolean, at: SourceSpan, { problems }: BuildContext): void {
  const bounds = partitions.flatMap(({ name, bound }) => (bound.kind === 'hash' ? [{ ...bound, name }] : []));
  const { clashes, unfit, missing } = hashCoverage(bounds);
  for (const [one, other] of unfit) problems.add(one.name.at, `the modulus ${one.modulus} is no multiple of ${other.modulus}`, 'of any two moduli of a table one must be a multiple of the other');
  for (const [one, other] of clashes) {
    const hint = `modulus ${one.modulus}, remainder ${one.remainder} meets modulus ${other.modulus}, remainder ${other.remainder}`;
    problems.add(one.name.at, `the partition ${shown(one.name.value.name)} takes rows of ${shown(other.name.value.name)}`, hint);
  }
  if (gaps || bounds.length < partitions.length || bounds.length === 0 || missing.length === 0) return;
  const rest = missing.map(({ modulus, remainder }) => `modulus ${modulus}, remainder ${remainder}`).join('; ');
  problems.add(at, `rows would have no partition: nothing takes ${rest}`, 'add partitions for them, or say `gaps: allow`');
}
