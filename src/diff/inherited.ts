import type { Change, Difference } from '../model/change.ts';
import type { ForeignTable } from '../model/objects.ts';

/**
 * What a change would do to columns and checks that the table has from a parent: PostgreSQL lets them be dropped, renamed and
 * altered only there (commands/tablecmds.c: ATExecDropColumn, renameatt_internal, ATPrepAlterColumnType, ATExecDropConstraint, 14 to 18).
 */
export function inheritedParts(change: Change | undefined, before: ForeignTable): Difference['impossible'] {
  if (change?.action !== 'update' || change.kind !== 'foreign-table') return [];
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
    ...change.checks.flatMap((check) => (check.kind === 'drop-check' && checks.has(check.name) ? [{ object, message: `its check ${check.name} is inherited, and can be dropped only in its parent`, todo }] : [])),
  ];
}

const todo = 'Write the table in the spec as its parent has it, or change the parent by hand first.';
