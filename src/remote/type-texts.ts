import type { Session } from '../postgres/session.ts';
import { complaintAbout } from './errors.ts';
import { localType, type LocalType, type LocalTypeRow } from './local-types.ts';
import { inSavepoint } from './savepoint.ts';

/** What the server makes of a text that should be a type. */
export type TypeDescription = ({ readonly kind: 'type' } & LocalType) | { readonly kind: 'none'; readonly why: string };

/** A text's type as the catalogs know it, or why there is none. */
type Resolved =
  | { readonly text: string; readonly kind: 'resolved'; readonly oid: number; readonly typmod: number }
  | { readonly text: string; readonly kind: 'none'; readonly why: string };

interface TypeRow extends Record<string, unknown> {
  readonly position: number;
  /** null: no such type. */
  readonly oid: number | null;
  readonly is_domain: boolean;
  /** A shell type. */
  readonly undefined: boolean;
  /** Whether it, or what it is an array of, is a pseudo-type. */
  readonly pseudo: boolean;
}

/*
 * to_regtype takes a type's name: its parser starts at the grammar's Typename (RAW_PARSE_TYPE_NAME,
 * src/backend/parser/parse_type.c), so what it accepts is one type and nothing besides; from 16 on an OID in digits too
 * (regtypein, regproc.c), which is no type where the text is then described. Of some malformed texts it raises an error
 * instead of giving NULL, on every major.
 */
const resolveSql = `
SELECT u.position::int AS position, t.oid, t.typtype = 'd' AS is_domain, NOT t.typisdefined AS undefined, coalesce(e.typtype, t.typtype) = 'p' AS pseudo
  FROM unnest($1::text[]) WITH ORDINALITY AS u(type, position)
  LEFT JOIN pg_catalog.pg_type AS t ON t.oid = pg_catalog.to_regtype(u.type)
  LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem AND e.typarray = t.oid
 ORDER BY u.position`;

const formatSql = `
SELECT u.position::int AS position, format_type(t.oid, u.typmod) AS canonical, c.collname AS collation_name, n.nspname AS collation_schema
  FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY AS u(type, typmod, position)
  JOIN pg_catalog.pg_type AS t ON t.oid = u.type
  LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = t.typcollation
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace`;

/** A target list has at most 1664 entries (MaxTupleAttributeNumber, src/include/access/htup_details.h). */
const describedAtOnce = 1000;

/**
 * What the server makes of type texts that a user wrote. Unqualified names are looked up along the session's own search_path.
 * Nothing is executed, and no text that the server has not accepted as exactly one type name gets into SQL text.
 *
 * The round trips are a fixed number for each thousand texts as long as every one can be parsed; each that cannot costs a few more.
 *
 * @param session in a transaction that the caller has opened
 * @param texts any number, repeated or not
 * @returns for each distinct text the type, or why it is none that a column can have
 */
export async function describeTypes(session: Session, texts: readonly string[]): Promise<ReadonlyMap<string, TypeDescription>> {
  const distinct = [...new Set(texts)];
  const resolved: Resolved[] = [];
  for (let start = 0; start < distinct.length; start += describedAtOnce) {
    resolved.push(...(await resolve(session, distinct.slice(start, start + describedAtOnce))));
  }
  const types = resolved.filter((one) => one.kind === 'resolved');
  const rows =
    types.length === 0
      ? []
      : await inSavepoint(session, ['SET LOCAL search_path = pg_catalog'], async () =>
          session.query<LocalTypeRow>(formatSql, [types.map(({ oid }) => oid), types.map(({ typmod }) => typmod)]),
        );
  const known = new Map(rows.map((row) => [types[row.position - 1]?.text, localType(row)]));
  return new Map(
    resolved.map((one): [string, TypeDescription] => {
      const local = known.get(one.text);
      if (local !== undefined) return [one.text, { kind: 'type', ...local }];
      return [one.text, { kind: 'none', why: one.kind === 'none' ? one.why : 'no such type' }];
    }),
  );
}

/** The types of the texts, all at once; where that fails, of each half, so that a bad text stands alone with its error. */
async function resolve(session: Session, texts: readonly string[]): Promise<readonly Resolved[]> {
  try {
    return texts.length === 0 ? [] : await inSavepoint(session, [], async () => resolveAll(session, texts));
  } catch (error) {
    const why = complaintAbout(error);
    if (why === undefined) throw error;
    const [text] = texts;
    if (text !== undefined && texts.length === 1) return [{ text, kind: 'none', why }];
  }
  const middle = texts.length >> 1;
  return [...(await resolve(session, texts.slice(0, middle))), ...(await resolve(session, texts.slice(middle)))];
}

/** @throws DatabaseError where one of the texts cannot be parsed */
async function resolveAll(session: Session, texts: readonly string[]): Promise<readonly Resolved[]> {
  const rows = await session.query<TypeRow>(resolveSql, [texts]);
  const refused = (row: TypeRow): string | undefined => {
    if (row.oid === null) return 'no such type';
    if (row.pseudo) return 'a pseudo-type, which no column can have';
    return row.undefined ? 'a type that is only a shell' : undefined;
  };
  const accepted = rows.filter((row) => refused(row) === undefined);
  const modifiers = await typmodsOf(session, accepted.map((row) => texts[row.position - 1] ?? ''));
  const typmods = new Map(accepted.map((row, index) => [row.position, modifiers[index] ?? -1]));
  return rows.map((row): Resolved => {
    const text = texts[row.position - 1] ?? '';
    const why = refused(row);
    if (why !== undefined || row.oid === null) return { text, kind: 'none', why: why ?? 'no such type' };
    // A row description shows a domain as its base type (SendRowDescriptionMessage, printtup.c); a domain takes no modifier.
    return { text, kind: 'resolved', oid: row.oid, typmod: row.is_domain ? -1 : (typmods.get(row.position) ?? -1) };
  });
}

/** @param types texts that to_regtype has accepted; each ends its line, so that a comment in it hides nothing */
async function typmodsOf(session: Session, types: readonly string[]): Promise<readonly number[]> {
  if (types.length === 0) return [];
  const columns = await session.describe(`SELECT ${types.map((type) => `NULL::${type}`).join('\n, ')}`);
  return columns.map(({ typmod }) => typmod);
}
