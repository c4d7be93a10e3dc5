import { groupBy } from '../../base/group.ts';
import { compareNames } from '../../model/option.ts';
import type { DomainCheck } from '../../model/user-types.ts';
import type { Session } from '../../postgres/session.ts';

/** The checks of a domain, and the names of those whose expression is not shown. */
export interface FoundChecks {
  readonly checks: readonly DomainCheck[];
  readonly hidden: readonly string[];
}

/*
 * pg_constraint holds a node tree, which only the remote's own functions can print; information_schema.check_constraints
 * calls one, for the owner of the domain only, and names a constraint by schema and name alone. Where another one has the
 * same two, the text cannot be told to be this one's.
 */
const checkSql = `
SELECT c.contypid, c.conname, k.check_clause, o.oid IS NOT NULL AS ambiguous
  FROM pg_temp.fdw_constraint AS c
  JOIN pg_temp.fdw_namespace AS n ON n.oid = c.connamespace
  LEFT JOIN pg_temp.fdw_constraint AS o ON o.connamespace = c.connamespace AND o.conname = c.conname AND o.oid <> c.oid
  LEFT JOIN pg_temp.fdw_checks AS k ON k.constraint_schema = n.nspname AND k.constraint_name = c.conname
 WHERE c.contypid = ANY ($1::oid[]) AND c.contype = 'c'`;

interface CheckRow extends Record<string, unknown> {
  readonly contypid: number;
  readonly conname: string;
  readonly check_clause: string | null;
  readonly ambiguous: boolean;
}

/** The checks of domains. One query, none for no domain. */
export async function findChecks(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, FoundChecks>> {
  if (oids.length === 0) return new Map();
  const rows = await session.query<CheckRow>(checkSql, [oids]);
  return new Map([...groupBy(rows, ({ contypid }) => contypid)].map(([oid, own]) => [oid, foundChecks(own)]));
}

function foundChecks(rows: readonly CheckRow[]): FoundChecks {
  const sorted = [...rows].sort((a, b) => compareNames(a.conname, b.conname));
  const shown = sorted.flatMap(({ conname, check_clause, ambiguous }) => (check_clause === null || ambiguous ? [] : [{ name: conname, expression: check_clause }]));
  const names = new Set(shown.map(({ name }) => name));
  return { checks: shown, hidden: [...new Set(sorted.map(({ conname }) => conname))].filter((name) => !names.has(name)) };
}
