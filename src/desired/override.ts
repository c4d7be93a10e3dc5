import { nearest } from '../base/nearest.ts';
import type { Problem } from '../base/spec-error.ts';
import type { Column } from '../model/column.ts';
import type { Grant } from '../model/facets.ts';
import { compareNames, type Options } from '../model/option.ts';
import type { Placed, SpecColumnOverride, SpecOverride } from '../spec/types.ts';
import type { DraftTable } from './draft-table.ts';
import { columnSettings, type DescribedType, needsServer, noType, partPlaces } from './spelled-table.ts';

/** An imported table with what the spec lays over it. */
export interface Overridden {
  readonly draft: DraftTable;
  readonly problems: readonly Problem[];
}

/**
 * Lays an override over the table that an import gives: what it says wins, what it does not say stays.
 * @param describe what the server makes of a type that the user wrote
 */
export function override(draft: DraftTable, over: SpecOverride, describe: (text: string) => DescribedType): Overridden {
  const { table } = draft;
  const problems: Problem[] = [];
  const names = new Set(table.columns.map(({ name }) => name));
  const wanted = new Map(over.columns.map((column) => [column.name.value, column]));
  const lacking = (column: Placed<string>): Problem => {
    const near = nearest(column.value, [...names]);
    return { message: `the remote table "${over.name.value}" has no column "${column.value}"`, at: column.at, hint: near === undefined ? undefined : `Did you mean "${near}"?` };
  };
  problems.push(...over.columns.filter(({ name }) => !names.has(name.value)).map(({ name }) => lacking(name)));
  const granted = new Set((over.columnGrants ?? []).flatMap(({ holders }) => holders.flatMap(({ columns }) => columns)));
  problems.push(...[...granted].filter((name) => !names.has(name)).map((value) => lacking({ value, at: over.name.at })));
  const columns = table.columns.map((column) => {
    const mine = wanted.get(column.name);
    if (mine === undefined) return column;
    const type = mine.type === undefined ? undefined : describe(mine.type.value);
    if (mine.type !== undefined && type?.kind === 'none') problems.push(noType(mine.type, type.why));
    return overriddenColumn(column, mine, type?.kind === 'type' ? type.canonical : column.type);
  });
  const { owner = table.owner, comment = table.comment, columnGrants } = over;
  return {
    draft: {
      ...draft,
      table: {
        ...table,
        renamedFrom: over.renamedFrom?.value,
        options: merged(table.options, over.options),
        columns,
        checks: over.checks?.map(({ value }) => value),
        owner,
        comment,
        grants: mergedGrants(table.grants, over.grants),
        columnGrants,
      },
      parents: over,
      needsServer: draft.needsServer || needsServer(over),
      places: () => partPlaces(over),
    },
    problems,
  };
}

/** A default, a generated expression and an identity exclude each other: giving one takes away what the remote says. */
function overriddenColumn(column: Column, mine: SpecColumnOverride, type: string): Column {
  const settings = columnSettings(mine);
  const source = settings.default !== undefined || settings.generated !== undefined || settings.identity !== undefined ? settings : column;
  return {
    ...column,
    ...settings,
    type,
    notNull: (mine.notNull ?? column.notNull) || settings.identity !== undefined,
    // The remote's collation is that of the remote's type.
    collation: settings.collation ?? (type === column.type ? column.collation : undefined),
    default: source.default,
    generated: source.generated,
    identity: source.identity,
    options: merged(column.options, mine.options),
  };
}

function merged(options: Options, over: Options): Options {
  const names = new Set(over.map(({ name }) => name));
  return [...options.filter(({ name }) => !names.has(name)), ...over].sort((a, b) => compareNames(a.name, b.name));
}

/** A privilege that the override names is its alone. */
function mergedGrants(grants: readonly Grant[] | undefined, over: readonly Grant[] | undefined): readonly Grant[] | undefined {
  if (over === undefined) return grants;
  const privileges = new Set(over.map(({ privilege }) => privilege));
  return [...(grants ?? []).filter(({ privilege }) => !privileges.has(privilege)), ...over];
}
