import { nameKey, type QualifiedName } from '../model/name.ts';
import { compareNames } from '../model/option.ts';
import type { RemoteColumn, RemoteRelation, RemoteSchema } from '../model/remote-relation.ts';
import { partsOf, type RemoteType, type RemoteTypeUse, useKey } from '../model/remote-type.ts';
import type { Snapshot, SnapshotSchema, SnapshotServer } from '../model/snapshot.ts';
import { type Layout, layOut, Line } from './layout.ts';

/** Grows when an older fdw would misread the file. */
export const snapshotVersion = 1;

/** A snapshot as the text of its file: JSON, sorted, a line for each column, key and type. See schema/snapshot.schema.json. */
export function snapshotText({ servers }: Snapshot): string {
  return `${layOut(fields({ format_version: snapshotVersion, servers: new Map(servers.map((server) => [server.name, ofServer(server)])) }))}\n`;
}

function fields(of: Readonly<Record<string, Layout>>): Layout {
  return new Map(Object.entries(of));
}

/** The text that stands for a type wherever it is used. */
type TextOf = (use: RemoteTypeUse) => string;

function ofServer({ versionNum, collation, extensions, schemas, typeTexts }: SnapshotServer): Layout {
  const textOf: TextOf = (use) => typeTexts.get(useKey(use)) ?? use.name;
  const remotes = schemas.map(({ remote }) => remote);
  return fields({
    server_version_num: versionNum,
    collation: new Line(collation),
    extensions: new Map(extensions),
    schemas: new Map(schemas.map((schema) => [schema.remote.name, ofSchema(schema, textOf)])),
    types: typesOf(remotes).map((type) => new Line(ofType(type, textOf))),
    uses: new Map(usesOf(remotes).map((use) => [textOf(use), new Line(ofUse(use))] as const).sort(([a], [b]) => compareNames(a, b))),
  });
}

/** The types of all schemas, each once. */
function typesOf(schemas: readonly RemoteSchema[]): readonly RemoteType[] {
  const types = new Map(schemas.flatMap((schema) => schema.types).map((type) => [nameKey(type), type]));
  return [...types].sort(([a], [b]) => compareNames(a, b)).map(([, type]) => type);
}

/** All uses of types in columns and in other types, each once. */
export function usesOf(schemas: readonly RemoteSchema[]): readonly RemoteTypeUse[] {
  const columns = schemas.flatMap(({ relations }) => relations.flatMap((relation) => relation.columns.map(({ type }) => type)));
  const parts = schemas.flatMap(({ types }) => types.flatMap((type) => partsOf(type).map(({ part }) => part)));
  return [...new Map([...columns, ...parts].map((use) => [useKey(use), use])).values()];
}

function ofSchema({ remote, defaults, keys }: SnapshotSchema, textOf: TextOf): Layout {
  const known = new Set(remote.relations.map(({ name }) => name));
  const partitions = new Set(remote.partitions);
  return fields({
    defaults,
    relations: new Map(remote.relations.map((relation) => [relation.name, ofRelation(relation, keys, textOf)])),
    others: remote.names.filter((name) => !known.has(name) && !partitions.has(name)),
    other_partitions: remote.partitions.filter((name) => !known.has(name)),
  });
}

function ofRelation({ name, kind, columns }: RemoteRelation, keys: SnapshotSchema['keys'], textOf: TextOf): Layout {
  return fields({
    kind,
    columns: columns.map((column) => new Line(ofColumn(column, textOf))),
    keys: (keys.get(name) ?? []).map((key) => new Line(key)),
  });
}

/** What is not so is left out: most columns have none of it. */
function ofColumn(column: RemoteColumn, textOf: TextOf): object {
  return {
    name: column.name,
    type: textOf(column.type),
    not_null: column.notNull ? true : undefined,
    collation: ofName(column.collation),
    default: column.default,
    generated: column.generated,
    computed: column.computed,
  };
}

function ofName(name: QualifiedName | undefined): object | undefined {
  return name === undefined ? undefined : { schema: name.schema, name: name.name };
}

function ofUse({ schema, name, array, typmod, builtinOid, extension }: RemoteTypeUse): object {
  return { schema, name, array: array ? true : undefined, typmod: typmod === -1 ? undefined : typmod, oid: builtinOid, extension };
}

function ofType(type: RemoteType, textOf: TextOf): object {
  const { schema, name, extension, kind } = type;
  const head = { schema, name, extension, kind };
  switch (type.kind) {
    case 'base':
      return head;
    case 'enum':
      return { ...head, labels: type.labels };
    case 'domain':
      return {
        ...head, base: textOf(type.base), collation: ofName(type.collation), not_null: type.notNull ? true : undefined, default: type.default,
        checks: type.checks, hidden_checks: type.hiddenChecks,
      };
    case 'composite':
      return {
        ...head, row_type: type.rowType ? true : undefined,
        attributes: type.attributes.map((attribute) => ({ name: attribute.name, type: textOf(attribute.type), collation: ofName(attribute.collation) })),
      };
    case 'range':
      return {
        ...head, subtype: textOf(type.subtype), opclass: ofName(type.opclass), collation: ofName(type.collation), canonical: type.canonical, subdiff: type.subdiff,
        multirange: ofName(type.multirange),
      };
    case 'multirange':
      return { ...head, range: textOf(type.range) };
  }
}
