import type { Problem } from '../base/spec-error.ts';
import type { Column } from '../model/column.ts';
import { textOptions } from '../model/option.ts';
import type { RemoteColumn, RemoteRelation } from '../model/remote-relation.ts';
import type { RemoteTypeUse } from '../model/remote-type.ts';
import type { SpecImportedSchema, SpecParents } from '../spec/types.ts';
import type { DraftTable, PartPlaces } from './draft-table.ts';
import { ownCollation } from './types/build-type.ts';
import { mappedName, type TypeNames } from './types/local-types.ts';

/** What the remote's types are called here. */
interface LocalWords {
  readonly names: TypeNames;
  /** Why a type could not be made, in words. */
  readonly whyUnmade: (use: RemoteTypeUse) => string | undefined;
  /** An expression with these types under their local names. */
  readonly localExpression: (text: string) => string;
}

/**
 * A remote relation as the foreign table that IMPORT FOREIGN SCHEMA would make of it, with the same options
 * (contrib/postgres_fdw/postgres_fdw.c, postgresImportForeignSchema, 14 to 18).
 */
export function importedTable(
  schema: SpecImportedSchema,
  relation: RemoteRelation,
  { names, whyUnmade, localExpression }: LocalWords,
): { readonly draft: DraftTable; readonly problems: readonly Problem[] } {
  const at = placeOf(schema, relation.name);
  const columns: Column[] = [];
  const problems: Problem[] = [];
  for (const column of relation.columns) {
    const type = names(column.type);
    const hidden = schema.import.generated && column.computed === 'stored' && column.generated === undefined;
    const about = { server: schema.server.value, schema: schema.remoteSchema.value, relation: relation.name, name: column.name };
    if (type === undefined) problems.push({ message: missingType(schema, relation, column), at, hint: typeHint(schema, column.type, whyUnmade(column.type)), column: about });
    else if (hidden) problems.push({ column: about, message: `the expression of generated column ${relation.name}.${column.name} is not shown to the remote role`, at, hint: 'GRANT SELECT on the column there, or set `import: {generated: false}`.' });
    else columns.push(importedColumn(schema, column, type, localExpression));
  }
  const options = textOptions([
    ['schema_name', schema.remoteSchema.value],
    ['table_name', relation.name],
  ]);
  const grants = schema.select === undefined ? undefined : [schema.select];
  const table = { kind: 'foreign-table', schema: schema.name.value, name: relation.name, server: schema.server.value, options, columns, grants } as const;
  const needsServer = columns.some((column) => column.default !== undefined || column.generated !== undefined);
  return { draft: { table, at, places: noPlaces, parents: noParents, needsServer }, problems };
}

const noParents: SpecParents = { inherits: undefined, partitionOf: undefined };

/** An imported table stands in the spec as a whole, if at all. */
const noPlaces = (): PartPlaces => ({ columns: new Map(), checks: new Map() });

function importedColumn(schema: SpecImportedSchema, column: RemoteColumn, type: NonNullable<ReturnType<TypeNames>>, local: LocalWords['localExpression']): Column {
  const { collate, notNull, default: defaults, generated } = schema.import;
  return {
    name: column.name,
    type: type.canonical,
    notNull: notNull && column.notNull,
    collation: collate ? ownCollation(column.collation, type.collation) : undefined,
    default: defaults && column.default !== undefined ? local(column.default) : undefined,
    generated: generated && column.generated !== undefined ? { expression: local(column.generated), kind: 'stored' } : undefined,
    options: textOptions([['column_name', column.name]]),
  };
}

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

function typeHint(schema: SpecImportedSchema, use: RemoteTypeUse, why: string | undefined): string {
  if (use.extension !== undefined) return `It belongs to extension ${use.extension}: add it to \`extensions\`.`;
  const reason = schema.types === 'require' || why === undefined ? '' : `${why.charAt(0).toUpperCase()}${why.slice(1)}. `;
  const { schema: own, name } = mappedName(schema, use);
  return `${reason}Create it here as ${own}.${name}, or leave the table out.`;
}
