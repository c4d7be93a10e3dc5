import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sameMeaning } from '../../src/model/option-meaning.ts';
import { createDatabase, type TestDatabase } from '../servers/index.ts';

describe('the option extensions', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createDatabase();
    await db.query('CREATE EXTENSION postgres_fdw');
  });
  afterAll(async () => db.drop());

  const cases: readonly [a: string, b: string, same: boolean][] = [
    ['citext,hstore', 'hstore, citext', true],
    ['citext', ' Citext\t', true],
    ['citext', '"citext",citext', true],
    ['citext', '"Citext"', false],
    ['"a""b, c"', '"a""b, c" ', true],
    ['"a""b"', '"ab"', false],
    ['uuid-ossp', '"uuid-ossp"', true],
    ['', '  ', true],
    ['citext', 'citext,hstore', false],
    ['citext', '', false],
    ['É', 'é', false],
    ['a', 'a b', false],
  ];
  it.each(cases)('%j and %j: %s', (a, b, same) => {
    expect(sameMeaning('postgres_fdw', 'extensions', a, b)).toBe(same);
    expect(sameMeaning('other_fdw', 'extensions', a, b)).toBe(false);
  });

  const refused = ['citext,', ',citext', 'a b', '"a', '"a"b', 'a,,b'];
  it.each(refused)('%j is refused by the server, and means nothing but itself', async (list) => {
    await expect(db.query("SELECT postgres_fdw_validator(ARRAY['extensions=' || $1], 'pg_foreign_server'::regclass)", [list])).rejects.toThrow('must be a list of extension names');
    expect(sameMeaning('postgres_fdw', 'extensions', list, `${list} `)).toBe(false);
  });

  it.each(cases.flatMap(([a, b]) => [a, b]))('%j is taken by the server where it is one', async (list) => {
    const taken = await db.query("SELECT postgres_fdw_validator(ARRAY['extensions=' || $1], 'pg_foreign_server'::regclass)", [list]).then(() => true, () => false);
    // Equal in meaning to itself with a space, if it was understood.
    expect(sameMeaning('postgres_fdw', 'extensions', list, `${list} `)).toBe(taken && !/[^\x00-\x7f]/.test(list));
  });
});
