import type { Shared } from '../base/shared.ts';
import type { SourceSpan } from '../base/source.ts';
import type { Problem } from '../base/spec-error.ts';
import type { Column } from '../model/column.ts';
import type { QualifiedName } from '../model/name.ts';
import { optionsKey } from '../model/option.ts';
import type { Placed, SpecColumn, SpecColumnOverride, SpecTable } from '../spec/types.ts';
import type { DraftTable, PartPlaces } from './draft-table.ts';

/** A type text as the server understands it, or why it is none. */
export type DescribedType = { readonly kind: 'type'; readonly canonical: string; readonly collation: QualifiedName | undefined } | { readonly kind: 'none'; readonly why: string };

/**
 * A foreign table that the spec spells out.
 * @param describe what the server makes of a type that the user wrote
 * @param shared columns of the same spec
 */
export function spelledTable(
  spec: SpecTable,
  describe: (text: string) => DescribedType,
  shared: Shared<Column>,
): { readonly draft: DraftTable; readonly problems: readonly Problem[] } {
  const { columns, problems } = spelledColumns(spec.columns, describe, shared);
  const { schema, name } = spec.name.value;
  const { options, owner, comment, grants, columnGrants } = spec;
  return {
    draft: {
      table: { kind: 'foreign-table', schema, name, renamedFrom: spec.renamedFrom?.value, server: spec.server.value, options, columns, checks: spec.checks?.map(({ value }) => value), owner, comment, grants, columnGrants },
      at: spec.name.at,
      parents: spec,
      needsServer: needsServer(spec),
      places: () => partPlaces(spec),
    },
    problems,
  };
}

/** Why a type is none, where it stands. */
export function noType({ value, at }: Placed<string>, why: string): Problem {
  return { message: `"${value}" is not a type of the local database: ${why}`, at };
}

/** What the spec says of the parts of a table that only the server can put into canonical form. */
type Suspects = Pick<SpecTable, 'checks'> & { readonly columns: readonly SpecColumnOverride[] };

export function needsServer({ checks = [], columns }: Suspects): boolean {
  return checks.length > 0 || columns.some((column) => suspectOf(column) !== undefined);
}

export function partPlaces({ checks = [], columns }: Suspects): PartPlaces {
  return {
    columns: new Map(columns.map((column) => [column.name.value, suspectOf(column) ?? column.name.at])),
    checks: new Map(checks.map(({ value, at }) => [value.name, at])),
  };
}

/** Columns with types in the server's words, and those whose types are none. */
export function spelledColumns(specs: readonly SpecColumn[], describe: (text: string) => DescribedType, shared: Shared<Column>): { readonly columns: readonly Column[]; readonly problems: readonly Problem[] } {
  const columns: Column[] = [];
  const problems: Problem[] = [];
  for (const column of specs) {
    const type = describe(column.type.value);
    if (type.kind === 'none') problems.push(noType(column.type, type.why));
    else columns.push(spelledColumn(column, type.canonical, shared));
  }
  return { columns, problems };
}

/** Columns of which nothing is said but their names, types and options are the same ones in many tables. */
function spelledColumn(spec: SpecColumn, type: string, shared: Shared<Column>): Column {
  const { name, notNull, options, renamedFrom, statistics, nDistinct, nDistinctInherited, comment } = spec;
  const bare = suspectOf(spec) === undefined && [renamedFrom, statistics, nDistinct, nDistinctInherited, comment].every((part) => part === undefined);
  const key = bare ? optionsKey(options) : undefined;
  // What is spread comes last: objects that get keys after a spread have no shape in common in V8, and each takes three times the memory.
  if (key === undefined) return { name: name.value, type, notNull, ...columnSettings(spec) };
  const make = (): Column => ({ name: name.value, type, notNull, collation: undefined, default: undefined, generated: undefined, options });
  return shared.get([name.value, type, String(notNull), key].join('\0'), make);
}

/** What of a column only the server can put into canonical form, or refuse: where the first of it stands. */
function suspectOf({ default: fallback, generated, identity, collation, storage }: Partial<SpecColumnOverride>): SourceSpan | undefined {
  return [fallback, generated, identity, collation, storage].find((part) => part !== undefined)?.at;
}

/** What a spec says of a column beside its name, type and NOT NULL. */
export function columnSettings(column: SpecColumnOverride | SpecColumn): Omit<Column, 'name' | 'type' | 'notNull'> {
  const collation = column.collation?.value;
  const storage = column.storage?.value;
  return {
    renamedFrom: column.renamedFrom,
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
