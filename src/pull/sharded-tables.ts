import { Pair, Scalar } from 'yaml';
import type { Column } from '../model/column.ts';
import { nameKey, sameName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import type { PartitionedTable } from '../model/partitioned-table.ts';
import { tablePrivileges } from '../model/privileges.ts';
import { hashCoverage } from '../spec/hash-coverage.ts';
import type { SpecBound } from '../spec/types.ts';
import { boundPairs } from './bounds.ts';
import { columnNode, columnOptionPairs, settingPairs } from './columns.ts';
import { columnGrantPairs, facetPairs, grantPair } from './facets.ts';
import { blockMap, compactMap, optionPairs } from './options.ts';
import { ownChecks } from './parents.ts';
import { regularShards, shardsPair } from './shards.ts';
import { checkPair } from './tables.ts';
import { counted, dottedName, keyNode, shown, textNode } from './texts.ts';
import type { Pulled } from './types.ts';
import { Variables } from './variables.ts';

/** A partitioned table that a spec can say whole. */
export interface ShardedTable {
  readonly table: PartitionedTable;
  readonly partitions: readonly { readonly table: ForeignTable; readonly bound: SpecBound }[];
}

/** The partitions of all of them. */
export function partitionsOf(sharded: readonly ShardedTable[]): readonly ForeignTable[] {
  return sharded.flatMap(({ partitions }) => partitions.map(({ table }) => table));
}

/** The partitioned tables whose partitions are all among some foreign tables, and as a spec would make them. */
export function shardedAmong(tables: readonly ForeignTable[], { actual, facts }: Pulled): readonly ShardedTable[] {
  const wanted = new Map(tables.map((table) => [nameKey(table), table]));
  return (actual.partitionedTables ?? []).flatMap((table) => {
    const { partitions = [] } = table;
    const decisive = facts.partitions.tables.some((fact) => fact.decisive && sameName(fact, table));
    if (decisive || partitions.length === 0) return [];
    const found = partitions.flatMap((partition) => {
      const foreign = partition.schema === table.schema ? wanted.get(nameKey(partition)) : undefined;
      const bound = facts.partitions.bounds.get(nameKey(partition));
      return foreign === undefined || bound === undefined || !isPlain(foreign, table) ? [] : [{ table: foreign, bound }];
    });
    return found.length === partitions.length ? [{ table, partitions: found }] : [];
  });
}

/** Whether a partition has the columns and the owner of its table. */
function isPlain(partition: ForeignTable, table: PartitionedTable): boolean {
  const columns = new Map(partition.columns.map((column) => [column.name, column]));
  return partition.owner === table.owner && columns.size === table.columns.length && table.columns.every((column) => sameColumn(column, columns.get(column.name)));
}

function sameColumn(one: Column, other: Column | undefined): boolean {
  if (other === undefined || one.type !== other.type || one.notNull !== other.notNull || one.default !== other.default) return false;
  return sameName(one.collation, other.collation) && one.generated?.kind === other.generated?.kind && one.generated?.expression === other.generated?.expression;
}

/** What of it a spec cannot say, a line each. */
export function unsaidOf({ table, partitions }: ShardedTable, { facts }: Pulled): readonly string[] {
  const parts = [
    ...facts.partitions.tables.filter((fact) => sameName(fact, table)).map(counted),
    ...strangePrivileges(table).map((privilege) => `grants of ${privilege}`),
  ];
  const line = (what: string, said: readonly string[]): readonly string[] => (said.length === 0 ? [] : [`${what}: not written: ${said.join(', ')}`]);
  return [
    ...line(`partitioned table ${shown(table)}`, parts),
    ...partitions.flatMap((partition) => line(`foreign table ${shown(partition.table)}`, [...strangePrivileges(partition.table).map((privilege) => `grants of ${privilege}`), ...facts.tables.filter((fact) => !fact.decisive && sameName(fact, partition.table)).map(counted)])),
  ];
}

function strangePrivileges({ grants = [] }: PartitionedTable | ForeignTable): readonly string[] {
  const sayable: readonly string[] = tablePrivileges;
  return grants.map(({ privilege }) => privilege).filter((privilege) => !sayable.includes(privilege));
}

/** A sharded table, each partition with its bounds. */
export function shardedPair({ table, partitions }: ShardedTable, role: string, variables: Variables): Pair {
  const named = [table.schema, table.name];
  const grants = tablePrivileges.flatMap((privilege) => (table.grants ?? []).filter((grant) => grant.privilege === privilege));
  return new Pair(
    keyNode(dottedName(table)),
    blockMap([
      new Pair(new Scalar('partition_by'), textNode(table.key)),
      ...(hasGaps(partitions.map(({ bound }) => bound)) ? [new Pair(new Scalar('gaps'), new Scalar('allow'))] : []),
      ...facetPairs(table, role),
      ...(grants.length === 0 ? [] : [new Pair(new Scalar('grants'), blockMap(grants.map((grant) => grantPair(grant))))]),
      new Pair(new Scalar('columns'), blockMap(table.columns.map((column) => new Pair(keyNode(column.name), columnNode(column, named, variables))))),
      partitionsPair(table, partitions, variables),
    ]),
  );
}

function partitionsPair(table: PartitionedTable, partitions: ShardedTable['partitions'], variables: Variables): Pair {
  const plain = !partitions.some((partition) => hasOwn(partition.table, table));
  const regular = plain ? regularShards(table.name, partitions) : undefined;
  if (regular !== undefined) return shardsPair(regular, [table.schema, table.name], variables);
  return new Pair(new Scalar('partitions'), blockMap(partitions.map((partition) => partitionPair(partition, table, variables))));
}

function partitionPair({ table, bound }: ShardedTable['partitions'][number], parent: PartitionedTable, variables: Variables): Pair {
  const options = optionPairs(table.options, { references: 'text', named: [table.schema, table.name] }, variables);
  return new Pair(
    keyNode(table.name),
    blockMap([
      new Pair(new Scalar('server'), textNode(table.server)),
      ...boundPairs(bound),
      ...(options.length === 0 ? [] : [new Pair(new Scalar('options'), compactMap(options))]),
      ...ownPairs(table, parent, variables),
    ]),
  );
}

/** Whether a partition has anything that its table does not give it. */
function hasOwn(table: ForeignTable, parent: PartitionedTable): boolean {
  return ownPairs(table, parent, new Variables()).length > 0;
}

/** What a partition has that its table does not give it. */
function ownPairs(table: ForeignTable, parent: PartitionedTable, variables: Variables): readonly Pair[] {
  const { schema, name, comment = '', grants = [] } = table;
  const above = new Map(parent.columns.map((column) => [column.name, column.storage?.mode]));
  const columns = table.columns.flatMap((column) => {
    // Storage comes from the table, unless it is another one here.
    const { storage } = column;
    const inherited = storage === undefined || storage.mode === above.get(column.name);
    const options = columnOptionPairs(column.options, [schema, name, column.name], variables);
    const pairs = [...options.short, ...settingPairs({ ...column, storage: inherited ? undefined : { ...storage, isDefault: false } }), ...options.rest];
    return pairs.length === 0 ? [] : [new Pair(keyNode(column.name), compactMap(pairs))];
  });
  const held = tablePrivileges.flatMap((privilege) => grants.filter((grant) => grant.privilege === privilege));
  const checks = ownChecks(table).map(checkPair);
  return [
    ...(comment === '' ? [] : [new Pair(new Scalar('comment'), textNode(comment))]),
    ...(held.length === 0 ? [] : [new Pair(new Scalar('grants'), blockMap(held.map((grant) => grantPair(grant))))]),
    ...columnGrantPairs(table.columnGrants ?? []),
    ...(checks.length === 0 ? [] : [new Pair(new Scalar('checks'), blockMap(checks))]),
    ...(columns.length === 0 ? [] : [new Pair(new Scalar('columns'), blockMap(columns))]),
  ];
}

/** Whether a spec must allow for what no partition takes. */
function hasGaps(bounds: readonly SpecBound[]): boolean {
  const hash = bounds.filter((bound) => bound.kind === 'hash');
  if (hash.length > 0) return hashCoverage(hash).missing.length > 0;
  const ranges = bounds.filter((bound) => bound.kind === 'range');
  const froms = new Set(ranges.map(({ from }) => JSON.stringify(from)));
  return !bounds.some(({ kind }) => kind === 'default') && ranges.filter(({ to }) => !froms.has(JSON.stringify(to))).length > 1;
}
