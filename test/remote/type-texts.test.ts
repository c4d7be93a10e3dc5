import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeTypes, type TypeDescription } from '../../src/remote/type-texts.ts';
import { ident } from '../../src/sql/quote.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { hostileNames, shopTypes } from './fixture.ts';
import { open } from './open.ts';

describe.each(majors().map((major) => ({ major })))('types that a user wrote, PostgreSQL $major', ({ major }) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createDatabase(cluster(major));
    await db.query(`${shopTypes} CREATE EXTENSION citext; CREATE SCHEMA "Mixed Case"; CREATE DOMAIN "Mixed Case".t AS numeric(4,1); CREATE TYPE shell; CREATE TABLE canary (id int);
      ${hostileNames.map((name) => `CREATE TYPE shop.${ident(name)} AS ENUM ('a')`).join(';')}`);
  });
  afterAll(async () => db.drop());

  async function describeAll(texts: readonly string[]): Promise<ReadonlyMap<string, TypeDescription>> {
    await using at = await open(db);
    return await describeTypes(at.session, texts);
  }

  const canonical = (found: TypeDescription | undefined): string | undefined => (found?.kind === 'type' ? found.canonical : undefined);

  it('gives the canonical text', async () => {
    const expected: Readonly<Record<string, string>> = {
      int: 'integer',
      ' BIGINT ': 'bigint',
      'numeric(12,2)': 'numeric(12,2)',
      numeric: 'numeric',
      decimal: 'numeric',
      'varchar(20)[]': 'character varying(20)[]',
      'varchar(20) array[3]': 'character varying(20)[]',
      'text[][]': 'text[]',
      'interval day to second(2)': 'interval day to second(2)',
      'timestamp(3) with time zone': 'timestamp(3) with time zone',
      timestamptz: 'timestamp with time zone',
      'bit varying(9)': 'bit varying(9)',
      char: 'character(1)',
      bpchar: 'bpchar',
      '"char"': '"char"',
      'float(20)': 'real',
      'pg_catalog.int4 -- why not': 'integer',
      'int /* four */': 'integer',
      citext: 'public.citext',
      'public.citext[]': 'public.citext[]',
      'shop.status': 'shop.status',
      'SHOP.Status[]': 'shop.status[]',
      'shop.sku': 'shop.sku',
      'shop.sku[]': 'shop.sku[]',
      'shop.address': 'shop.address',
      'shop.span': 'shop.span',
      '"Mixed Case".t': '"Mixed Case".t',
      'U&"Mixed \\0043ase".t[]': '"Mixed Case".t[]',
      canary: 'public.canary',
      'information_schema.sql_identifier': 'information_schema.sql_identifier',
      ...Object.fromEntries(hostileNames.map((name) => [`shop.${ident(name)}`, `shop.${ident(name)}`])),
    };
    const found = await describeAll(Object.keys(expected));
    expect(Object.fromEntries([...found].map(([text, type]) => [text, canonical(type)]))).toEqual(expected);
  });

  it('gives the collation that the type itself has', async () => {
    const found = await describeAll(['text', 'name', 'shop.sku', 'int', 'citext']);
    const collations = [...found].map(([text, type]) => [text, type.kind === 'type' ? type.collation?.name : undefined]);
    expect(new Map(collations.map(([text, name]) => [text, name]))).toEqual(new Map([['text', 'default'], ['name', 'C'], ['shop.sku', 'C'], ['int', undefined], ['citext', 'default']]));
  });

  it('refuses what is no type that a column can have, and says why', async () => {
    const texts = [
      'serial', 'nosuch', 'Mixed Case', 'anyelement', 'anyarray', 'record', 'record[]', 'void', 'trigger', 'unknown', 'cstring', '_cstring', 'shell', 'setof int', 'shop.orders.id%TYPE', '', ' ', '23', '-', "'int'",
      'int not null', 'int default 1', 'text collate "C"', 'numeric(5000)', 'varchar(0)', 'int(4)', 'nosuch(5)', 'a.b.c.d', 'int\0', '/*', '"', 'int/*', 'timestamp(3', '\u{d800}',
      'int; drop table canary', 'int) , (', 'int), pg_sleep(60', 'int, 1/0', 'int\n, 2', 'int from canary', 'int union select 1', 'int::text', "int'; drop table canary; --", '$1', 'regclass(1)::int',
    ];
    const found = await describeAll(texts);
    expect([...found.keys()].sort()).toEqual([...new Set(texts)].sort());
    const accepted = [...found].filter(([, type]) => type.kind === 'type').map(([text]) => text);
    expect(accepted).toEqual([]);
    expect(found.get('nosuch')).toEqual({ kind: 'none', why: 'no such type' });
    expect(found.get('int; drop table canary')).toEqual({ kind: 'none', why: 'syntax error at or near ";"' });
    expect(await db.query('SELECT count(*)::int AS n FROM canary')).toEqual([{ n: 0 }]);
  });

  it('does not let a bad text spoil the others', async () => {
    const found = await describeAll(['int', 'int; select 1', 'text', ')', 'numeric(3)']);
    expect(['int', 'text', 'numeric(3)'].map((text) => canonical(found.get(text)))).toEqual(['integer', 'text', 'numeric(3,0)']);
  });

  it('takes a negative scale where the server does', async () => {
    const found = (await describeAll(['numeric(12,-2)'])).get('numeric(12,-2)');
    if (major >= 15) expect(canonical(found)).toBe('numeric(12,-2)');
    else expect(found).toEqual({ kind: 'none', why: 'NUMERIC scale -2 must be between 0 and precision 12' });
  });

  it('sends as many statements for a thousand texts as for five', async () => {
    const count = async (texts: readonly string[]): Promise<number> => {
      await using at = await open(db);
      expect((await describeTypes(at.session, texts)).size).toBe(texts.length);
      return at.sent.length;
    };
    const many = Array.from({ length: 2000 }, (_, index) => `varchar(${index + 1})`);
    const few = await count(many.slice(0, 5));
    expect(few).toBe(7);
    expect(await count(many.slice(0, 1000))).toBe(few);
    expect(await count(many)).toBe(few + 4);
    expect(await count([])).toBe(0);
  });

  it('leaves the transaction usable and the search_path as it was', async () => {
    await using at = await open(db);
    await at.session.query("SET LOCAL search_path = shop, public");
    expect(canonical((await describeTypes(at.session, ['status', ')'])).get('status'))).toBe('shop.status');
    expect(await at.session.query("SELECT current_setting('search_path') AS path")).toEqual([{ path: 'shop, public' }]);
  });

  it('accepts nothing but a type, whatever stands around one', async () => {
    await using at = await open(db);
    const piece = fc.constantFrom('int', 'text', '[]', '(3)', ',', ';', ')', '(', '::', "'", '"', '--', '/*', '*/', '\n', ' ', 'NULL', 'select 1/0', 'shop.', 'array', '$$', 'with time zone', 'timestamp', 'as', '\\');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')), { maxLength: 6 }), async (texts) => {
        const found = await describeTypes(at.session, texts);
        for (const [, type] of found) {
          // A canonical text is one: it describes itself.
          if (type.kind === 'type') expect(canonical((await describeTypes(at.session, [type.canonical])).get(type.canonical))).toBe(type.canonical);
        }
      }),
      { numRuns: 40 },
    );
  });
});
