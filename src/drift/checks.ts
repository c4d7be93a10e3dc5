import type { DriftFinding } from '../model/drift.ts';
import type { LocalTable } from '../model/local-table.ts';
import type { StandingRelation } from '../model/standing.ts';
import { ident, qualified } from '../sql/quote.ts';

/**
 * CHECKs of a foreign table that the remote cannot be keeping: it has none on those columns. Whether one that it has says the same is
 * not known: its text is shown to its owner alone. Of views, which have none, nothing is said.
 */
export function checkFindings(table: LocalTable, relation: StandingRelation): readonly DriftFinding[] {
  if (relation.kind !== 'table' && relation.kind !== 'partitioned table' && relation.kind !== 'partition') return [];
  const positions = new Map(relation.columns.map(({ name, position }) => [name, position]));
  const remoteNames = new Map(table.columns.map(({ position, remoteName }) => [position, remoteName]));
  const kept = new Set(relation.checks.map(({ columns }) => key(columns)));
  return table.checks
    .filter(({ columns }) => !kept.has(key(columns.map((position) => positions.get(remoteNames.get(position) ?? '') ?? -position))))
    .map(({ name, expression, inherited }): DriftFinding => ({
      id: 'check-not-kept',
      class: 'wrong-results',
      server: table.server,
      tables: [{ schema: table.schema, name: table.name }],
      subject: name,
      message: `the remote has no CHECK on the columns of ${name}, CHECK ${expression}: the planner believes what is said here`,
      guess: false,
      mend: inherited ? [] : [`ALTER FOREIGN TABLE ${qualified(table)}\n  DROP CONSTRAINT ${ident(name)}`],
    }));
}

function key(columns: readonly number[]): string {
  return [...columns].sort((a, b) => a - b).join(' ');
}
