import type { Change, Difference, Parting } from '../model/change.ts';
import type { Column } from '../model/column.ts';
import { identityOf } from '../model/identity.ts';
import { nameKey, sameName, type QualifiedName } from '../model/name.ts';
import type { ActualState, ForeignTable } from '../model/objects.ts';
import { placeAmong } from '../model/partitioned-table.ts';

type TableUpdate = Extract<Change, { action: 'update'; kind: 'foreign-table' }>;

/**
 * What changes would do to columns and checks that their tables have from parents: PostgreSQL lets them be dropped, renamed and
 * altered only there (commands/tablecmds.c: ATExecDropColumn, renameatt_internal, ATPrepAlterColumnType, ATExecDropConstraint, 14 to 18).
 *
 * @param changes with their partings: what has left all its parents is its own
 * @param actual under the new names already (`withRenames`)
 * @param detached by the `nameKey` of a sharded table, partitions that leave it
 */
export function inheritedParts(changes: readonly Change[], actual: ActualState, detached: ReadonlyMap<string, readonly QualifiedName[]>): Difference['impossible'] {
  const present = new Map(actual.foreignTables.map((table) => [nameKey(table), table]));
  const partings = changes.flatMap((change) => ('leave' in change ? (change.leave ?? []) : []));
  const leaving = new Set([...detached.values()].flat().map(nameKey));
  return changes.flatMap((change) => {
    if (change.action === 'replace') return replacedTables(change).flatMap(ofReplaced);
    if (change.action !== 'update' || change.kind !== 'foreign-table') return [];
    const before = present.get(nameKey(change.after));
    return before === undefined || leaving.has(nameKey(before)) || leavesAll(before, partings) ? [] : ofTable(change, before);
  });
}

/** The tables that come back with a change. */
function replacedTables(change: Extract<Change, { action: 'replace' }>): readonly (readonly [before: ForeignTable, after: ForeignTable])[] {
  if (change.kind === 'foreign-table') return [[change.before, change.after]];
  const back = new Map(change.back.map((object) => [identityOf(object), object]));
  return change.gone.flatMap((before): readonly (readonly [ForeignTable, ForeignTable])[] => {
    const after = back.get(identityOf(before));
    return before.kind === 'foreign-table' && after?.kind === 'foreign-table' ? [[before, after]] : [];
  });
}

/** Columns that come back through parents alone come back as those have them. */
function ofReplaced([before, object]: readonly [before: ForeignTable, after: ForeignTable]): Difference['impossible'] {
  if (object.keepsParents !== true) return [];
  const wanted = new Map(object.columns.map((column) => [column.name, column]));
  return before.columns.flatMap((column) => {
    const after = wanted.get(column.name);
    if (column.notNullAbove === true && after?.notNull === false) return [{ object, message: `its column ${column.renamedFrom ?? column.name} is NOT NULL in its parent, and so in the table itself`, todo }];
    const shape = ({ type, notNull, collation, default: fallback, generated, identity }: Column): string => JSON.stringify([type, notNull, collation, fallback, generated?.expression, generated?.kind, identity]);
    if (column.handedDown !== true || (after !== undefined && column.renamedFrom === undefined && shape(after) === shape(column))) return [];
    return [{ object, message: `its column ${column.renamedFrom ?? column.name} is inherited, and can be ${after === undefined ? 'dropped' : column.renamedFrom === undefined ? 'altered' : 'renamed'} only in its parent`, todo }];
  });
}

function leavesAll(table: ForeignTable, partings: readonly Parting[]): boolean {
  const name = table.renamedFrom ?? table;
  const parents = (table.inherits ?? []).length + (placeAmong(table.partitionOf) === undefined ? 0 : 1);
  return parents > 0 && partings.filter((one) => sameName(one.table, name)).length === parents;
}

function ofTable(change: TableUpdate, before: ForeignTable): Difference['impossible'] {
  const columns = new Map(before.columns.flatMap((column) => (column.inherited === true ? [[column.name, column] as const] : [])));
  const checks = new Set((before.checks ?? []).flatMap(({ name, inherited }) => (inherited === true ? [name] : [])));
  const { after: object } = change;
  return [
    ...change.columns.flatMap((column) => {
      const name = column.kind === 'set-type' ? column.after.name : column.kind === 'drop-column' || column.kind === 'rename-column' || column.kind === 'drop-expression' ? column.name : undefined;
      const found = name === undefined ? undefined : columns.get(name);
      if (found === undefined) return [];
      return [{ object, message: `its column ${found.renamedFrom ?? found.name} is inherited, and can be ${column.kind === 'rename-column' ? 'renamed' : column.kind === 'drop-column' ? 'dropped' : 'altered'} only in its parent`, todo }];
    }),
    ...change.columns.flatMap((column) => {
      if (column.kind !== 'set-not-null' || column.notNull || columns.get(column.name)?.notNullAbove !== true) return [];
      return [{ object, message: `its column ${column.name} is NOT NULL in its parent, and so in the table itself`, todo }];
    }),
    ...change.checks.flatMap((check) => (check.kind === 'drop-check' && checks.has(check.name) ? [{ object, message: `its check ${check.name} is inherited, and can be dropped only in its parent`, todo }] : [])),
  ];
}

const todo = 'Write the table in the spec as its parent has it, or change the parent by hand first.';
