import type { Session } from '../../postgres/session.ts';

const labelSql = `SELECT enumtypid, enumsortorder, enumlabel FROM pg_temp.fdw_enum WHERE enumtypid = ANY ($1::oid[])`;

/** The labels of enums, in sort order. One query, none for no enum. */
export async function findLabels(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const labels = new Map<number, string[]>();
  if (oids.length === 0) return labels;
  const rows = await session.query<{ readonly enumtypid: number; readonly enumsortorder: number; readonly enumlabel: string }>(labelSql, [oids]);
  for (const row of [...rows].sort((a, b) => a.enumsortorder - b.enumsortorder)) {
    labels.set(row.enumtypid, [...(labels.get(row.enumtypid) ?? []), row.enumlabel]);
  }
  return labels;
}
