import { column, partitionColumns } from './column-shapes.ts';
import { absent, comment, owner, prune, tableGrants } from './facet-shapes.ts';
import { plainOptions } from './option-shapes.ts';
import type { ChoiceShape, MapShape, ObjectShape, Shape } from './shape.ts';

const value: ChoiceShape = {
  kind: 'choice',
  scalar: { kind: 'text', mayBeEmpty: true, description: 'A value of the partition key, as PostgreSQL reads it.' },
  nullable: true,
  description: 'A value; null is NULL. Without quotes, MINVALUE and MAXVALUE are the ends of a range.',
};

function values(description: string, example: unknown): Shape {
  return {
    kind: 'choice',
    scalar: { kind: 'text', mayBeEmpty: true, description: 'The value of a key of one column.' },
    list: { kind: 'list', of: value, filled: true, description: 'A value for each column of the key.' },
    description,
    examples: [example],
  };
}

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
    modulus: { kind: 'integer', description: 'Of hash: the modulus.', examples: [4] },
    remainder: { kind: 'integer', description: 'Of hash: the remainder.', examples: [0] },
    from: values('Of range: where it begins, this value included.', '2024-01-01'),
    to: values('Of range: where it ends, this value excluded.', '2025-01-01'),
    values: { kind: 'list', of: value, filled: true, description: 'Of list: its values.', examples: [['de', 'fr']] },
    default: { kind: 'boolean', description: 'Whether it takes what no other partition takes (range and list).', examples: [true] },
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
