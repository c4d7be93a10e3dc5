import type { Session } from '../postgres/session.ts';
import { complaintAbout } from './errors.ts';
import { localType, type LocalType, type LocalTypeRow } from './local-types.ts';
import { inSavepoint } from './savepoint.ts';

/** What the server makes of a text that should be a type. */
export type TypeDescription = ({ readonly kind: 'type' } & LocalType) | { readonly kind: 'none'; readonly why: string };

interface Resolved extends Record<string, unknown> {
  readonly position: number;
  /** null: no such type. */
  readonly oid: number | null;
  readonly typtype: string | null;
  readonly defined: boolean | null;
  /** Whether it, or what it is an array of, is a pseudo-type. */
  readonly pseudo: boolean | null;
}

/*
 * to_regtype takes a type's name and nothing else: its parser starts at the grammar's Typename
 * (RAW_PARSE_TYPE_NAME, src/backend/parser/parse_type.c), so what it accepts is one type for sure. Of some malformed texts
 * it raises an error instead of giving NULL, on every major (syntax errors; before 16 also others).
 */
const resolveSql = `
SELECT u.position::int AS position, t.oid, t.typtype, t.typisdefined AS defined, coalesce(e.typtype, t.typtype) = 'p' AS pseudo
  FROM unnest($1::text[]) WITH ORDINALITY AS u(type, position)
  LEFT JOIN pg_catalog.pg_type AS t ON t.oid = pg_catalog.to_regtype(u.type)
  LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem AND e.typarray = t.oid`;

/** A target list has at most 1664 entries (MaxTupleAttributeNumber, src/include/access/htup_details.h). */
const describedAtOnce = 1000;

const formatSql = `
SELECT u.position::int AS position, format_type(t.oid, u.typmod) AS canonical, c.collname AS collation_name, n.nspname AS collation_schema
  FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY AS u(type, typmod, position)
  JOIN pg_catalog.pg_type AS t ON t.oid = u.type
  LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = t.typcollation
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace`;

/**
 * What the server makes of type texts that a user wrote. Unqualified names are looked up along the session's own search_path.
 * Nothing is executed, and no text that the server has not accepted as exactly one type name gets into SQL text.
 *
 * The round trips are a fixed number as long as every text can be parsed; each one that cannot costs a few more.
 *
 * @param session in a transaction that the caller has opened
 * @param texts any number, repeated or not
 * @returns for each distinct text the type, or why it is none that a column can have
 */
export async function describeTypes(session: Session, texts: readonly string[]): Promise<ReadonlyMap<string, TypeDescription>> {
  const distinct = [...new Set(texts)];
  if (distinct.length === 0) return new Map();
  const described = new Map<string, TypeDescription>();
  const types: { readonly text: string; readonly oid: number; readonly isDomain: boolean }[] = [];
  for (const [text, found] of await resolve(session, distinct)) {
    if (typeof found === 'string') described.set(text, { kind: 'none', why: found });
    else if (found.oid === null) described.set(text, { kind: 'none', why: 'no such type' });
    else if (found.pseudo === true) described.set(text, { kind: 'none', why: 'a pseudo-type, which no column can have' });
    else if (found.defined === false) described.set(text, { kind: 'none', why: 'a type that is only a shell' });
    else types.push({ text, oid: found.oid, isDomain: found.typtype === 'd' });
  }
  const typmods = await typmodsOf(session, types.map(({ text }) => text));
  // A row description shows a domain as its base type (SendRowDescriptionMessage, printtup.c); a domain takes no modifier of its own.
  const modifiers = types.map(({ isDomain }, index) => (isDomain ? -1 : (typmods[index] ?? -1)));
  const rows = await inSavepoint(session, ['SET LOCAL search_path = pg_catalog'], async () =>
    session.query<LocalTypeRow>(formatSql, [types.map(({ oid }) => oid), modifiers]),
  );
  for (const row of rows) {
    const type = types[row.position - 1];
    if (type !== undefined) described.set(type.text, { kind: 'type', ...localType(row) });
  }
  return described;
}

/** The types of the texts, all at once; where that fails, of each half, so that a bad text stands alone with its error. */
async function resolve(session: Session, texts: readonly string[]): Promise<readonly (readonly [string, Resolved | string])[]> {
  const outcome = await attempt(session, async () => session.query<Resolved>(resolveSql, [texts]));
  if (typeof outcome !== 'string') {
    const byPosition = new Map(outcome.map((row) => [row.position, row]));
    return texts.map((text, index) => [text, byPosition.get(index + 1) ?? 'no such type']);
  }
  const [only] = texts;
  if (only === undefined) return [];
  if (texts.length === 1) return [[only, outcome]];
  const middle = texts.length >> 1;
  return [...(await resolve(session, texts.slice(0, middle))), ...(await resolve(session, texts.slice(middle)))];
}

/** What `work` gives, or what the server has to say against the text. */
async function attempt<T extends object>(session: Session, work: () => Promise<T>): Promise<T | string> {
  try {
    return await inSavepoint(session, [], work);
  } catch (error) {
    const complaint = complaintAbout(error);
    if (complaint === undefined) throw error;
    return complaint;
  }
}

/** @param types texts that to_regtype has accepted; each ends its line, so that a comment in it hides nothing. */
async function typmodsOf(session: Session, types: readonly string[]): Promise<readonly number[]> {
  const typmods: number[] = [];
  for (let start = 0; start < types.length; start += describedAtOnce) {
    const columns = await session.describe(
      `SELECT ${types
        .slice(start, start + describedAtOnce)
        .map((type) => `NULL::${type}`)
        .join('\n, ')}`,
    );
    typmods.push(...columns.map(({ typmod }) => typmod));
  }
  return typmods;
}
