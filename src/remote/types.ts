import type { QualifiedName } from '../model/name.ts';
import type { RemoteType } from '../model/remote-relation.ts';
import type { Session } from '../postgres/session.ts';

/**
 * OIDs below 10000 are assigned by hand and never change meaning (FirstGenbkiObjectId,
 * src/include/access/transam.h); postgres_fdw itself takes them for the same everywhere (`is_builtin`, shippable.c).
 */
const firstUnfixedOid = 10000;

/** A type of the remote, told apart from arrays of it. */
export interface FoundType {
  /** The type itself or, of an array, its element. */
  readonly type: RemoteType;
  readonly array: boolean;
  /** Of the type or of the array itself; undefined where it means nothing elsewhere. */
  readonly builtinOid: number | undefined;
}

const typeKinds = new Map<string, RemoteType['kind']>([
  ['b', 'base'],
  ['e', 'enum'],
  ['d', 'domain'],
  ['c', 'composite'],
  ['r', 'range'],
  ['m', 'multirange'],
]);

/** Of an array the element comes along; the left join keeps a type that is none. */
const typeSql = `
SELECT t.oid, t.typtype, t.typname, n.nspname, e.oid AS element, e.typtype AS element_kind, e.typname AS element_name, en.nspname AS element_schema
  FROM pg_temp.fdw_type AS t
  JOIN pg_temp.fdw_namespace AS n ON n.oid = t.typnamespace
  LEFT JOIN (pg_temp.fdw_type AS e JOIN pg_temp.fdw_namespace AS en ON en.oid = e.typnamespace)
    ON e.oid = t.typelem AND e.typarray = t.oid
 WHERE t.oid = ANY ($1::oid[])`;

/** 1247 is pg_type, 3079 pg_extension (fixed OIDs of their own, pg_type.h and pg_extension.h). */
const extensionSql = `
SELECT d.objid, x.extname
  FROM pg_temp.fdw_depend AS d
  JOIN pg_temp.fdw_extension AS x ON x.oid = d.refobjid
 WHERE d.classid = 1247 AND d.objid = ANY ($1::oid[]) AND d.refclassid = 3079 AND d.deptype = 'e'`;

const labelSql = `SELECT enumtypid, enumsortorder, enumlabel FROM pg_temp.fdw_enum WHERE enumtypid = ANY ($1::oid[])`;

/**
 * What the OIDs of types mean on the remote. At most three queries.
 * @returns by OID, arrays by the array's own
 */
export async function findTypes(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, FoundType>> {
  if (oids.length === 0) return new Map();
  const rows = (
    await session.query<{
      readonly oid: number;
      readonly typtype: string;
      readonly typname: string;
      readonly nspname: string;
      readonly element: number | null;
      readonly element_kind: string | null;
      readonly element_name: string | null;
      readonly element_schema: string | null;
    }>(typeSql, [oids])
  ).map((row) => ({
    oid: row.oid,
    array: row.element !== null,
    base: row.element ?? row.oid,
    kind: typeKinds.get(row.element_kind ?? row.typtype) ?? 'base',
    name: row.element_name ?? row.typname,
    schema: row.element_schema ?? row.nspname,
  }));
  const foreign = rows.filter((row) => row.base >= firstUnfixedOid);
  const bases = (of: readonly { readonly base: number }[]): readonly number[] => [...new Set(of.map((row) => row.base))];
  const extensions = await findExtensions(session, bases(foreign));
  const labels = await findLabels(session, bases(foreign.filter((row) => row.kind === 'enum')));
  return new Map(
    rows.map(({ oid, array, base, kind, name, schema }): [number, FoundType] => [
      oid,
      {
        type: { schema, name, kind, extension: extensions.get(base), labels: labels.get(base) ?? [] },
        array,
        builtinOid: oid < firstUnfixedOid ? oid : undefined,
      },
    ]),
  );
}

async function findExtensions(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (oids.length === 0) return new Map();
  const rows = await session.query<{ readonly objid: number; readonly extname: string }>(extensionSql, [oids]);
  return new Map(rows.map((row) => [row.objid, row.extname]));
}

async function findLabels(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const labels = new Map<number, string[]>();
  if (oids.length === 0) return labels;
  const rows = await session.query<{ readonly enumtypid: number; readonly enumsortorder: number; readonly enumlabel: string }>(labelSql, [oids]);
  for (const row of [...rows].sort((a, b) => a.enumsortorder - b.enumsortorder)) {
    labels.set(row.enumtypid, [...(labels.get(row.enumtypid) ?? []), row.enumlabel]);
  }
  return labels;
}

const collationSql = `
SELECT c.oid, c.collname AS name, n.nspname AS schema
  FROM pg_temp.fdw_collation AS c
  JOIN pg_temp.fdw_namespace AS n ON n.oid = c.collnamespace
 WHERE c.oid = ANY ($1::oid[])`;

/** The names of the collations. One query, none where there are none. */
export async function findCollations(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, QualifiedName>> {
  if (oids.length === 0) return new Map();
  const rows = await session.query<{ readonly oid: number; readonly schema: string; readonly name: string }>(collationSql, [oids]);
  return new Map(rows.map(({ oid, schema, name }) => [oid, { schema, name }]));
}
