import { checkDefinition } from '../../ddl/check.ts';
import { columnDefinition } from '../../ddl/column.ts';
import { createForeignTable } from '../../ddl/foreign-table.ts';
import { type Heir, handedDown, parentsOf } from '../../desired/heirs.ts';
import { boundText } from '../../desired/sharded-table.ts';
import type { Check } from '../../model/check.ts';
import { nameKey, type QualifiedName } from '../../model/name.ts';
import type { ForeignTable } from '../../model/objects.ts';
import type { Parent } from '../../model/parent.ts';
import { literal, qualified } from '../../sql/quote.ts';
import { render } from '../../sql/statement.ts';

/** Something that is made in `pg_temp` to see whether tables fit their parents. */
export interface Trial {
  readonly name: string;
  /** The relation that it stands for. */
  readonly of: QualifiedName;
  readonly statements: readonly string[];
  /** Of a foreign table of the spec. */
  readonly heir: Heir | undefined;
  /** The checks that it gets from its parents. */
  readonly handedDown: readonly Check[];
}

/**
 * Copies of parents, the partitions of theirs that stay, and the foreign tables of the spec made part of the copies, in the order in which they are made.
 * @param heirs each after its parents
 * @param found the parents that are no foreign tables of the spec
 * @param leaving by `nameKey`, foreign tables that are partitions now, and that the spec says something else of
 * @param present by `nameKey`, foreign tables as they are
 */
export function trialsOf(heirs: readonly Heir[], found: readonly Parent[], leaving: ReadonlySet<string>, present: ReadonlyMap<string, ForeignTable>): readonly Trial[] {
  const names = new Map(found.map((parent, index) => [nameKey(parent), { schema: 'pg_temp', name: `fdw_parent_${index}` }]));
  const checks = new Map<string, readonly Check[]>(found.map((parent) => [nameKey(parent), parent.checks]));
  const staying = found.flatMap((parent) => parent.partitions.filter((partition) => !leaving.has(nameKey(partition))).map((partition) => ({ parent, partition })));
  const copies = [
    ...found.map((parent) => trial(names.get(nameKey(parent)), parent, definitionOf(parent))),
    ...staying.map(({ parent, partition }, index) => trial({ schema: 'pg_temp', name: `fdw_stay_${index}` }, partition, `PARTITION OF ${qualified(names.get(nameKey(parent)) ?? parent)} ${partition.bound}`)),
  ];
  const concerned = new Set(heirs.flatMap(({ draft, table }) => (managed(draft) ? [nameKey(table), ...parentsOf(draft).map(({ value }) => nameKey(value))] : [])));
  const tables = heirs.filter(({ table }) => concerned.has(nameKey(table))).map((heir, index): Trial => {
    const { table, draft } = heir;
    const name = { schema: 'pg_temp', name: `fdw_heir_${index}` };
    const here = (parent: QualifiedName): QualifiedName => names.get(nameKey(parent)) ?? parent;
    const asked = handedDown(heir, (parent) => checks.get(nameKey(parent)) ?? []);
    const { inherits, partitionOf } = draft.parents;
    const before = present.get(nameKey(table));
    names.set(nameKey(table), name);
    checks.set(nameKey(table), [...(table.checks ?? before?.checks ?? []).filter(({ noInherit }) => !noInherit), ...(before?.handedDown ?? []), ...asked]);
    const place = partitionOf === undefined || partitionOf === 'none' ? undefined : { parent: here(partitionOf.parent.value), bound: boundText(partitionOf.bound) };
    const copy = { ...table, ...name, handedDown: asked, inherits: inherits?.map(({ value }) => here(value)), partitionOf: place };
    return { name: name.name, of: table, heir, handedDown: asked, statements: createForeignTable(copy).map((statement) => render(statement, () => literal(''))) };
  });
  return [...copies, ...tables];
}

export function managed({ parents }: Heir['draft']): boolean {
  return parents.inherits !== undefined || parents.partitionOf !== undefined;
}

function trial(name: QualifiedName = { schema: 'pg_temp', name: '' }, of: QualifiedName, definition: string): Trial {
  return { name: name.name, of, heir: undefined, handedDown: [], statements: [`CREATE TABLE ${qualified(name)} ${definition}`] };
}

/** Its columns and checks as the catalogs have them: to copy it by LIKE would take a privilege. */
function definitionOf({ columns, checks, key }: Parent): string {
  const elements = [...columns.map((column) => render({ parts: columnDefinition(column) }, () => '')), ...checks.map(checkDefinition)];
  return `(${elements.join(', ')})${key === undefined ? '' : ` PARTITION BY ${key}`}`;
}
