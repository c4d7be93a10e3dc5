import { type RenamedTable, renameForth, renameBack } from '../ddl/foreign-table.ts';
import type { Change } from '../model/change.ts';
import { identityOf } from '../model/identity.ts';
import { nameKey, sameName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import type { Rebuild } from '../model/rebuild.ts';
import type { Statement } from '../sql/statement.ts';

/** The foreign tables that have another name, or columns of another name, after a change. */
export function renamesIn(change: Change): readonly RenamedTable[] {
  if (change.action === 'replace' && change.kind === 'foreign-table') return replacedTable(change.before, change.after);
  if (change.action === 'replace') {
    const back = new Map(change.back.map((object) => [identityOf(object), object]));
    return change.gone.flatMap((before) => {
      const after = back.get(identityOf(before));
      return before.kind === 'foreign-table' && after?.kind === 'foreign-table' ? replacedTable(before, after) : [];
    });
  }
  if (change.action !== 'update' || change.kind !== 'foreign-table') return [];
  const columns = change.columns.flatMap((column) => (column.kind === 'rename-column' ? [{ from: column.from, to: column.name }] : []));
  return renamed(change.after, change.renamedFrom, columns);
}

function replacedTable(before: ForeignTable, after: ForeignTable): readonly RenamedTable[] {
  const stay = new Set(after.columns.map(({ name }) => name));
  const columns = before.columns.flatMap(({ name, renamedFrom }) => (renamedFrom !== undefined && stay.has(name) ? [{ from: renamedFrom, to: name }] : []));
  return renamed(after, before.renamedFrom, columns);
}

function renamed({ schema, name }: ForeignTable, from: RenamedTable['from'] | undefined, columns: RenamedTable['columns']): readonly RenamedTable[] {
  const to = { schema, name };
  return from === undefined && columns.length === 0 ? [] : [{ from: from ?? to, to, columns }];
}

/**
 * Statements that were read before anything was renamed, among renames: what they name has its former name for as long as
 * they run. So views come back with their own text, and follow the renaming as views do.
 */
export function underFormerNames(rebuilds: readonly Rebuild[], renames: readonly RenamedTable[], statements: readonly Statement[]): readonly Statement[] {
  const named = new Set(rebuilds.flatMap((rebuild) => [nameKey(rebuild), ...rebuild.reads.map(nameKey)]));
  const due = statements.length === 0 ? [] : renames.filter(({ from }) => named.has(nameKey(from)));
  return [...due.flatMap(renameBack), ...statements, ...due.flatMap(renameForth)];
}

/**
 * A replacement with its tables' heirs and parents by the names that they have when it is carried out.
 * @param done what has been renamed by then
 * @param toCome what is renamed only later, or by the change itself
 */
export function underPresentNames(change: Change, done: readonly RenamedTable[], toCome: readonly RenamedTable[]): Change {
  if (change.action !== 'replace' || (done.length === 0 && toCome.length === 0)) return change;
  const aside = change.aside?.map((one) => ({ ...one, heir: done.find(({ from }) => sameName(from, one.heir))?.to ?? one.heir }));
  if (change.kind === 'server') return { ...change, aside };
  const inherits = change.after.inherits?.map((parent) => toCome.find(({ to }) => sameName(to, parent))?.from ?? parent);
  return { ...change, aside, after: { ...change.after, inherits } };
}
