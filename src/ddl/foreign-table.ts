import type { ColumnChange, OptionChange } from '../model/change.ts';
import type { QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import { ident, qualified } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';
import { joined, sql } from './build.ts';
import { columnActions, columnDefinition, settingActions } from './column.ts';
import { optionChangesClause, optionsClause } from './options.ts';

/** The CREATE, and an ALTER for what it has no words for: statistics, storage. */
export function createForeignTable(table: ForeignTable): readonly Statement[] {
  const columns = joined(table.columns.map((column) => ['\n  ', ...columnDefinition(column)]), ',');
  const body = table.columns.length === 0 ? ['()'] : ['(', ...columns, '\n)'];
  return [
    sql(
      `CREATE FOREIGN TABLE ${qualified(table)} `,
      body,
      ` SERVER ${ident(table.server)}`,
      optionsClause(table.options, table.name),
    ),
    ...alter(table, table.columns.flatMap(settingActions)),
  ];
}

/**
 * One ALTER for everything. Adding an option and a column's type change are subcommands of their own
 * (postgresql.org/docs/18/sql-alterforeigntable.html); a column that is dropped and added again needs two
 * statements, since one ALTER runs all drops after it looked for name clashes.
 */
export function alterForeignTable(
  table: QualifiedName,
  options: readonly OptionChange[],
  columns: readonly ColumnChange[],
): readonly Statement[] {
  const drops = columns.filter(takesAway);
  const rest = columns.filter((change) => !takesAway(change));
  const groups = [
    drops.flatMap(columnActions),
    [...rest.flatMap(columnActions), ...(options.length === 0 ? [] : [optionChangesClause(options, table.name)])],
  ];
  return groups.flatMap((actions) => alter(table, actions));
}

/** A type is checked against the identity that the column had before the whole statement. */
function takesAway(change: ColumnChange): boolean {
  return change.kind === 'drop-column' || (change.kind === 'set-identity' && change.after === undefined);
}

function alter(table: QualifiedName, actions: readonly Statement['parts'][]): readonly Statement[] {
  if (actions.length === 0) return [];
  return [sql(`ALTER FOREIGN TABLE ${qualified(table)}`, joined(actions.map((action) => ['\n  ', ...action]), ','))];
}
