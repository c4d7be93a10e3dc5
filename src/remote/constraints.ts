import type { StandingCheck } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';

/** What the remote's `pg_constraint` says of some relations. The text of a CHECK is a node tree there, which only the remote can print. */
export interface FoundConstraints {
  /** CHECKs that are validated, by relation. */
  readonly checks: ReadonlyMap<number, readonly StandingCheck[]>;
  /** `relation position` of columns whose NOT NULL is not validated (18: ADD NOT NULL … NOT VALID sets attnotnull at once). */
  readonly unvalidated: ReadonlySet<string>;
}

const constraintSql = `
SELECT conrelid, conname, contype, conkey, convalidated
  FROM pg_temp.fdw_relation_constraint
 WHERE conrelid = ANY ($1::oid[]) AND (contype = 'c' OR (contype = 'n' AND NOT convalidated))`;

/** CHECKs and doubtful NOT NULLs of the relations. One query. */
export async function findConstraints(session: Session, relations: readonly number[]): Promise<FoundConstraints> {
  const checks = new Map<number, StandingCheck[]>();
  const unvalidated = new Set<string>();
  if (relations.length === 0) return { checks, unvalidated };
  const rows = await session.query<{
    readonly conrelid: number;
    readonly conname: string;
    readonly contype: string;
    readonly conkey: readonly number[] | null;
    readonly convalidated: boolean;
  }>(constraintSql, [relations]);
  for (const { conrelid, conname, contype, conkey, convalidated } of rows) {
    if (contype === 'n') for (const position of conkey ?? []) unvalidated.add(`${conrelid} ${position}`);
    else if (convalidated) checks.set(conrelid, [...(checks.get(conrelid) ?? []), { name: conname, columns: conkey ?? [] }]);
  }
  return { checks, unvalidated };
}
