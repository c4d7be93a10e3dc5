import type { SourceSpan } from '../base/source.ts';
import type { Problem } from '../base/spec-error.ts';
import type { Column } from '../model/column.ts';
import type { SpecColumn, SpecTable } from '../spec/types.ts';
import type { DraftTable } from './draft-table.ts';

/** A type text as the server understands it, or why it is none. */
export type DescribedType = { readonly kind: 'type'; readonly canonical: string } | { readonly kind: 'none'; readonly why: string };

/**
 * A foreign table that the spec spells out.
 * @param describe what the server makes of a type that the user wrote
 */
export function spelledTable(
  spec: SpecTable,
  describe: (text: string) => DescribedType,
): { readonly draft: DraftTable; readonly problems: readonly Problem[] } {
  const columns: Column[] = [];
  const problems: Problem[] = [];
  for (const column of spec.columns) {
    const type = describe(column.type.value);
    if (type.kind === 'none') problems.push({ message: `"${column.type.value}" is not a type of the local database: ${type.why}`, at: column.type.at });
    else columns.push(spelledColumn(column, type.canonical));
  }
  const { schema, name } = spec.name.value;
  return {
    draft: {
      table: { kind: 'foreign-table', schema, name, server: spec.server.value, options: spec.options, columns, owner: spec.owner, comment: spec.comment, grants: spec.grants, columnGrants: spec.columnGrants },
      at: spec.name.at,
      needsServer: spec.columns.some((column) => suspectOf(column) !== undefined),
      columnsAt: new Map(spec.columns.map((column) => [column.name.value, suspectOf(column) ?? column.name.at])),
    },
    problems,
  };
}

/** What of a column only the server can put into canonical form, or refuse: where the first of it stands. */
function suspectOf({ default: fallback, generated, identity, collation, storage }: SpecColumn): SourceSpan | undefined {
  return [fallback, generated, identity, collation, storage].find((part) => part !== undefined)?.at;
}

function spelledColumn(column: SpecColumn, type: string): Column {
  const collation = column.collation?.value;
  const storage = column.storage?.value;
  return {
    name: column.name.value,
    type,
    notNull: column.notNull,
    collation: typeof collation === 'string' ? { schema: 'pg_catalog', name: collation } : collation,
    default: column.default?.value,
    generated: column.generated?.value,
    identity: column.identity?.value,
    options: column.options,
    statistics: column.statistics,
    nDistinct: column.nDistinct,
    nDistinctInherited: column.nDistinctInherited,
    // Which one is the type's own is the server's to say.
    storage: storage === undefined ? undefined : { mode: storage === 'default' ? 'extended' : storage, isDefault: storage === 'default' },
    comment: column.comment,
  };
}
