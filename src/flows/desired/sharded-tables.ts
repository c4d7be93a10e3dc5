import { Shared } from '../../base/shared.ts';
import type { SourceSpan } from '../../base/source.ts';
import { type Problem, SpecError } from '../../base/spec-error.ts';
import { withCatalogPath } from '../../catalog/catalog-path.ts';
import { type FoundChecks, readChecks } from '../../catalog/checks.ts';
import { readPartitionedTables } from '../../catalog/partitioned-tables.ts';
import { checkDefinition } from '../../ddl/check.ts';
import { createPartitionedTable } from '../../ddl/partitioned-table.ts';
import { boundText, type JudgedPartition, partitionTable, rangeGap } from '../../desired/sharded-table.ts';
import { type DescribedType, spelledColumns } from '../../desired/spelled-table.ts';
import type { Storage } from '../../model/column.ts';
import type { ForeignTable } from '../../model/objects.ts';
import type { PartitionedTable } from '../../model/partitioned-table.ts';
import type { Session } from '../../postgres/session.ts';
import { ident, literal } from '../../sql/quote.ts';
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
    const gap = spec.strategy === 'range' ? rangeGap(spec, found.judged) : undefined;
    if (gap !== undefined) problems.push({ message: gap, at: spec.name.at, hint: 'close them, add a partition with `default: true`, or say `gaps: allow`' });
    made.push({ table: found.table, partitions: spec.partitions.flatMap((partition) => {
      const judged = found.judged.get(partition);
      return judged === undefined ? [] : [partitionTable(found.table, partition, judged)];
    }) });
  }
  if (problems.length > 0) throw new SpecError(problems);
  return { partitionedTables: made.map(({ table }) => table), foreignTables: made.flatMap(({ partitions }) => partitions) };
}

const temporary = { schema: 'pg_temp', name: 'fdw_sharded' };

/** A sharded table in the server's words, and its partitions by what the spec says of them. */
interface Judged {
  readonly table: PartitionedTable;
  readonly judged: ReadonlyMap<SpecPartition, JudgedPartition>;
}

async function tryTable(session: Session, spec: SpecShardedTable, draft: PartitionedTable, problems: Problem[]): Promise<Judged | undefined> {
  const create = createPartitionedTable({ ...draft, ...temporary }).map((statement) => render(statement, () => literal('')));
  const refused = await attempt(session, create);
  if (refused !== undefined) {
    problems.push({ message: `partitioned table ${draft.schema}.${draft.name}: ${refused.message}`, at: spec.key.at, hint: refused.todo });
    return undefined;
  }
  for (const [index, partition] of spec.partitions.entries()) {
    const copy = `pg_temp.fdw_part_${index}`;
    const problem = await attempt(session, [`CREATE TABLE ${copy} PARTITION OF pg_temp.fdw_sharded ${boundText(partition.bound)}`]);
    const refusal = problem ?? (await tryOwn(session, copy, partition));
    if (refusal !== undefined) problems.push({ message: `partition ${partition.name.value.name}: ${withNames(refusal.message, spec)}`, at: 'at' in refusal ? refusal.at : partition.name.at, hint: refusal.todo });
  }
  return readBack(session, spec, draft, problems);
}

/** What a partition has of its own, one by one: so a mistake is shown at its place. */
async function tryOwn(session: Session, copy: string, { checks = [], columns }: SpecPartition): Promise<{ readonly message: string; readonly todo: string | undefined; readonly at: SourceSpan } | undefined> {
  const statements = [
    ...columns.flatMap(({ name, storage }) => (storage === undefined || storage.value === 'default' ? [] : [{ sql: `ALTER TABLE ${copy} ALTER COLUMN ${ident(name.value)} SET STORAGE ${storage.value.toUpperCase()}`, at: storage.at }])),
    ...checks.map(({ value, at }) => ({ sql: `ALTER TABLE ${copy} ADD ${checkDefinition(value)}`, at })),
  ];
  for (const { sql, at } of statements) {
    const refused = await attempt(session, [sql]);
    if (refused !== undefined) return { message: refused.message, todo: refused.todo, at };
  }
  return undefined;
}

/** A message of the server with the partitions' own names. */
function withNames(message: string, { partitions }: SpecShardedTable): string {
  return message.replaceAll(/fdw_part_(\d+)/g, (whole, index: string) => partitions[Number(index)]?.name.value.name ?? whole);
}

interface PartitionRow extends Record<string, unknown> {
  readonly oid: string;
  readonly name: string;
  readonly bound: string;
  /** Of each column, what its type has of itself. */
  readonly storage: Readonly<Record<string, Storage['mode']>>;
}

async function readBack(session: Session, spec: SpecShardedTable, draft: PartitionedTable, problems: Problem[]): Promise<Judged | undefined> {
  const [schema] = await session.query<{ name: string }>('SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()');
  if (schema === undefined) return undefined;
  return withCatalogPath(session, async () => {
    const answer = (await readPartitionedTables(session, [schema.name])).find(({ name }) => name === temporary.name);
    if (answer === undefined) return undefined;
    const rows = await session.query<PartitionRow>(partitionsQuery);
    const checks = spec.partitions.some((partition) => (partition.checks ?? []).length > 0) ? await readChecks(session, ofPartitions, [], 'any') : new Map<string, FoundChecks>();
    const judged = new Map<SpecPartition, JudgedPartition>();
    for (const { oid, name, bound, storage } of rows) {
      const partition = spec.partitions[Number(name.slice('fdw_part_'.length))];
      if (partition === undefined) continue;
      const own = checks.get(oid)?.own ?? [];
      if (problems.length === 0 && own.length !== (partition.checks ?? []).length) problems.push({ message: 'a check here is not one expression', at: partition.name.at });
      judged.set(partition, { bound, checks: partition.checks === undefined ? undefined : own, storage: storagesOf(partition, new Map(Object.entries(storage))) });
    }
    return { table: { ...draft, key: answer.key, columns: canonicalColumns(draft.columns, answer.columns) }, judged };
  });
}

function storagesOf({ columns }: SpecPartition, own: ReadonlyMap<string, Storage['mode']>): ReadonlyMap<string, Storage> {
  return new Map(columns.flatMap(({ name, storage }) => {
    const plain = own.get(name.value);
    if (storage === undefined || plain === undefined) return [];
    const mode = storage.value === 'default' ? plain : storage.value;
    return [[name.value, { mode, isDefault: mode === plain }] as const];
  }));
}

const ofPartitions = "c.relnamespace = pg_my_temp_schema() AND c.relispartition AND c.relname LIKE 'fdw\\_part\\_%'";

const partitionsQuery = `
  SELECT c.oid::text AS oid, c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound,
    (SELECT json_object_agg(a.attname, CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END)
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS storage
  FROM pg_class c WHERE ${ofPartitions}`;
