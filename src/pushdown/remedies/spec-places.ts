import type { SourceSpan } from '../../base/source.ts';
import type { QualifiedName } from '../../model/name.ts';
import type { Placed, Spec, SpecColumn, SpecImportedSchema } from '../../spec/types.ts';
import type { RelationFacts } from '../facts/relations.ts';
import type { ColumnFacts } from '../oracle/catalog.ts';
import { columnValues } from './spec-column.ts';
import type { SpecValue } from './spec-patch.ts';
import { yamlText } from './yaml-text.ts';

/** The user's spec, with what tells where a table of the database stands in it. */
export interface SpecSight {
  /** undefined: none was given. */
  readonly spec: Spec | undefined;
  readonly facts: readonly RelationFacts[];
  readonly columns: readonly ColumnFacts[];
}

/** A value as YAML on one line, with the keys that lead to it. */
export interface WrittenValue {
  readonly path: readonly string[];
  readonly value: string;
}

/** A value with the keys that lead to it in the user's own spec. */
export interface PlacedValue extends WrittenValue {
  /** What it is a value of, as the spec names it. */
  readonly of: string;
  /** undefined: no spec was given. */
  readonly at: SourceSpan | undefined;
}

/** Where values stand in the user's spec; those of what the spec does not name are left out. */
export function placesOf(values: readonly SpecValue[], sight: SpecSight): readonly PlacedValue[] {
  const { spec } = sight;
  if (spec === undefined) return values.flatMap((value) => inTable(value, [], value.path[1] ?? '', undefined));
  return values.flatMap((value) => placeOf(value, spec, sight));
}

function placeOf(wanted: SpecValue, spec: Spec, sight: SpecSight): readonly PlacedValue[] {
  const { path, value } = wanted;
  const [kind = '', name = '', ...rest] = path;
  if (kind === 'servers') {
    const server = spec.servers.find((each) => each.name.value === name);
    return server === undefined || typeof value !== 'string' ? [] : [{ path: ['servers', keyOf(server.name), ...rest], value, of: name, at: server.name.at }];
  }
  if (kind === 'sharded_tables') {
    const table = spec.shardedTables.find((each) => textOf(each.name.value) === name);
    return table === undefined ? [] : inTable(wanted, table.columns, name, table.name.at);
  }
  const table = spec.tables.find((each) => textOf(each.name.value) === name);
  if (table !== undefined) return inTable(wanted, table.columns, name, table.name.at);
  const placed = (typeof value === 'string' ? placeOfPartition(name, rest, value, spec) : undefined) ?? placeOfImport(name, rest, value, spec, sight);
  return placed === undefined ? [] : [placed];
}

/** A value of a table that is spelled out, a column of it as the user wrote it. */
function inTable({ path, value }: SpecValue, columns: readonly SpecColumn[], of: string, at: SourceSpan | undefined): readonly PlacedValue[] {
  if (typeof value === 'string') return [{ path, value, of, at }];
  return columnValues(value, columns.find(({ name }) => name.value === path.at(-1))).map((each) => ({ path: [...path, ...each.path], value: each.value, of, at }));
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
function placeOfImport(name: string, rest: readonly string[], value: SpecValue['value'], spec: Spec, { facts, columns }: SpecSight): PlacedValue | undefined {
  const table = facts.find((each) => textOf(each) === name);
  const schema: SpecImportedSchema | undefined = spec.schemas.find((each) => each.name.value === table?.schema);
  if (table === undefined || schema === undefined) return undefined;
  const [what, column, ...more] = rest;
  const head = ['schemas', keyOf(schema.name)];
  if (what === 'server' && typeof value === 'string') return { path: [...head, 'server'], value, of: `schema ${schema.name.value}`, at: schema.server.at };
  const override = schema.overrides.find((each) => each.name.value === table.remoteName);
  const at = override?.name.at ?? schema.name.at;
  const remoteColumn = columns.find((each) => each.relation === table.oid && each.name === column)?.remoteName ?? column ?? '';
  // Of an override each part is a key of its own.
  const isColumn = what === 'columns' && more.length === 0;
  const written = typeof value === 'string' ? value : `{type: ${yamlText(value.type)}${value.collation === undefined ? '' : `, collation: ${yamlText(value.collation)}`}}`;
  return { path: [...head, 'overrides', table.remoteName, ...(isColumn ? ['columns', remoteColumn] : rest)], value: written, of: name, at };
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
