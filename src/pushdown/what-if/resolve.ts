import type { Session } from '../../postgres/session.ts';
import type { Parser } from '../parser.ts';

/** A relation that a statement names, for copying. */
export interface Named {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `pg_class.relkind`. */
  readonly kind: string;
  readonly server: string | undefined;
  /** Of its server. */
  readonly wrapper: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  /** Of a view: its query, and its options. */
  readonly definition: string | undefined;
  readonly viewOptions: readonly string[];
  /** Of a view that is read as its owner, who is another than the session's role. */
  readonly foreignOwner: string | undefined;
  /** Of a table: its columns. */
  readonly columns: readonly NamedColumn[];
  /** Of a partitioned table: `LIST (tenant_id)`, and its partitions, the default one last. */
  readonly partitionKey: string | undefined;
  readonly partitions: readonly Partition[];
}

/** One partition, which may have partitions of its own. */
export interface Partition {
  readonly of: Named;
  /** `FOR VALUES IN (0)`, `DEFAULT`. */
  readonly bound: string;
}

export interface NamedColumn {
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly notNull: boolean;
  readonly generated: string | null;
  readonly options: Readonly<Record<string, string>> | null;
}

interface Row extends Record<string, unknown> {
  readonly key: string;
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly server: string | null;
  readonly wrapper: string | null;
  readonly options: Readonly<Record<string, string>> | null;
  readonly definition: string | null;
  readonly view_options: string[] | null;
  readonly foreign_owner: string | null;
  readonly columns: readonly NamedColumn[];
  readonly partition_key: string | null;
  readonly parent: string | null;
  readonly bound: string | null;
}

/** How a statement may name a relation. */
export interface Naming {
  readonly schema: string | undefined;
  readonly name: string;
}

/** A RangeVar, to be changed in place. */
export interface RangeVar {
  relname: string;
  schemaname?: string;
  alias?: unknown;
}

/** All RangeVars of a tree, those of CTEs not told apart: a name that is none of a relation is simply not found. */
export function* namings(value: unknown): Generator<RangeVar> {
  if (typeof value !== 'object' || value === null) return;
  if (isRangeVar(value)) {
    yield value;
    return;
  }
  for (const each of Object.values(value)) yield* namings(each);
}

function isRangeVar(value: object): value is RangeVar {
  return 'relname' in value && typeof value.relname === 'string';
}

/**
 * Resolves the names of a statement, and those in the views that it reaches, under the session's search_path.
 */
export async function resolveNamed(session: Session, parser: Parser, sql: string): Promise<ReadonlyMap<string, Named>> {
  const found = new Map<string, Row>();
  let wanted = namesIn(parser, sql);
  for (let level = 0; wanted.length > 0 && level < 20; level += 1) {
    const rows = await session.query<Row>(relationsOf(byName), [wanted.map((each) => each.schema ?? null), wanted.map((each) => each.name)]);
    const next: Naming[] = [];
    for (const row of rows) {
      const naming = wanted[Number(row.key) - 1];
      if (naming === undefined) continue;
      found.set(keyOf(naming), row);
      if (row.definition !== null) next.push(...namesIn(parser, row.definition));
    }
    wanted = next.filter((each) => !found.has(keyOf(each)));
  }
  const roots = [...found.values()].filter(({ kind }) => kind === 'p').map(({ oid }) => oid);
  const below = roots.length === 0 ? [] : await session.query<Row>(relationsOf(inTree), [roots]);
  return new Map([...found].map(([key, row]) => [key, named(row, below)]));
}

export function keyOf({ schema, name }: Naming): string {
  return `${schema ?? ''}\0${name}`;
}

function namesIn(parser: Parser, sql: string): readonly Naming[] {
  const all = [...namings(parser.parse(sql)?.stmts?.[0]?.stmt)].map(({ schemaname, relname }) => ({ schema: schemaname, name: relname }));
  return [...new Map(all.map((each) => [keyOf(each), each])).values()];
}

/** @param partitions of all partitioned tables; those of this one are among them */
function named(row: Row, partitions: readonly Row[]): Named {
  return {
    oid: Number(row.oid),
    schema: row.schema,
    name: row.name,
    kind: row.kind,
    server: row.server ?? undefined,
    wrapper: row.wrapper ?? undefined,
    options: row.options ?? {},
    definition: row.definition ?? undefined,
    viewOptions: row.view_options ?? [],
    foreignOwner: row.foreign_owner ?? undefined,
    columns: row.columns,
    partitionKey: row.partition_key ?? undefined,
    partitions: partitions.filter(({ parent }) => parent === row.oid).map((each) => ({ of: named(each, partitions), bound: each.bound ?? 'DEFAULT' })),
  };
}

const optionsOf = (array: string): string => `(SELECT pg_catalog.jsonb_object_agg(option_name, option_value) FROM pg_catalog.pg_options_to_table(${array}))`;

/** Relations by the names of a statement: `$1` schemas or NULL, `$2` names. */
const byName = `
  SELECT ordinality::text AS key,
         pg_catalog.to_regclass(CASE WHEN schema IS NULL THEN '' ELSE pg_catalog.quote_ident(schema) || '.' END || pg_catalog.quote_ident(name)) AS oid
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u(schema, name, ordinality)`;

/** What lies below partitioned tables, by their OIDs: `$1`. */
const inTree = `
  SELECT DISTINCT ''::text AS key, p.relid AS oid
  FROM unnest($1::pg_catalog.oid[]) AS root(oid), pg_catalog.pg_partition_tree(root.oid) p WHERE p.level > 0`;

/** Views are printed under the search_path under which their names are resolved again. */
const relationsOf = (wanted: string): string => `
  SELECT w.key, c.oid::text, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind, s.srvname::text AS server, f.fdwname::text AS wrapper,
         ${optionsOf('t.ftoptions')} AS options,
         CASE WHEN c.relkind = 'v' THEN pg_catalog.pg_get_viewdef(c.oid) END AS definition, c.reloptions AS view_options,
         CASE WHEN c.relkind = 'v' AND c.relowner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN pg_catalog.pg_get_userbyid(c.relowner)::text END AS foreign_owner,
         (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                   'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                   'collation', CASE WHEN a.attcollation <> y.typcollation THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END,
                   'notNull', a.attnotnull, 'generated', CASE WHEN a.attgenerated = 's' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
                   'options', ${optionsOf('a.attfdwoptions')}) ORDER BY a.attnum), '[]')
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
          LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
          LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
          LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (c.relkind IN ('f', 'p') OR c.relispartition)) AS columns,
         CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_key,
         CASE WHEN c.relispartition THEN (SELECT i.inhparent::text FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) END AS parent,
         pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound
  FROM (${wanted}) w
  JOIN pg_catalog.pg_class c ON c.oid = w.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_foreign_table t ON t.ftrelid = c.oid
  LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid = t.ftserver
  LEFT JOIN pg_catalog.pg_foreign_data_wrapper f ON f.oid = s.srvfdw
  ORDER BY pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', c.oid`;
