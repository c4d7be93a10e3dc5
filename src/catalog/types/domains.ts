import type { DomainCheck, DomainType } from '../../model/user-types.ts';
import type { Session } from '../../postgres/session.ts';
import { type FacetRow, facetsOf } from '../facets.ts';
import { byName, facetsOfType, inScope } from './scope.ts';

interface DomainRow extends FacetRow {
  readonly schema: string;
  readonly name: string;
  readonly base: string;
  readonly collation_schema: string | null;
  readonly collation: string | null;
  readonly not_null: boolean;
  readonly default: string | null;
  readonly checks: readonly DomainCheck[];
}

/** Domains, with their checks by name. */
export async function readDomains(session: Session, schema: string | undefined): Promise<readonly DomainType[]> {
  const rows = await session.query<DomainRow>(query, [schema ?? null]);
  return rows.map((row) => ({
    kind: 'domain',
    schema: row.schema,
    name: row.name,
    base: row.base,
    collation: row.collation === null || row.collation_schema === null ? undefined : { schema: row.collation_schema, name: row.collation },
    notNull: row.not_null,
    default: row.default ?? undefined,
    checks: row.checks,
    ...facetsOf(row),
  }));
}

/* From 17 on NOT NULL is a constraint as well (contype n); pg_type says it on every major. */
const query = `
  SELECT n.nspname AS schema, t.typname AS name, ${facetsOfType}, format_type(t.typbasetype, t.typtypmod) AS base,
    cn.nspname AS collation_schema, co.collname AS collation, t.typnotnull AS not_null,
    pg_get_expr(t.typdefaultbin, 0) AS default,
    (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, 0)) ORDER BY k.conname COLLATE "C"), '[]')
     FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS checks
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_collation co ON co.oid = t.typcollation AND t.typcollation <> b.typcollation
  LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
  WHERE t.typtype = 'd' AND ${inScope('t', 'n')}
  ${byName}`;
