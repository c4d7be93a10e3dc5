import { UserError } from '../base/user-error.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import { compareNames } from '../model/option.ts';
import type { RemoteColumn, RemoteRelation } from '../model/remote-relation.ts';
import { type RemoteFunction, type RemoteType, type RemoteTypeBody, type RemoteTypeUse, typesWithin, useKey } from '../model/remote-type.ts';
import type { RemoteKey, Snapshot, SnapshotSchema, SnapshotServer } from '../model/snapshot.ts';
import { entries, type Field, flag, Flaw, integer, items, optional, parts, text, texts, word, wrong } from './field.ts';
import { snapshotVersion } from './text.ts';

/**
 * What the text of a snapshot's file says.
 *
 * @param file as the user named it, for messages
 * @throws UserError `snapshot-invalid`, with the place in the file
 */
export function parseSnapshot(source: string, file: string): Snapshot {
  const invalid = (why: string, cause?: unknown): UserError => new UserError('snapshot-invalid', `${file} is no snapshot that can be used.`, { why, todo: `Write it anew: fdw snapshot --out ${file}`, cause });
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw invalid(`It is not JSON, or only a part of it: ${error instanceof Error ? error.message : ''}.`, error);
  }
  try {
    return ofFile({ value, path: '' });
  } catch (error) {
    if (error instanceof Flaw) throw invalid(error.message, error);
    throw error;
  }
}

function ofFile(field: Field): Snapshot {
  const version = new Map(entries(field)).get('format_version') ?? { value: undefined, path: 'format_version' };
  if (version.value !== snapshotVersion) wrong(version, version.value === undefined ? 'is missing' : `is ${JSON.stringify(version.value)}, and this fdw reads ${snapshotVersion}`);
  const { servers } = parts(field, ['format_version', 'servers']);
  return { servers: entries(servers).map(([name, server]) => ofServer(name, server)).sort((a, b) => compareNames(a.name, b.name)) };
}

/** The type that a text stands for. */
type UseOf = (field: Field) => RemoteTypeUse;

function ofServer(name: string, field: Field): SnapshotServer {
  const { server_version_num, collation, extensions, schemas, types, uses } = parts(field, ['server_version_num', 'collation', 'extensions', 'schemas', 'types', 'uses']);
  const known = new Map(entries(uses).map(([label, use]) => [label, ofUse(use)]));
  const useOf: UseOf = (at) => known.get(text(at)) ?? wrong(at, `is ${JSON.stringify(at.value)}, which ${uses.path} does not have`);
  const all = new Map(items(types).map((type) => ofType(type, useOf)).map((type) => [nameKey(type), type]));
  const { provider, locale } = parts(collation, ['provider', 'locale']);
  return {
    name,
    versionNum: integer(server_version_num),
    collation: { provider: word(provider, ['libc', 'icu', 'builtin']), locale: text(locale) },
    extensions: new Map(entries(extensions).map(([extension, version]) => [extension, text(version)] as const).sort(([a], [b]) => compareNames(a, b))),
    schemas: entries(schemas).map(([schema, each]) => ofSchema(schema, each, useOf, all)).sort((a, b) => compareNames(a.remote.name, b.remote.name)),
    typeTexts: new Map([...known].map(([label, use]) => [useKey(use), label])),
  };
}

function ofUse(field: Field): RemoteTypeUse {
  const { schema, name, array, typmod, oid, extension } = parts(field, ['schema', 'name', 'array', 'typmod', 'oid', 'extension']);
  return { schema: text(schema), name: text(name), array: flag(array), typmod: optional(typmod, integer) ?? -1, builtinOid: optional(oid, integer), extension: optional(extension, text) };
}

function ofSchema(name: string, field: Field, useOf: UseOf, types: ReadonlyMap<string, RemoteType>): SnapshotSchema {
  const { defaults, relations, others, other_partitions } = parts(field, ['defaults', 'relations', 'others', 'other_partitions']);
  const known = entries(relations).map(([relation, each]) => ofRelation(relation, each, useOf)).sort((a, b) => compareNames(a.relation.name, b.relation.name));
  const own = known.map(({ relation }) => relation);
  const partitions = [...own.filter(({ kind }) => kind === 'partition').map((relation) => relation.name), ...texts(other_partitions)].sort(compareNames);
  return {
    remote: {
      name,
      exists: true,
      names: [...new Set([...own.map((relation) => relation.name), ...texts(others), ...partitions])].sort(compareNames),
      partitions,
      relations: own,
      types: typesWithin(own.flatMap(({ columns }) => columns.map(({ type }) => type)), types),
    },
    defaults: flag(defaults),
    keys: new Map(known.flatMap(({ relation, keys }) => (keys.length === 0 ? [] : [[relation.name, keys] as const]))),
  };
}

function ofRelation(name: string, field: Field, useOf: UseOf): { readonly relation: RemoteRelation; readonly keys: readonly RemoteKey[] } {
  const { kind, columns, keys } = parts(field, ['kind', 'columns', 'keys']);
  const relation = { name, kind: word(kind, ['table', 'view', 'materialized-view', 'foreign-table', 'partitioned-table', 'partition']), columns: items(columns).map((column) => ofColumn(column, useOf)) };
  if (new Set(relation.columns.map((column) => column.name)).size < relation.columns.length) wrong(columns, 'has a column twice');
  return { relation, keys: items(keys).map(ofKey) };
}

function ofColumn(field: Field, useOf: UseOf): RemoteColumn {
  const column = parts(field, ['name', 'type', 'not_null', 'collation', 'default', 'generated', 'computed']);
  return {
    name: text(column.name),
    type: useOf(column.type),
    notNull: flag(column.not_null),
    collation: optional(column.collation, ofName),
    default: optional(column.default, text),
    generated: optional(column.generated, text),
    computed: optional(column.computed, (at) => word(at, ['stored', 'virtual'])),
  };
}

function ofKey(field: Field): RemoteKey {
  const { name, kind, columns } = parts(field, ['name', 'kind', 'columns']);
  return { name: text(name), kind: word(kind, ['primary', 'unique']), columns: texts(columns) };
}

function ofName(field: Field): QualifiedName {
  const { schema, name } = parts(field, ['schema', 'name']);
  return { schema: text(schema), name: text(name) };
}

function ofFunction(field: Field): RemoteFunction {
  const { name, builtin } = parts(field, ['name', 'builtin']);
  return { name: text(name), builtin: flag(builtin) };
}

/** The keys that any type has. */
const head = ['schema', 'name', 'extension', 'kind'] as const;

function ofType(field: Field, useOf: UseOf): RemoteType {
  const found = new Map(entries(field));
  const missing = (key: string): Field => found.get(key) ?? { value: undefined, path: `${field.path}.${key}` };
  const kind = word(missing('kind'), ['base', 'enum', 'domain', 'composite', 'range', 'multirange']);
  return { schema: text(missing('schema')), name: text(missing('name')), extension: optional(missing('extension'), text), ...ofBody(field, kind, useOf) };
}

function ofBody(field: Field, kind: RemoteTypeBody['kind'], useOf: UseOf): RemoteTypeBody {
  switch (kind) {
    case 'base':
      parts(field, head);
      return { kind };
    case 'enum':
      return { kind, labels: texts(parts(field, [...head, 'labels']).labels) };
    case 'domain': {
      const domain = parts(field, [...head, 'base', 'collation', 'not_null', 'default', 'checks', 'hidden_checks']);
      const checks = items(domain.checks).map((each) => {
        const { name, expression } = parts(each, ['name', 'expression']);
        return { name: text(name), expression: text(expression) };
      });
      return { kind, base: useOf(domain.base), collation: optional(domain.collation, ofName), notNull: flag(domain.not_null), default: optional(domain.default, text), checks, hiddenChecks: texts(domain.hidden_checks) };
    }
    case 'composite': {
      const { row_type, attributes } = parts(field, [...head, 'row_type', 'attributes']);
      const each = items(attributes).map((attribute) => {
        const { name, type, collation } = parts(attribute, ['name', 'type', 'collation']);
        return { name: text(name), type: useOf(type), collation: optional(collation, ofName) };
      });
      return { kind, rowType: flag(row_type), attributes: each };
    }
    case 'range': {
      const { subtype, opclass, collation, canonical, subdiff, multirange } = parts(field, [...head, 'subtype', 'opclass', 'collation', 'canonical', 'subdiff', 'multirange']);
      return { kind, subtype: useOf(subtype), opclass: optional(opclass, ofName), collation: optional(collation, ofName), canonical: optional(canonical, ofFunction), subdiff: optional(subdiff, ofFunction), multirange: ofName(multirange) };
    }
    case 'multirange':
      return { kind, range: useOf(parts(field, [...head, 'range']).range) };
  }
}
