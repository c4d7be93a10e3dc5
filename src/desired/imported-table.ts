import type { Problem } from '../base/spec-error.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { Column } from '../model/column.ts';
import { textOptions } from '../model/option.ts';
import type { RemoteColumn, RemoteRelation, RemoteTypeUse } from '../model/remote-relation.ts';
import type { SpecImportedSchema } from '../spec/types.ts';
import type { DraftTable } from './draft-table.ts';

/** The local counterpart of a remote type: its name as the server prints it, and its own collation. */
export type TypeNames = (use: RemoteTypeUse) => { readonly canonical: string; readonly collation: QualifiedName | undefined } | undefined;

/**
 * A remote relation as the foreign table that IMPORT FOREIGN SCHEMA would make of it, with the same options
 * (contrib/postgres_fdw/postgres_fdw.c, postgresImportForeignSchema, 14 to 18).
 */
export function importedTable(
  schema: SpecImportedSchema,
  relation: RemoteRelation,
  typeNames: TypeNames,
): { readonly draft: DraftTable; readonly problems: readonly Problem[] } {
  const at = placeOf(schema, relation.name);
  const columns: Column[] = [];
  const problems: Problem[] = [];
  for (const column of relation.columns) {
    const type = typeNames(column.type);
    const hidden = schema.import.generated && column.computed === 'stored' && column.generated === undefined;
    if (type === undefined) problems.push({ message: missingType(schema, relation, column), at, hint: typeHint(column.type) });
    else if (hidden) problems.push({ message: `the expression of generated column ${relation.name}.${column.name} is not shown to the remote role`, at, hint: 'GRANT SELECT on the column there, or set `import: {generated: false}`.' });
    else columns.push(importedColumn(schema, column, type));
  }
  const options = textOptions([
    ['schema_name', schema.remoteSchema.value],
    ['table_name', relation.name],
  ]);
  const grants = schema.select === undefined ? undefined : [schema.select];
  const table = { kind: 'foreign-table', schema: schema.name.value, name: relation.name, server: schema.server.value, options, columns, grants } as const;
  const needsServer = columns.some((column) => column.default !== undefined || column.generated !== undefined);
  return { draft: { table, at, columnsAt: new Map(), needsServer }, problems };
}

function importedColumn(schema: SpecImportedSchema, column: RemoteColumn, type: NonNullable<ReturnType<TypeNames>>): Column {
  const { collate, notNull, default: defaults, generated } = schema.import;
  const { collation } = column;
  // The type's own collation goes without saying, and so does the default: here that is the local database's.
  const implied = collation === undefined || nameKey(collation) === (type.collation && nameKey(type.collation)) || nameKey(collation) === defaultCollation;
  return {
    name: column.name,
    type: type.canonical,
    notNull: notNull && column.notNull,
    collation: collate && !implied ? collation : undefined,
    default: defaults ? column.default : undefined,
    generated: generated && column.generated !== undefined ? { expression: column.generated, kind: 'stored' } : undefined,
    options: textOptions([['column_name', column.name]]),
  };
}

const defaultCollation = nameKey({ schema: 'pg_catalog', name: 'default' });

/** Where the spec names the table, else the schema. */
function placeOf(schema: SpecImportedSchema, table: string) {
  const listed = schema.selection.kind === 'listed' ? schema.selection.tables : [];
  return listed.find(({ value }) => value === table)?.at ?? schema.name.at;
}

function missingType(schema: SpecImportedSchema, relation: RemoteRelation, column: RemoteColumn): string {
  const { type } = column;
  const name = `${type.schema}.${type.name}${type.array ? '[]' : ''}`;
  return `column ${relation.name}.${column.name} has the type ${name} on the remote, which the local database lacks${schema.types === 'require' ? ' (types: require)' : ''}`;
}

function typeHint(use: RemoteTypeUse): string {
  return use.extension === undefined
    ? `Create it here as ${use.schema}.${use.name}, or leave the table out.`
    : `It belongs to extension ${use.extension}: add it to \`extensions\`.`;
}
