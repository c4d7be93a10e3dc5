import type { RemoteTypeBody } from '../../model/remote-type.ts';
import type { Session } from '../../postgres/session.ts';

/** What pg_type says of a type or, but for the first two, of the element of an array. */
export interface TypeHeader {
  readonly oid: number;
  readonly array: boolean;
  /** The OID of the type itself or of the element. */
  readonly base: number;
  readonly kind: RemoteTypeBody['kind'];
  readonly schema: string;
  readonly name: string;
  /** Of a composite type, its pg_class row. */
  readonly relation: number;
  /** Of a domain: the type below with its modifier, its collation, NOT NULL and default. */
  readonly below: number;
  readonly typmod: number;
  readonly collation: number;
  readonly notNull: boolean;
  readonly fallback: string | undefined;
}

interface HeaderRow extends Record<string, unknown> {
  readonly oid: number;
  readonly element: number | null;
  readonly typtype: string;
  readonly typname: string;
  readonly nspname: string;
  readonly typrelid: number;
  readonly typbasetype: number;
  readonly typtypmod: number;
  readonly typcollation: number;
  readonly typnotnull: boolean;
  readonly typdefault: string | null;
}

const kinds = new Map<string, RemoteTypeBody['kind']>([
  ['b', 'base'],
  ['e', 'enum'],
  ['d', 'domain'],
  ['c', 'composite'],
  ['r', 'range'],
  ['m', 'multirange'],
]);

const own = ['typtype', 'typname', 'typrelid', 'typbasetype', 'typtypmod', 'typcollation', 'typnotnull', 'typdefault'];

/** Of an array the element comes along; the left join keeps a type that is none. */
const headerSql = `
SELECT t.oid, e.oid AS element, coalesce(en.nspname, n.nspname) AS nspname,
       ${own.map((column) => `CASE WHEN e.oid IS NULL THEN t.${column} ELSE e.${column} END AS ${column}`).join(', ')}
  FROM pg_temp.fdw_type AS t
  JOIN pg_temp.fdw_namespace AS n ON n.oid = t.typnamespace
  LEFT JOIN (pg_temp.fdw_type AS e JOIN pg_temp.fdw_namespace AS en ON en.oid = e.typnamespace)
    ON e.oid = t.typelem AND e.typarray = t.oid
 WHERE t.oid = ANY ($1::oid[])`;

/** One query. */
export async function findHeaders(session: Session, oids: readonly number[]): Promise<readonly TypeHeader[]> {
  const rows = await session.query<HeaderRow>(headerSql, [oids]);
  return rows.map((row) => ({
    oid: row.oid,
    array: row.element !== null,
    base: row.element ?? row.oid,
    kind: kinds.get(row.typtype) ?? 'base',
    schema: row.nspname,
    name: row.typname,
    relation: row.typrelid,
    below: row.typbasetype,
    typmod: row.typtypmod,
    collation: row.typcollation,
    notNull: row.typnotnull,
    fallback: row.typdefault ?? undefined,
  }));
}
