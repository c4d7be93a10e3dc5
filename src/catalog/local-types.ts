import { Shared } from '../base/shared.ts';
import { nameKey } from '../model/name.ts';
import type { LocalTypeUse } from '../model/local-table.ts';
import type { StandingType } from '../model/standing.ts';
import type { Session } from '../postgres/session.ts';

/** The types that some tables use, and what columns' OIDs mean. */
export interface LocalTypeReader {
  readonly types: ReadonlyMap<string, StandingType>;
  readonly categories: ReadonlyMap<number, string>;
  use(oid: number, typmod: number): LocalTypeUse;
}

interface TypeRow extends Record<string, unknown> {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly category: string;
  /** Of an array, its element. */
  readonly element: number | null;
  readonly extension: string | null;
  readonly labels: readonly string[];
  readonly base: number;
  readonly base_typmod: number;
  readonly not_null: boolean;
  readonly checks: number;
  readonly attributes: readonly (readonly [name: string, type: number, typmod: number])[];
}

const kinds: Readonly<Record<string, StandingType['kind']>> = { e: 'enum', d: 'domain', c: 'composite', r: 'range', m: 'multirange' };

/** The OIDs below which types are the same everywhere (FirstGenbkiObjectId, src/include/access/transam.h). */
const firstUnfixedOid = 10000;

/** The types of the columns of these tables, and those that they are made of. Two queries. */
export async function readLocalTypes(session: Session, relations: readonly number[]): Promise<LocalTypeReader> {
  const rows = await session.query<TypeRow>(typesQuery, [relations]);
  const texts = await session.query<{ oid: number; typmod: number; text: string }>(textsQuery, [relations]);
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  const textOf = new Map(texts.map(({ oid, typmod, text }) => [`${oid} ${typmod}`, text]));
  const uses = new Shared<LocalTypeUse>();
  const use = (oid: number, typmod: number): LocalTypeUse => uses.get(`${oid} ${typmod}`, () => newUse(oid, typmod));
  const newUse = (oid: number, typmod: number): LocalTypeUse => {
    const row = byOid.get(oid);
    if (row === undefined) throw new Error(`type ${oid} was not read`);
    const named = row.element === null ? row : byOid.get(row.element);
    if (named === undefined) throw new Error(`type ${row.element ?? 0} was not read`);
    return {
      schema: named.schema,
      name: named.name,
      array: row.element !== null,
      typmod,
      builtinOid: oid < firstUnfixedOid ? oid : undefined,
      extension: named.extension ?? undefined,
      text: textOf.get(`${oid} ${typmod}`) ?? named.name,
    };
  };
  const own = rows.filter((row) => row.element === null && row.oid >= firstUnfixedOid);
  return {
    use,
    types: new Map(own.map((row) => [nameKey(row), typeOf(row, use)])),
    categories: new Map(rows.map(({ oid, category }) => [oid, category])),
  };
}

function typeOf(row: TypeRow, use: LocalTypeReader['use']): StandingType {
  return {
    schema: row.schema,
    name: row.name,
    kind: kinds[row.kind] ?? 'base',
    extension: row.extension ?? undefined,
    labels: row.labels,
    domain: row.kind === 'd' ? { base: use(row.base, row.base_typmod), notNull: row.not_null, checks: row.checks } : undefined,
    attributes: row.kind === 'c' ? row.attributes.map(([name, type, typmod]) => ({ name, type: use(type, typmod) })) : [],
  };
}

const usedTypes = `
  WITH RECURSIVE used AS (
    SELECT a.atttypid AS oid FROM pg_attribute a WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
    UNION
    SELECT more.oid FROM used u JOIN pg_type t ON t.oid = u.oid
    CROSS JOIN LATERAL (
      SELECT e.oid FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid
      UNION ALL SELECT t.typbasetype WHERE t.typtype = 'd'
      UNION ALL SELECT a.atttypid FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS more
  )`;

const typesQuery = `${usedTypes}
  SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typtype::text AS kind, t.typcategory::text AS category, e.oid AS element, x.extname AS extension,
    ARRAY(SELECT l.enumlabel::text FROM pg_enum l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder) AS labels,
    t.typbasetype AS base, t.typtypmod AS base_typmod, t.typnotnull AS not_null,
    (SELECT count(*)::int FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS checks,
    (SELECT coalesce(json_agg(json_build_array(a.attname, a.atttypid::bigint, a.atttypmod) ORDER BY a.attnum), '[]')
     FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes
  FROM used u
  JOIN pg_type t ON t.oid = u.oid
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
  LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  LEFT JOIN pg_extension x ON x.oid = d.refobjid
  ORDER BY t.oid`;

/** Of the columns only: of what they are made of, names will do. */
const textsQuery = `
  SELECT DISTINCT a.atttypid AS oid, a.atttypmod AS typmod, format_type(a.atttypid, a.atttypmod) AS text
  FROM pg_attribute a WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped`;
