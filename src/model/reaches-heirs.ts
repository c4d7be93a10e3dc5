import type { ColumnChange } from './change.ts';
import type { CheckChange } from './check.ts';

/**
 * Whether an ALTER of a parent is one of all that is part of it, too: each is, but for options, comments and SET (n_distinct)
 * (commands/tablecmds.c, ATPrepCmd, 14 to 18).
 */
export function reachesHeirs(columns: readonly ColumnChange[], checks: readonly CheckChange[] = []): boolean {
  return checks.length > 0 || columns.some((column) => column.kind !== 'set-options' && column.kind !== 'set-column-comment' && (column.kind !== 'set-number' || column.setting === 'statistics'));
}
