import type { QualifiedName } from '../../model/name.ts';
import type { RemoteFunction } from '../../model/remote-type.ts';
import type { Session } from '../../postgres/session.ts';

/** A range type with its multirange, types and collation still OIDs of the remote. */
export interface FoundRange {
  readonly range: number;
  readonly subtype: number;
  /** 0: none. */
  readonly collation: number;
  readonly opclass: QualifiedName | undefined;
  readonly canonical: RemoteFunction | undefined;
  readonly subdiff: RemoteFunction | undefined;
  readonly multirange: QualifiedName;
}

interface RangeRow extends Record<string, unknown> {
  readonly rngtypid: number;
  readonly rngsubtype: number;
  readonly rngmultitypid: number;
  readonly rngcollation: number;
  readonly rngcanonical: string;
  readonly rngsubdiff: string;
  readonly opcname: string;
  readonly opcschema: string;
  readonly opcdefault: boolean;
  readonly multirange: string;
  readonly multirange_schema: string;
}

const rangeSql = `
SELECT r.rngtypid, r.rngsubtype, r.rngmultitypid, r.rngcollation, r.rngcanonical, r.rngsubdiff,
       o.opcname, n.nspname AS opcschema, o.opcdefault, m.typname AS multirange, mn.nspname AS multirange_schema
  FROM pg_temp.fdw_range AS r
  JOIN pg_temp.fdw_opclass AS o ON o.oid = r.rngsubopc
  JOIN pg_temp.fdw_namespace AS n ON n.oid = o.opcnamespace
  JOIN pg_temp.fdw_type AS m ON m.oid = r.rngmultitypid
  JOIN pg_temp.fdw_namespace AS mn ON mn.oid = m.typnamespace
 WHERE r.rngtypid = ANY ($1::oid[]) OR r.rngmultitypid = ANY ($1::oid[])`;

/**
 * What range types are made of. One query, none for no type.
 * @param oids of range and multirange types
 * @returns by both OIDs
 */
export async function findRanges(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, FoundRange>> {
  if (oids.length === 0) return new Map();
  const rows = await session.query<RangeRow>(rangeSql, [oids]);
  return new Map(
    rows.flatMap((row) => {
      const found: FoundRange = {
        range: row.rngtypid,
        subtype: row.rngsubtype,
        collation: row.rngcollation,
        opclass: row.opcdefault ? undefined : { schema: row.opcschema, name: row.opcname },
        canonical: functionOf(row.rngcanonical),
        subdiff: functionOf(row.rngsubdiff),
        multirange: { schema: row.multirange_schema, name: row.multirange },
      };
      return [[row.rngtypid, found] as const, [row.rngmultitypid, found] as const];
    }),
  );
}

/**
 * A regproc as text: `-` for none; the bare name where that names one function along `search_path = pg_catalog`, else
 * with its schema (regprocout, src/backend/utils/adt/regproc.c). Built-in functions have plain names.
 */
function functionOf(text: string): RemoteFunction | undefined {
  if (text === '-') return undefined;
  const [, builtin] = /^(?:pg_catalog\.)?([a-z_0-9]+)$/.exec(text) ?? [];
  return builtin === undefined ? { name: text, builtin: false } : { name: builtin, builtin: true };
}
