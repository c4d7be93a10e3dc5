import type { SourceSpan } from '../../base/source.ts';
import type { QualifiedName } from '../../model/name.ts';
import type { Placed, Spec, SpecImportedSchema } from '../../spec/types.ts';
import type { RelationFacts } from '../facts/relations.ts';
import type { ColumnFacts } from '../oracle/catalog.ts';
import type { SpecValue } from './spec-patch.ts';

/** The user's spec, with what tells where a table of the database stands in it. */
export interface SpecSight {
  /** undefined: none was given. */
  readonly spec: Spec | undefined;
  readonly facts: readonly RelationFacts[];
  readonly columns: readonly ColumnFacts[];
}

/** A value with the keys that lead to it in the user's own spec. */
export interface PlacedValue extends SpecValue {
  /** What it is a value of, as the spec names it. */
  readonly of: string;
  /** undefined: no spec was given. */
  readonly at: SourceSpan | undefined;
}

/** Where values stand in the user's spec; those of what the spec does not name are left out. */
export function placesOf(values: readonly SpecValue[], sight: SpecSight): readonly PlacedValue[] {
  const { spec } = sight;
  if (spec === undefined) return values.map((value) => ({ ...value, of: value.path[1] ?? '', at: undefined }));
  return values.flatMap((value) => placeOf(value, spec, sight) ?? []);
}

function placeOf({ path, value }: SpecValue, spec: Spec, sight: SpecSight): PlacedValue | undefined {
  const [kind = '', name = '', ...rest] = path;
  if (kind === 'servers') {
    const server = spec.servers.find((each) => each.name.value === name);
    return server === undefined ? undefined : { path: ['servers', keyOf(server.name), ...rest], value, of: name, at: server.name.at };
  }
  if (kind === 'sharded_tables') {
    const table = spec.shardedTables.find((each) => textOf(each.name.value) === name);
    return table === undefined ? undefined : { path, value, of: name, at: table.name.at };
  }
  const table = spec.tables.find((each) => textOf(each.name.value) === name);
  if (table !== undefined) return { path, value, of: name, at: table.name.at };
  return placeOfPartition(name, rest, value, spec) ?? placeOfImport(name, rest, value, spec, sight);
}

/** A partition of a sharded table: under its own name, or where all are said at once. */
function placeOfPartition(name: string, rest: readonly string[], value: string, spec: Spec): PlacedValue | undefined {
  for (const table of spec.shardedTables) {
    const partition = table.partitions.find((each) => textOf(each.name.value) === name);
    if (partition === undefined) continue;
    const own = written(partition.name.at) === partition.name.value.name;
    const path = ['sharded_tables', textOf(table.name.value), ...(own ? ['partitions', partition.name.value.name] : ['shards']), ...rest];
    return { path, value, of: own ? name : textOf(table.name.value), at: own ? partition.name.at : table.name.at };
  }
  return undefined;
}

/** A table of an imported schema: an override, by the names that the remote has. */
function placeOfImport(name: string, rest: readonly string[], value: string, spec: Spec, { facts, columns }: SpecSight): PlacedValue | undefined {
  const table = facts.find((each) => textOf(each) === name);
  const schema: SpecImportedSchema | undefined = spec.schemas.find((each) => each.name.value === table?.schema);
  if (table === undefined || schema === undefined) return undefined;
  const [what, column, ...more] = rest;
  const head = ['schemas', keyOf(schema.name)];
  if (what === 'server') return { path: [...head, 'server'], value, of: `schema ${schema.name.value}`, at: schema.server.at };
  const override = schema.overrides.find((each) => each.name.value === table.remoteName);
  const at = override?.name.at ?? schema.name.at;
  const remoteColumn = columns.find((each) => each.relation === table.oid && each.name === column)?.remoteName ?? column ?? '';
  // Of an override each part is a key of its own.
  const isColumn = what === 'columns' && more.length === 0;
  return { path: [...head, 'overrides', table.remoteName, ...(isColumn ? ['columns', remoteColumn] : rest)], value: isColumn && !value.startsWith('{') ? `{type: ${value}}` : value, of: name, at };
}

/** The key as it is written: one that stands for several (`for_each`) is not the name of one. */
function keyOf({ value, at }: Placed<string>): string {
  const text = written(at);
  return text.includes('{') ? text : value;
}

/** What stands at a place, without quotes. */
function written({ source, line, column, endColumn }: SourceSpan): string {
  const text = source.text.split('\n')[line - 1]?.slice(column - 1, endColumn - 1) ?? '';
  return text.replaceAll(/^["']|["']$/g, '');
}

function textOf({ schema, name }: QualifiedName): string {
  return `${schema}.${name}`;
}
