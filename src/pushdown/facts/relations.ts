import type { QualifiedName } from '../../model/name.ts';
import { nameKey } from '../../model/name.ts';
import type { Session } from '../../postgres/session.ts';
import { notYetAsked } from './ask-once.ts';

/** What the catalogs say about a relation of a plan. */
export interface RelationFacts extends QualifiedName {
  readonly oid: number;
  /** `pg_class.relkind`: `f` foreign table, `p` partitioned table, `r` table … */
  readonly kind: string;
  /** Of a foreign table. */
  readonly server: ServerFacts | undefined;
  /** The name on the remote: the option `table_name`, else its own. */
  readonly remoteName: string;
  /** Never analyzed: `reltuples` is -1 (14 and later). */
  readonly neverAnalyzed: boolean;
  /** The topmost table that it is a partition or a child of. */
  readonly root: QualifiedName | undefined;
  /** Of a partitioned table: servers of the foreign tables below it, and all its partitions, on every level. */
  readonly partitionServers: readonly string[];
  readonly partitions: readonly QualifiedName[];
  /** Row-level triggers that are not internal: they forbid direct modification. */
  readonly rowTriggers: readonly string[];
  /** Columns GENERATED ALWAYS AS … STORED. */
  readonly generatedColumns: readonly string[];
  /** The option `async_capable` of the table, else of its server. */
  readonly asyncCapable: boolean | undefined;
  /** The option `batch_size` of the table, else of its server. */
  readonly batchSize: number;
}

export interface ServerFacts {
  readonly oid: number;
  readonly name: string;
  readonly wrapper: string;
  /** The option `extensions`, as stored. */
  readonly extensions: string | undefined;
  readonly fetchSize: number;
  /** The options `fdw_startup_cost` and `fdw_tuple_cost`, where they are set. */
  readonly startupCost: number | undefined;
  readonly tupleCost: number | undefined;
}

export type FactsOf = (name: QualifiedName) => RelationFacts | undefined;

interface Found extends Record<string, unknown> {
  readonly schema: string;
  readonly name: string;
  readonly oid: string;
  readonly kind: string;
  readonly remote_name: string | null;
  readonly never_analyzed: boolean;
  readonly server_oid: string | null;
  readonly server: string | null;
  readonly wrapper: string | null;
  readonly extensions: string | null;
  readonly fetch_size: string | null;
  readonly startup_cost: string | null;
  readonly tuple_cost: string | null;
  readonly root_schema: string | null;
  readonly root_name: string | null;
  readonly partition_servers: string[] | null;
  readonly partitions: readonly QualifiedName[] | null;
  readonly row_triggers: string[] | null;
  readonly generated_columns: string[] | null;
  readonly async_capable: string | null;
  readonly batch_size: string | null;
}

/** The facts of all relations that a run's plans have named so far, each asked for once. */
export class RelationsOfRun {
  readonly #facts = new Map<string, RelationFacts | undefined>();

  readonly of: FactsOf = (name) => this.#facts.get(nameKey(name));

  /** Learns of those that are not known yet, and of the partitions below them, in one query. */
  async read(session: Session, names: readonly QualifiedName[]): Promise<void> {
    const fresh = notYetAsked(names, nameKey, this.#facts);
    if (fresh.size === 0) return;
    const found = await readRelationFacts(session, [...fresh.values()]);
    for (const key of fresh.keys()) this.#facts.set(key, undefined);
    for (const facts of found) this.#facts.set(nameKey(facts), facts);
  }
}

/**
 * `tgtype & 1` is a row trigger (src/include/catalog/pg_trigger.h); `pg_inherits` covers partitions and
 * children alike.
 */
async function readRelationFacts(session: Session, wanted: readonly QualifiedName[]): Promise<readonly RelationFacts[]> {
  const rows = await session.query<Found>(
    `WITH RECURSIVE named AS (
       SELECT c.oid, c.relkind
       FROM unnest($1::text[], $2::text[]) AS w(schema, name)
       JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
       JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
     ), wanted AS (
       SELECT n.nspname AS schema, c.relname AS name, c.oid, c.relkind, c.reltuples
       FROM (SELECT oid FROM named UNION SELECT p.relid FROM named, pg_catalog.pg_partition_tree(named.oid) p WHERE named.relkind = 'p') w
       JOIN pg_catalog.pg_class c ON c.oid = w.oid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     ), up(oid, parent, level) AS (
       SELECT w.oid, i.inhparent, 1 FROM wanted w JOIN pg_catalog.pg_inherits i ON i.inhrelid = w.oid
       UNION
       SELECT up.oid, i.inhparent, up.level + 1 FROM up JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.parent
     ), top AS (
       SELECT DISTINCT ON (oid) oid, parent FROM up ORDER BY oid, level DESC, parent
     )
     SELECT w.schema::text, w.name::text, w.oid::text, w.relkind::text AS kind, w.reltuples < 0 AS never_analyzed, ${valueIn('t.ftoptions', 'table_name')} AS remote_name,
            s.oid::text AS server_oid, s.srvname::text AS server, f.fdwname::text AS wrapper,
            ${valueIn('s.srvoptions', 'extensions')} AS extensions, ${valueIn('s.srvoptions', 'fdw_startup_cost')} AS startup_cost, ${valueIn('s.srvoptions', 'fdw_tuple_cost')} AS tuple_cost,
            ${optionOf('fetch_size')} AS fetch_size, ${optionOf('async_capable')} AS async_capable, ${optionOf('batch_size')} AS batch_size,
            rn.nspname::text AS root_schema, r.relname::text AS root_name,
            CASE WHEN w.relkind = 'p' THEN ARRAY(
              SELECT DISTINCT ps.srvname::text FROM pg_catalog.pg_partition_tree(w.oid) p
              JOIN pg_catalog.pg_foreign_table pt ON pt.ftrelid = p.relid
              JOIN pg_catalog.pg_foreign_server ps ON ps.oid = pt.ftserver ORDER BY 1) END AS partition_servers,
            CASE WHEN w.relkind = 'p' THEN (
              SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('schema', l.schema, 'name', l.name) ORDER BY l.schema, l.name)
              FROM pg_catalog.pg_partition_tree(w.oid) p JOIN wanted l ON l.oid = p.relid WHERE p.level > 0) END AS partitions,
            ARRAY(SELECT tgname::text FROM pg_catalog.pg_trigger
                  WHERE tgrelid = w.oid AND NOT tgisinternal AND tgtype & 1 = 1 ORDER BY 1) AS row_triggers,
            ARRAY(SELECT attname::text FROM pg_catalog.pg_attribute
                  WHERE attrelid = w.oid AND attgenerated = 's' AND NOT attisdropped ORDER BY attnum) AS generated_columns
     FROM wanted w
     LEFT JOIN pg_catalog.pg_foreign_table t ON t.ftrelid = w.oid
     LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid = t.ftserver
     LEFT JOIN pg_catalog.pg_foreign_data_wrapper f ON f.oid = s.srvfdw
     LEFT JOIN top ON top.oid = w.oid
     LEFT JOIN pg_catalog.pg_class r ON r.oid = top.parent
     LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace`,
    [wanted.map((name) => name.schema), wanted.map((name) => name.name)],
  );
  return rows.map(ofRow);
}

/** An option of the table `t`, else of the server `s`. */
function optionOf(name: string): string {
  return `coalesce(${valueIn('t.ftoptions', name)}, ${valueIn('s.srvoptions', name)})`;
}

function valueIn(options: string, name: string): string {
  return `(SELECT option_value FROM pg_catalog.pg_options_to_table(${options}) WHERE option_name = '${name}')`;
}

function ofRow(row: Found): RelationFacts {
  return {
    schema: row.schema,
    name: row.name,
    oid: Number(row.oid),
    kind: row.kind,
    server:
      row.server === null
        ? undefined
        : {
            oid: Number(row.server_oid),
            name: row.server,
            wrapper: row.wrapper ?? '',
            extensions: row.extensions ?? undefined,
            fetchSize: Number(row.fetch_size ?? 100),
            startupCost: row.startup_cost === null ? undefined : Number(row.startup_cost),
            tupleCost: row.tuple_cost === null ? undefined : Number(row.tuple_cost),
          },
    remoteName: row.remote_name ?? row.name,
    neverAnalyzed: row.never_analyzed,
    root: row.root_schema === null || row.root_name === null ? undefined : { schema: row.root_schema, name: row.root_name },
    partitionServers: row.partition_servers ?? [],
    partitions: row.partitions ?? [],
    rowTriggers: row.row_triggers ?? [],
    generatedColumns: row.generated_columns ?? [],
    asyncCapable: row.async_capable === null ? undefined : ['true', 'on'].includes(row.async_capable.toLowerCase()),
    batchSize: Number(row.batch_size ?? 1),
  };
}
