import type { SourceSpan } from '../../base/source.ts';
import type { ImportedColumn, Problem } from '../../base/spec-error.ts';
import type { SnapshotSchema, SnapshotServer } from '../../model/snapshot.ts';
import type { Spec, SpecColumn } from '../../spec/types.ts';
import type { OpenSnapshot } from '../open-snapshot.ts';

/** What a scratch is made of. */
export interface Made {
  readonly spec: Spec;
  readonly snapshot: OpenSnapshot | undefined;
}

/**
 * A spec and a snapshot without what problems are about: a column whose type is missing, else the table, type, server or schema
 * that a problem points into.
 *
 * @returns undefined where there is nothing to leave out for one of them
 */
export function withoutFlaws(made: Made, problems: readonly Problem[]): Made | undefined {
  let left = made;
  for (const problem of problems) {
    const fewer = withoutColumn(left, problem.column) ?? withoutSpelled(left, problem.at);
    if (fewer !== undefined) left = fewer;
    // Two problems may be about one thing, which is gone with the first.
    else if (left === made) return undefined;
  }
  return left;
}

/** The columns of imports whose type is of an extension that cannot be had. */
export function columnsOfExtensions({ spec, snapshot }: Made, available: ReadonlySet<string>): readonly (Problem & { readonly column: ImportedColumn })[] {
  return spec.schemas.flatMap((schema) => {
    const remote = snapshot?.snapshot.servers.find(({ name }) => name === schema.server.value)?.schemas.find((each) => each.remote.name === schema.remoteSchema.value)?.remote;
    return (remote?.relations ?? []).flatMap((relation) =>
      relation.columns.flatMap(({ name, type }) => {
        if (type.extension === undefined || available.has(type.extension)) return [];
        const message = `column ${relation.name}.${name} has the type ${type.schema}.${type.name} of extension ${type.extension}`;
        return [{ message, at: schema.name.at, column: { server: schema.server.value, schema: schema.remoteSchema.value, relation: relation.name, name } }];
      }),
    );
  });
}

/** A column of an import is left out of what the remote is said to have. */
function withoutColumn({ spec, snapshot: named }: Made, column: ImportedColumn | undefined): Made | undefined {
  if (column === undefined || named === undefined) return undefined;
  const snapshot = { servers: named.snapshot.servers.map((server): SnapshotServer => (server.name === column.server ? { ...server, schemas: server.schemas.map((schema) => withoutColumnIn(schema, column)) } : server)) };
  const schemas = spec.schemas.map((schema) => ({
    ...schema,
    overrides: schema.overrides.map((override) => (schema.server.value === column.server && schema.remoteSchema.value === column.schema && override.name.value === column.relation ? { ...override, columns: override.columns.filter(({ name }) => name.value !== column.name) } : override)),
  }));
  return { spec: { ...spec, schemas }, snapshot: { ...named, snapshot } };
}

function withoutColumnIn(schema: SnapshotSchema, { schema: of, relation, name }: ImportedColumn): SnapshotSchema {
  if (schema.remote.name !== of) return schema;
  const relations = schema.remote.relations.map((each) => (each.name === relation ? { ...each, columns: each.columns.filter((column) => column.name !== name) } : each));
  return { ...schema, remote: { ...schema.remote, relations } };
}

/** What the spec spells out where a problem points: a column, else the whole. */
function withoutSpelled({ spec, snapshot }: Made, at: SourceSpan | undefined): Made | undefined {
  if (at === undefined) return undefined;
  const withColumns = <T extends { readonly columns: readonly SpecColumn[] }>(tables: readonly T[]): readonly T[] => tables.map((table) => ({ ...table, columns: table.columns.filter(({ type }) => !isAt(type.at, at)) }));
  const columnless: Spec = { ...spec, tables: withColumns(spec.tables), shardedTables: withColumns(spec.shardedTables) };
  if (countColumns(columnless) < countColumns(spec)) return { spec: columnless, snapshot };
  const kept = <T>(things: readonly T[]): readonly T[] => things.filter((thing) => !pointsInto(thing, at));
  const fewer: Spec = { ...spec, tables: kept(spec.tables), shardedTables: kept(spec.shardedTables), types: kept(spec.types), schemas: kept(spec.schemas), servers: kept(spec.servers), wrappers: kept(spec.wrappers), extensions: kept(spec.extensions), localSchemas: kept(spec.localSchemas) };
  return count(fewer) < count(spec) ? { spec: fewer, snapshot } : undefined;
}

function countColumns({ tables, shardedTables }: Spec): number {
  return [...tables, ...shardedTables].reduce((sum, { columns }) => sum + columns.length, 0);
}

function count({ tables, shardedTables, types, schemas, servers, wrappers, extensions, localSchemas }: Spec): number {
  return [tables, shardedTables, types, schemas, servers, wrappers, extensions, localSchemas].reduce((sum, { length }) => sum + length, 0);
}

/** Whether a place of a thing is this one. */
function pointsInto(thing: unknown, at: SourceSpan): boolean {
  if (typeof thing !== 'object' || thing === null) return false;
  if (isSpan(thing)) return isAt(thing, at);
  return Object.values(thing).some((value) => pointsInto(value, at));
}

function isSpan(thing: object): thing is SourceSpan {
  return 'source' in thing && 'line' in thing && 'column' in thing;
}

function isAt(place: SourceSpan, at: SourceSpan): boolean {
  return place.source === at.source && place.line === at.line && place.column === at.column;
}
