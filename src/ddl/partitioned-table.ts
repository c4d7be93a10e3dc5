import type { ColumnChange } from '../model/change.ts';
import type { QualifiedName } from '../model/name.ts';
import type { PartitionedTable } from '../model/partitioned-table.ts';
import { qualified } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';
import { joined, sql } from './build.ts';
import { columnActions, columnDefinition, settingActions } from './column.ts';
import { detachPartition } from './parents.ts';

/** The key is the server's own word (pg_get_partkeydef), or a user's on the way to become one. */
export function createPartitionedTable(table: PartitionedTable): readonly Statement[] {
  const columns = joined(table.columns.map((column) => ['\n  ', ...columnDefinition(column)]), ',');
  return [sql(`CREATE TABLE ${qualified(table)} (`, columns, `\n) PARTITION BY ${table.key}`), ...alter(table, table.columns.flatMap(settingActions))];
}

/** Columns first: the partitions, all still there, get them too. */
export function alterPartitionedTable(table: QualifiedName, columns: readonly ColumnChange[], detach: readonly QualifiedName[]): readonly Statement[] {
  const drops = columns.filter(({ kind }) => kind === 'drop-column');
  const rest = columns.filter(({ kind }) => kind !== 'drop-column');
  return [
    ...alter(table, drops.flatMap(columnActions)),
    ...alter(table, rest.flatMap(columnActions)),
    ...detach.map((partition) => detachPartition(table, partition)),
  ];
}

function alter(table: QualifiedName, actions: readonly Statement['parts'][]): readonly Statement[] {
  if (actions.length === 0) return [];
  return [sql(`ALTER TABLE ${qualified(table)}`, joined(actions.map((action) => ['\n  ', ...action]), ','))];
}
