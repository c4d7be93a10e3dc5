import type { Column, ForeignTable } from '../model/objects.ts';
import type { Change, ColumnChange } from '../model/change.ts';
import { diffFacets } from './facets.ts';
import { diffOptions, type Comparison } from './options.ts';

/**
 * What turns the actual foreign table into the desired one. Another server is a replacement: SQL has no
 * ALTER for it. The order of columns is not compared, since no ALTER can change it.
 */
export function diffForeignTable(after: ForeignTable, before: ForeignTable, comparison: Comparison): Change | undefined {
  if (after.server !== before.server) return { action: 'replace', before, after: withFacetsOf(after, before) };
  const options = diffOptions(after.options, before.options, comparison);
  const columns = diffColumns(after.columns, before.columns, comparison);
  const facets = diffFacets(after, before);
  if (options.length === 0 && columns.length === 0 && facets.length === 0) return undefined;
  return { action: 'update', kind: 'foreign-table', after, options, columns, facets };
}

/** A replacement brings back what hung on the old table and the spec does not manage. */
function withFacetsOf(after: ForeignTable, before: ForeignTable): ForeignTable {
  return { ...after, owner: after.owner ?? before.owner, comment: after.comment ?? before.comment, grants: after.grants ?? before.grants };
}

function diffColumns(after: readonly Column[], before: readonly Column[], comparison: Comparison): readonly ColumnChange[] {
  const wanted = new Set(after.map(({ name }) => name));
  const present = new Map(before.map((column) => [column.name, column]));
  const drops = before.filter(({ name }) => !wanted.has(name)).map(({ name }): ColumnChange => ({ kind: 'drop-column', name }));
  return [...drops, ...after.flatMap((column) => diffColumn(column, present.get(column.name), comparison))];
}

function diffColumn(after: Column, before: Column | undefined, comparison: Comparison): readonly ColumnChange[] {
  const { name } = after;
  if (before === undefined) return [{ kind: 'add-column', column: after }];
  // No ALTER turns a generated column into a plain one and back with the same expression on every major.
  if (after.generated !== before.generated) return [{ kind: 'drop-column', name }, { kind: 'add-column', column: after }];
  const changes: ColumnChange[] = [];
  if (after.type !== before.type || collationKey(after) !== collationKey(before)) changes.push({ kind: 'set-type', before, after });
  if (after.notNull !== before.notNull) changes.push({ kind: 'set-not-null', name, notNull: after.notNull });
  if (after.default !== before.default) changes.push({ kind: 'set-default', name, before: before.default, after: after.default });
  const options = diffOptions(after.options, before.options, comparison);
  if (options.length > 0) changes.push({ kind: 'set-options', name, options });
  return changes;
}

function collationKey(column: Column): string {
  return column.collation === undefined ? '' : `${column.collation.schema}\0${column.collation.name}`;
}
