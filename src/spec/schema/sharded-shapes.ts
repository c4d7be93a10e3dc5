import { boundKeys } from './bound-shapes.ts';
import { column, partitionColumns } from './column-shapes.ts';
import { absent, columnGrants, comment, owner, prune, tableGrants } from './facet-shapes.ts';
import { plainOptions } from './option-shapes.ts';
import type { MapShape, ObjectShape } from './shape.ts';
import { checks } from './table-shapes.ts';

const shards: ObjectShape = {
  kind: 'object',
  noun: '`shards`',
  required: ['server'],
  keys: {
    server: { kind: 'text', description: 'The servers, in the order of the remainders: {0..3} stands for 0, 1, 2 and 3.', examples: ['shard{0..3}'] },
    options: plainOptions('The options of each foreign table; {shard} in a value is the number of its server.', [{ schema_name: 'public', table_name: 'events' }]),
    columns: { ...partitionColumns, description: 'Options and settings of columns of each partition; {shard} as in `options`.' },
    name: { kind: 'text', description: 'The name of each partition, in the schema of the table; {shard} is the number. Left out: the name of the table, _ and the number.', examples: ['events_p{shard}'] },
  },
  description: 'One hash partition on each of some servers: the modulus is their number.',
  examples: [{ server: 'shard{0..3}', options: { schema_name: 'public', table_name: 'events' } }],
};

const partition: ObjectShape = {
  kind: 'object',
  noun: 'a partition',
  required: ['server'],
  waivedBy: 'absent',
  keys: {
    server: { kind: 'text', description: 'The server that it is on.', examples: ['shard0'] },
    options: plainOptions('The options of the foreign table.', [{ schema_name: 'public', table_name: 'events' }]),
    columns: partitionColumns,
    comment,
    grants: tableGrants,
    column_grants: columnGrants,
    checks,
    ...boundKeys,
    absent: absent('the partition is dropped'),
  },
  description: 'A partition with its bounds: modulus and remainder, from and to, values, or default.',
  examples: [{ server: 'shard0', from: '2024-01-01', to: '2025-01-01', options: { table_name: 'events' } }],
};

const shardedTable: ObjectShape = {
  kind: 'object',
  noun: 'a sharded table',
  required: ['partition_by', 'columns'],
  waivedBy: 'absent',
  keys: {
    partition_by: { kind: 'string', description: 'hash, range or list, and the key in parentheses, as in SQL.', examples: ['hash (tenant_id)', 'range (at)'] },
    columns: { kind: 'map', of: column, filled: 'some', description: 'Columns by name, in their order.', examples: [{ tenant_id: 'bigint not null' }] },
    shards,
    partitions: { kind: 'map', of: partition, description: 'Partitions with bounds of their own, by name; they are in the schema of the table.', examples: [{ events_2024: partition.examples?.[0] }] },
    gaps: { kind: 'word', words: ['refuse', 'allow'], default: 'refuse', description: 'Whether values that no partition takes are an error.', examples: ['allow'] },
    owner,
    comment,
    grants: tableGrants,
    absent: absent('the foreign tables that are its partitions are dropped, then the table'),
    prune: prune('foreign tables that are its partitions'),
  },
  description: 'A partitioned table whose partitions are foreign tables.',
  examples: [{ partition_by: 'hash (tenant_id)', columns: { tenant_id: 'bigint not null' }, shards: shards.examples?.[0] }],
};

export const shardedTables: MapShape = {
  kind: 'map',
  of: shardedTable,
  description: 'Partitioned tables whose partitions are foreign tables, by schema.table.',
  examples: [{ 'public.events': shardedTable.examples?.[0] }],
};
