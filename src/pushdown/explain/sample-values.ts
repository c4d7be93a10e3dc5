import type { Session } from '../../postgres/session.ts';
import { literal } from '../../sql/quote.ts';

interface TypeRow extends Record<string, unknown> {
  readonly name: string;
  /** `pg_type.typcategory`; of an array that of its elements. */
  readonly category: string;
  readonly label: string | null;
  readonly attributes: number;
  readonly is_array: boolean;
}

/** Of what is text to PostgreSQL and a number or a date to the user. */
const otherTexts: readonly string[] = ['1', '2024-01-01'];

/** A value by the type's category (postgresql.org/docs/18/catalog-pg-type.html, typcategory); a domain has that of its base type. */
const byCategory: Readonly<Record<string, string>> = { B: 'true', D: '2024-01-01', G: '(1,1)', I: '127.0.0.1', N: '1', R: 'empty', T: '1 day', V: '1' };

/** Types of the category U (user-defined), and those that take no other of their category. */
const byName: Readonly<Record<string, string>> = {
  time: '12:00', timetz: '12:00', name: 'a', json: '{}', jsonb: '{}', jsonpath: '$', uuid: '00000000-0000-0000-0000-000000000001', bytea: '\\x61', xml: '<a/>',
  tsvector: 'a', tsquery: 'a', macaddr: '08:00:2b:01:02:03', macaddr8: '08:00:2b:01:02:03:04:05', pg_lsn: '0/1', box: '(1,1),(0,0)', line: '{1,1,1}',
  lseg: '(1,1),(0,0)', path: '((1,1),(0,0))', polygon: '((1,1),(0,0))', circle: '<(1,1),1>', hstore: 'a=>1', geometry: 'POINT(1 1)', geography: 'POINT(1 1)', vector: '[1]',
  regclass: 'pg_catalog.pg_class', regtype: 'pg_catalog.int4', regproc: 'pg_catalog.now', regrole: 'pg_monitor', regnamespace: 'pg_catalog', regconfig: 'pg_catalog.simple',
};

/**
 * A value for each type, as SQL; more than once where there is text, which may have to be more than that. Any value will do that a user might give: what a custom plan has over a generic one
 * is that it knows one at all. It must not be NULL, which would decide most conditions beforehand.
 *
 * @param types as regtype prints them
 */
export async function sampleValues(session: Session, types: readonly string[]): Promise<readonly [readonly string[], ...(readonly string[])[]]> {
  const rows = await session.query<TypeRow>(
    `SELECT coalesce(e.typname, t.typname)::text AS name, coalesce(e.typcategory, t.typcategory)::text AS category, e.oid IS NOT NULL AS is_array,
            (SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = coalesce(e.oid, t.oid) ORDER BY enumsortorder LIMIT 1) AS label,
            (SELECT count(*)::int FROM pg_catalog.pg_attribute WHERE attrelid = coalesce(e.typrelid, t.typrelid) AND attnum > 0) AS attributes
     FROM unnest($1::text[]) WITH ORDINALITY AS w(type, position)
     JOIN pg_catalog.pg_type t ON t.oid = w.type::pg_catalog.regtype
     LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' AND t.typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc
     ORDER BY w.position`,
    [types],
  );
  const valuesWith = (text: string): readonly string[] => rows.map((row, index) => {
    // What a composite is compared with; it has no text form.
    if (row.name === 'record' && !row.is_array) return 'ROW(NULL)';
    const value = valueOf(row, text);
    const whole = row.is_array ? `{"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"}` : value;
    return `${literal(whole)}::${types[index] ?? 'text'}`;
  });
  const hasText = rows.some(({ name, category, label }) => category === 'S' && label === null && byName[name] === undefined);
  return [valuesWith('a'), ...(hasText ? otherTexts.map(valuesWith) : [])];
}

function valueOf({ name, category, label, attributes }: TypeRow, text: string): string {
  if (label !== null) return label;
  if (category === 'C') return `(${','.repeat(Math.max(0, attributes - 1))})`;
  return byName[name] ?? byCategory[category] ?? text;
}
