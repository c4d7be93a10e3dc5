import { type Problem, SpecError } from '../../base/spec-error.ts';
import { createPartitionedTable } from '../../ddl/partitioned-table.ts';
import { placeOf } from '../../desired/place-of.ts';
import { identityOf } from '../../model/identity.ts';
import { nameKey, sameName } from '../../model/name.ts';
import type { ActualState, DesiredState, ForeignTable } from '../../model/objects.ts';
import { type Partition, type PartitionedTable, placeAmong, samePartition } from '../../model/partitioned-table.ts';
import type { Session } from '../../postgres/session.ts';
import { literal } from '../../sql/quote.ts';
import { render } from '../../sql/statement.ts';
import type { Spec } from '../../spec/types.ts';
import { attempt } from './attempt.ts';

/**
 * Partitions that the spec does not name stay attached. Where one of them takes rows that a partition of the spec is to
 * take, PostgreSQL would refuse in the middle of an apply; it is asked before, in `pg_temp`.
 *
 * @param session in a transaction that will be rolled back, with the types in place
 * @throws SpecError with each partition that cannot get its place, and what has it
 */
export async function refuseOverlaps(session: Session, spec: Spec, desired: DesiredState, actual: ActualState): Promise<void> {
  const problems: Problem[] = [];
  for (const table of desired.partitionedTables ?? []) {
    const before = (actual.partitionedTables ?? []).find((one) => sameName(one, table));
    // One with another key is refused by the diff.
    if (before?.key !== table.key) continue;
    const staying = stayingPartitions(before, desired);
    const coming = comingPartitions(table, desired, actual);
    if (staying.length === 0 || coming.length === 0) continue;
    await session.query('SAVEPOINT fdw_overlap');
    problems.push(...(await overlaps(session, spec, table, staying, coming)));
    await session.query('ROLLBACK TO SAVEPOINT fdw_overlap; RELEASE SAVEPOINT fdw_overlap');
  }
  if (problems.length > 0) throw new SpecError(problems);
}

function stayingPartitions({ partitions = [] }: PartitionedTable, desired: DesiredState): readonly Partition[] {
  const leaving = new Set([...desired.foreignTables.filter(({ partitionOf }) => partitionOf !== undefined), ...(desired.absent ?? [])].map(identityOf));
  return partitions.filter(({ what, schema, name }) => what !== 'foreign table' || !leaving.has(identityOf({ kind: 'foreign-table', schema, name })));
}

function comingPartitions(table: PartitionedTable, desired: DesiredState, actual: ActualState): readonly ForeignTable[] {
  const present = new Map(actual.foreignTables.map((one) => [nameKey(one), one.partitionOf]));
  return desired.foreignTables.filter((one) => sameName(placeAmong(one.partitionOf)?.parent, table) && !samePartition(one.partitionOf, present.get(nameKey(one))));
}

async function overlaps(session: Session, spec: Spec, table: PartitionedTable, staying: readonly Partition[], coming: readonly ForeignTable[]): Promise<readonly Problem[]> {
  const create = createPartitionedTable({ ...table, schema: 'pg_temp', name: 'fdw_overlap' }).map((statement) => render(statement, () => literal('')));
  const attach = (name: string, bound: string): string => `CREATE TABLE pg_temp.${name} PARTITION OF pg_temp.fdw_overlap ${bound}`;
  // Where its own partitions do not fit it, a column of its key gets another type: apply says what there is to say.
  if ((await attempt(session, [...create, ...staying.map(({ bound }, index) => attach(`fdw_stay_${index}`, bound))])) !== undefined) return [];
  const problems: Problem[] = [];
  for (const partition of coming) {
    const refused = await attempt(session, [attach('fdw_coming', placeAmong(partition.partitionOf)?.bound ?? '')]);
    if (refused === undefined) {
      await session.query('DROP TABLE pg_temp.fdw_coming');
      continue;
    }
    const [, index] = /fdw_stay_(\d+)/.exec(`${refused.message} ${refused.why ?? ''}`) ?? [];
    const other = staying[Number(index)];
    if (other === undefined) continue;
    const at = placeOf(partition, spec) ?? placeOf(table, spec);
    if (at !== undefined) problems.push({ message: `partition ${partition.name}: ${other.what} ${other.schema}.${other.name} is in the way: it stays attached as ${other.bound}`, at, hint: remedy(other, table) });
  }
  return problems;
}

function remedy({ what, schema, name }: Partition, table: PartitionedTable): string {
  if (what !== 'foreign table') return `detach it by hand: ALTER TABLE … DETACH PARTITION …; its rows are here`;
  if (schema !== table.schema) return `to drop it, name ${schema}.${name} under \`tables\` with \`absent: true\``;
  return `to drop it, name it under \`partitions\` with \`absent: true\`, or say \`prune: true\` of the table; to keep it, name it with its bounds`;
}
