import type { Session } from '../../postgres/session.ts';

/** 1247 is pg_type, 3079 pg_extension (fixed OIDs of their own, pg_type.h and pg_extension.h). */
const extensionSql = `
SELECT d.objid, x.extname
  FROM pg_temp.fdw_depend AS d
  JOIN pg_temp.fdw_extension AS x ON x.oid = d.refobjid
 WHERE d.classid = 1247 AND d.objid = ANY ($1::oid[]) AND d.refclassid = 3079 AND d.deptype = 'e'`;

/** The extensions that bring the types. One query, none for no type. */
export async function findExtensions(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (oids.length === 0) return new Map();
  const rows = await session.query<{ readonly objid: number; readonly extname: string }>(extensionSql, [oids]);
  return new Map(rows.map((row) => [row.objid, row.extname]));
}
