import { groupBy } from '../base/group.ts';
import type { Check } from '../model/check.ts';
import type { Session } from '../postgres/session.ts';

interface CheckRow extends Record<string, unknown> {
  readonly relation: string;
  readonly name: string;
  readonly expression: string;
  readonly no_inherit: boolean;
  readonly validated: boolean;
  readonly enforced: boolean;
  readonly inherited: boolean;
  readonly local: boolean;
  readonly columns: readonly string[];
}

/** The checks of one table. */
export interface FoundChecks {
  readonly own: readonly Check[];
  /** Those that it has from its parents alone. */
  readonly handedDown: readonly Check[];
}

/**
 * The CHECK constraints of foreign tables, or of any, by the OIDs of the tables: one query.
 * @param wanted SQL that says which tables: `t` is pg_foreign_table, `c` its class, `n` its schema, `s` its server (of any: `c` and `n`)
 */
export async function readChecks(session: Session, wanted: string, params: readonly unknown[], of: keyof typeof sources = 'foreign'): Promise<ReadonlyMap<string, FoundChecks>> {
  const rows = await session.query<CheckRow>(checksQuery(wanted, of), params);
  const groups = groupBy(rows, ({ relation }) => relation);
  return new Map([...groups].map(([relation, found]) => [relation, { own: found.filter(({ local }) => local).map(checkOf), handedDown: found.filter(({ local }) => !local).map(checkOf) }]));
}

function checkOf({ name, expression, no_inherit: noInherit, validated, enforced, inherited, columns }: CheckRow): Check {
  return { name, expression, noInherit, notValid: enforced && !validated, notEnforced: !enforced, columns, ...(inherited ? { inherited } : {}) };
}

const sources = {
  foreign: 'pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid JOIN pg_foreign_server s ON s.oid = t.ftserver',
  any: 'pg_class c',
} as const;

/* NOT NULL is a constraint of type n from 18 on; conenforced is there from 18 on (postgresql.org/docs/18/catalog-pg-constraint.html). */
const checksQuery = (wanted: string, of: keyof typeof sources): string => `
  SELECT k.conrelid::text AS relation, k.conname AS name, pg_get_expr(k.conbin, k.conrelid) AS expression,
    k.connoinherit AS no_inherit, k.coninhcount > 0 AS inherited, k.conislocal AS local, k.convalidated AS validated, coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) AS enforced,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)) AS columns
  FROM ${sources[of]}
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'c'
  WHERE ${wanted}
  ORDER BY k.conname COLLATE "C"`;
