import type { QualifiedName } from '../model/name.ts';
import type { StandingKind, StandingRelation } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';

/** A relation of the remote, before its columns are known. */
export interface StandingEntry extends QualifiedName {
  readonly oid: number;
  readonly kind: StandingKind;
  readonly size: StandingRelation['size'];
}

interface RelationRow extends Record<string, unknown> {
  readonly nspname: string;
  readonly oid: number | null;
  readonly relname: string | null;
  readonly relkind: string | null;
  readonly relispartition: boolean | null;
  readonly reltuples: number | null;
  readonly relpages: number | null;
}

const kinds: Readonly<Record<string, StandingKind>> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
  i: 'index',
  I: 'index',
  c: 'composite type',
};

/** The left join tells a schema without relations from one that is missing. */
const relationSql = `
SELECT n.nspname, c.oid, c.relname, c.relkind, c.relispartition, c.reltuples, c.relpages
  FROM pg_temp.fdw_namespace AS n
  LEFT JOIN pg_temp.fdw_class AS c ON c.relnamespace = n.oid
 WHERE n.nspname = ANY ($1::text[])`;

/** All relations of the schemas, and which of the schemas there are. One query. */
export async function findStanding(session: Session, schemas: readonly string[]): Promise<{ readonly schemas: ReadonlySet<string>; readonly relations: readonly StandingEntry[] }> {
  const rows = await session.query<RelationRow>(relationSql, [schemas]);
  return { schemas: new Set(rows.map(({ nspname }) => nspname)), relations: rows.flatMap(entryOf) };
}

const straySql = `
SELECT n.nspname, c.oid, c.relname, c.relkind, c.relispartition, c.reltuples, c.relpages
  FROM pg_temp.fdw_class AS c
  JOIN pg_temp.fdw_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relname = ANY ($1::text[]) AND c.relkind = ANY ('{r,v,m,f,p}'::"char"[]) AND n.nspname <> ALL ($2::text[])`;

/** Relations of the same names in other schemas. One query. */
export async function findStrays(session: Session, gone: readonly QualifiedName[]): Promise<readonly StandingEntry[]> {
  const schemas = [...new Set([...gone.map(({ schema }) => schema), 'pg_catalog', 'information_schema'])];
  const rows = await session.query<RelationRow>(straySql, [[...new Set(gone.map(({ name }) => name))], schemas]);
  return rows.flatMap(entryOf);
}

function entryOf({ nspname, oid, relname, relkind, relispartition, reltuples, relpages }: RelationRow): readonly StandingEntry[] {
  if (oid === null || relname === null) return [];
  const partition = relispartition === true && (relkind === 'r' || relkind === 'p' || relkind === 'f');
  return [{ oid, schema: nspname, name: relname, kind: partition ? 'partition' : (kinds[relkind ?? ''] ?? 'other'), size: { rows: reltuples ?? -1, pages: relpages ?? 0 } }];
}
