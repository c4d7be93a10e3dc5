import { Shared } from '../../base/shared.ts';
import { type Problem, SpecError } from '../../base/spec-error.ts';
import { withCatalogPath } from '../../catalog/catalog-path.ts';
import { readPartitionedTables } from '../../catalog/partitioned-tables.ts';
import { createPartitionedTable } from '../../ddl/partitioned-table.ts';
import { boundText, partitionTable, rangeGap } from '../../desired/sharded-table.ts';
import { type DescribedType, spelledColumns } from '../../desired/spelled-table.ts';
import type { ForeignTable } from '../../model/objects.ts';
import type { PartitionedTable } from '../../model/partitioned-table.ts';
import type { Session } from '../../postgres/session.ts';
import { literal } from '../../sql/quote.ts';
import { render } from '../../sql/statement.ts';
import type { SpecPartition, SpecShardedTable } from '../../spec/types.ts';
import { attempt } from './attempt.ts';
import { canonicalColumns } from './canonical-tables.ts';

/** Sharded tables in PostgreSQL's own words. */
export interface ShardedTables {
  readonly partitionedTables: readonly PartitionedTable[];
  /** Their partitions. */
  readonly foreignTables: readonly ForeignTable[];
}

/**
 * Makes each sharded table in `pg_temp`, with plain partitions, and reads it back: so PostgreSQL says what its key and
 * bounds are, and which overlap.
 *
 * @param session in a transaction that will be rolled back, with the types in place
 * @throws SpecError with all bounds that PostgreSQL does not take, and gaps, each at its place
 */
export async function shardedTables(session: Session, specs: readonly SpecShardedTable[], describe: (text: string) => DescribedType): Promise<ShardedTables> {
  const problems: Problem[] = [];
  const made: { table: PartitionedTable; partitions: readonly ForeignTable[] }[] = [];
  for (const spec of specs) {
    const { columns, problems: unknown } = spelledColumns(spec.columns, describe, new Shared());
    problems.push(...unknown);
    if (unknown.length > 0) continue;
    const { owner, comment, grants } = spec;
    const draft: PartitionedTable = { kind: 'partitioned-table', ...spec.name.value, key: spec.key.value, columns, owner, comment, grants };
    await session.query('SAVEPOINT fdw_sharded');
    const found = await tryTable(session, spec, draft, problems);
    await session.query('ROLLBACK TO SAVEPOINT fdw_sharded; RELEASE SAVEPOINT fdw_sharded');
    if (found === undefined) continue;
    const gap = spec.strategy === 'range' ? rangeGap(spec, found.bounds) : undefined;
    if (gap !== undefined) problems.push({ message: gap, at: spec.name.at, hint: 'close them, add a partition with `default: true`, or say `gaps: allow`' });
    made.push({ table: found.table, partitions: spec.partitions.map((partition) => partitionTable(found.table, partition, found.bounds.get(partition) ?? '')) });
  }
  if (problems.length > 0) throw new SpecError(problems);
  return { partitionedTables: made.map(({ table }) => table), foreignTables: made.flatMap(({ partitions }) => partitions) };
}

const temporary = { schema: 'pg_temp', name: 'fdw_sharded' };

async function tryTable(
  session: Session,
  spec: SpecShardedTable,
  draft: PartitionedTable,
  problems: Problem[],
): Promise<{ readonly table: PartitionedTable; readonly bounds: ReadonlyMap<SpecPartition, string> } | undefined> {
  const create = createPartitionedTable({ ...draft, ...temporary }).map((statement) => render(statement, () => literal('')));
  const refused = await attempt(session, create);
  if (refused !== undefined) {
    problems.push({ message: `partitioned table ${draft.schema}.${draft.name}: ${refused.message}`, at: spec.key.at, hint: refused.todo });
    return undefined;
  }
  for (const [index, partition] of spec.partitions.entries()) {
    const problem = await attempt(session, [`CREATE TABLE pg_temp.fdw_part_${index} PARTITION OF pg_temp.fdw_sharded ${boundText(partition.bound)}`]);
    if (problem !== undefined) problems.push({ message: `partition ${partition.name.value.name}: ${withNames(problem.message, spec)}`, at: partition.name.at, hint: problem.todo });
  }
  return readBack(session, spec, draft);
}

/** A message of the server with the partitions' own names. */
function withNames(message: string, { partitions }: SpecShardedTable): string {
  return message.replaceAll(/fdw_part_(\d+)/g, (whole, index: string) => partitions[Number(index)]?.name.value.name ?? whole);
}

async function readBack(session: Session, spec: SpecShardedTable, draft: PartitionedTable): Promise<{ readonly table: PartitionedTable; readonly bounds: ReadonlyMap<SpecPartition, string> } | undefined> {
  const [schema] = await session.query<{ name: string }>('SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()');
  if (schema === undefined) return undefined;
  return withCatalogPath(session, async () => {
    const answer = (await readPartitionedTables(session, [schema.name])).find(({ name }) => name === temporary.name);
    const rows = await session.query<{ name: string; bound: string }>(
      "SELECT relname AS name, pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relispartition AND relname LIKE 'fdw\\_part\\_%'",
    );
    if (answer === undefined) return undefined;
    const bounds = new Map(rows.flatMap(({ name, bound }) => {
      const partition = spec.partitions[Number(name.slice('fdw_part_'.length))];
      return partition === undefined ? [] : [[partition, bound] as const];
    }));
    return { table: { ...draft, key: answer.key, columns: canonicalColumns(draft.columns, answer.columns) }, bounds };
  });
}
