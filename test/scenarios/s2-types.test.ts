import { describe, expect, it } from 'vitest';
import { pair, type Pair, pairs, storyMajors } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';
import { makeShop, shopServer, type ShopReader } from './shop.ts';

/** One of each kind, nested in each other and named so that the order of names is not the order of making. */
const types = `
  CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
  CREATE DOMAIN a_mood AS mood DEFAULT 'sad' NOT NULL CHECK (VALUE <> 'sad');
  CREATE DOMAIN sku AS varchar(12) COLLATE "C" CONSTRAINT "no;--" CHECK (VALUE !~ ';');
  CREATE DOMAIN nick AS text CONSTRAINT filled CHECK (VALUE <> '') CONSTRAINT short CHECK (length(VALUE) < 9);
  CREATE TYPE address AS (street text COLLATE "C", sku sku, moods a_mood[], price numeric(10,2));
  CREATE TYPE "Span" AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = spans);
  CREATE DOMAIN a_box AS address[];
  CREATE TABLE boxes (id int PRIMARY KEY, box a_box, home address, during "Span", often spans, sku sku, skus sku[], nick nick);
  INSERT INTO boxes VALUES (1, ARRAY[ROW('Elm', 'x1', NULL, 9.5)::address], ROW('Oak', 'x2', NULL, 1), '[1,2)', '{[1,2)}', 'x3', '{x4}')`;

const spec = (servers: Pair, reader: ShopReader, more = ''): string => `version: 1
extensions: [postgres_fdw]
${shopServer(servers, reader)}
schemas:
  shop: {server: shop, remote_schema: public, tables: [boxes]${more}}
`;

/** The types of a schema as PostgreSQL tells them, by catalogs that fdw's own reader does not look at in this way. */
const described = `
  SELECT t.typname, t.typtype, format_type(t.typbasetype, t.typtypmod) AS base, t.typnotnull, t.typcollation::regcollation::text AS collation, pg_get_expr(t.typdefaultbin, 0) AS fallback,
    (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
    (SELECT json_agg(k.conname || ' ' || pg_get_constraintdef(k.oid) ORDER BY k.conname COLLATE "C") FROM pg_constraint k WHERE k.contypid = t.oid) AS checks,
    (SELECT json_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attcollation::regcollation ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0) AS attributes,
    (SELECT format_type(r.rngsubtype, NULL) || ' ' || r.rngsubopc || ' ' || r.rngcollation || ' ' || r.rngcanonical || ' ' || r.rngsubdiff || ' ' || r.rngmultitypid::regtype
     FROM pg_range r WHERE r.rngtypid = t.oid) AS range
  FROM pg_type t WHERE t.typnamespace = 'shop'::regnamespace AND t.typelem = 0 AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  ORDER BY t.typname COLLATE "C"`;

describe.each(pairs(storyMajors()))('the types that imported tables need, local $local, remote $remote', (majors) => {
  it('come in the order of their making, equal those made by hand, and rows arrive', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await servers.remote.query(`${types}; GRANT SELECT ON boxes TO ${reader.role}; GRANT ${servers.remote.cluster.user} TO ${reader.role}`);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(spec(servers, reader));

    const plan = await place.plan();
    expect(changesOf(plan).slice(4)).toEqual([
      'create type shop."Span"', 'create type shop.mood', 'create type shop.nick', 'create type shop.sku', 'create type shop.a_mood', 'create type shop.address', 'create type shop.a_box', 'create foreign table shop.boxes',
    ]);
    expect(plan.notices).toEqual([]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await servers.local.query('SELECT (home).sku, (box[1]).street, during @> 1.5::float8 AS inside, often::text, skus[1] FROM shop.boxes')).toEqual([
      { sku: 'x2', street: 'Elm', inside: true, often: '{[1,2)}', skus: 'x4' },
    ]);

    const byFdw = await servers.local.query(described);
    await servers.local.query(`DROP SCHEMA shop CASCADE; CREATE SCHEMA shop; SET search_path = shop; ${types.slice(0, types.indexOf('CREATE TABLE'))}; RESET search_path`);
    expect(byFdw).toEqual(await servers.local.query(described));
  });

  it('change in place with the remote, and say what cannot', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await servers.remote.query(`${types}; GRANT SELECT ON boxes TO ${reader.role}; GRANT ${servers.remote.cluster.user} TO ${reader.role}`);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(spec(servers, reader));
    await place.apply();
    await servers.remote.query("ALTER TYPE mood ADD VALUE 'so so'");
    // PostgreSQL lets nothing use a label in the transaction that adds it: the plan says what to do.
    const naming = spec(servers, reader).replace(/$/, `tables:\n  shop.moody: {server: shop, columns: {m: {type: shop.mood, default: "'so so'"}}}\n`);
    await place.write(naming);
    const labelsFirst = async () => expect(place.plan()).rejects.toMatchObject({ problems: [{ message: expect.stringContaining('"so so"') as string, hint: expect.stringContaining("the label 'so so' is new, and PostgreSQL lets nothing use it in the transaction that adds it: apply once without this expression") as string }] });
    await labelsFirst();
    await servers.remote.query(`
      ALTER TYPE mood RENAME VALUE 'sad' TO 'down';
      ALTER DOMAIN a_mood DROP NOT NULL; ALTER DOMAIN a_mood DROP DEFAULT;
      ALTER DOMAIN nick RENAME CONSTRAINT filled TO not_empty; ALTER DOMAIN nick DROP CONSTRAINT short; ALTER DOMAIN nick ADD CHECK (VALUE < 'zz'); ALTER DOMAIN nick SET DEFAULT 'x';
      ALTER TYPE address DROP ATTRIBUTE street, ADD ATTRIBUTE zip text`);
    await labelsFirst();
    await place.write(spec(servers, reader));
    const plan = await place.plan();
    expect(sqlOf(plan)).toEqual([
      "ALTER TYPE shop.mood RENAME VALUE 'sad' TO 'down'",
      "ALTER TYPE shop.mood ADD VALUE 'so so' AFTER 'it''s ok'",
      'ALTER DOMAIN shop.nick RENAME CONSTRAINT filled TO not_empty',
      'ALTER DOMAIN shop.nick DROP CONSTRAINT short',
      "ALTER DOMAIN shop.nick ADD CONSTRAINT nick_check CHECK ((VALUE < 'zz'::text))",
      "ALTER DOMAIN shop.nick SET DEFAULT 'x'::text",
      'ALTER DOMAIN shop.a_mood DROP NOT NULL',
      'ALTER DOMAIN shop.a_mood DROP DEFAULT',
      'ALTER TYPE shop.address\n  DROP ATTRIBUTE street',
      'ALTER TYPE shop.address\n  ADD ATTRIBUTE zip text',
    ]);
    expect(plan.changes.flatMap(({ hazards }) => hazards.map(({ id }) => id))).toEqual(['label-renamed', 'attribute-dropped']);
    await place.apply({ allow: ['attribute-dropped'] });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await servers.local.query('SELECT (home).zip, (home).sku FROM shop.boxes')).toEqual([{ zip: null, sku: 'x2' }]);

    await servers.remote.query(`ALTER TABLE boxes DROP COLUMN during, DROP COLUMN often; DROP TYPE "Span"; CREATE TYPE "Span" AS RANGE (subtype = int); ALTER TABLE boxes ADD during "Span"`);
    await expect(place.plan()).rejects.toMatchObject({
      problems: [{ message: 'type shop."Span": its subtype, its multirange type are not what they shall be, and SQL has no ALTER for that', at: { line: 10 } }],
    });
  });

  it('say what the remote role may not see, and do without it', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await servers.remote.query(`${types}; GRANT SELECT ON boxes TO ${reader.role}`);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(spec(servers, reader));
    const { notices } = await place.plan();
    expect(notices).toEqual([
      { address: 'type shop.nick', message: 'the remote role may not see its CHECK constraints (filled, short): they are not compared, and not made here. The remote goes on checking' },
      { address: 'type shop.sku', message: 'the remote role may not see its CHECK constraints (no;--): they are not compared, and not made here. The remote goes on checking' },
      { address: 'type shop.a_mood', message: 'the remote role may not see its CHECK constraints (a_mood_check): they are not compared, and not made here. The remote goes on checking' },
    ]);
    await place.apply();
    // What somebody adds by hand stays.
    await servers.local.query("ALTER DOMAIN shop.sku ADD CHECK (VALUE <> '')");
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('are used where the very same is here already, and left alone where it is another', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await servers.remote.query(`CREATE TYPE pos AS (x int, y int); CREATE TYPE size AS (w int); CREATE TABLE boxes (id int, pos pos, size size); GRANT SELECT ON boxes TO ${reader.role}`);
    await servers.local.query('CREATE TYPE public.pos AS (x int, y int); CREATE TYPE public.size AS (w bigint)');
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(spec(servers, reader));
    expect(changesOf(await place.plan()).slice(4)).toEqual(['create type shop.size', 'create foreign table shop.boxes']);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    // What is in use is kept in step under the name that it has.
    await servers.remote.query('ALTER TYPE pos ADD ATTRIBUTE z int');
    expect(changesOf(await place.plan())).toEqual(['update type public.pos']);
  });

  it('name type and column where one cannot be made', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await servers.remote.query(`
      CREATE FUNCTION fine(text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
      CREATE DOMAIN checked AS text CHECK (fine(VALUE));
      CREATE TYPE holder AS (c customers);
      CREATE TABLE boxes (id int, held holder[]); CREATE TABLE others (id int, c checked);
      GRANT SELECT ON boxes, others TO ${reader.role}; GRANT ${servers.remote.cluster.user} TO ${reader.role}`);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    await place.write(spec(servers, reader));
    await expect(place.plan()).rejects.toMatchObject({
      problems: [
        {
          message: 'column boxes.held has the type public.holder[] on the remote, which the local database lacks',
          hint: 'Its attribute c has the type public.customers, which cannot be made here either: it is the row type of a table there, which comes and goes with that table. Create it here as shop.holder, or leave the table out.',
          at: { line: 10 },
        },
      ],
    });
    await place.write(spec(servers, reader, ', types: require'));
    await expect(place.plan()).rejects.toMatchObject({
      problems: [{ message: 'column boxes.held has the type public.holder[] on the remote, which the local database lacks (types: require)', hint: 'Create it here as shop.holder, or leave the table out.' }],
    });
    await place.write(spec(servers, reader).replace('boxes', 'others'));
    await expect(place.plan()).rejects.toMatchObject({
      problems: [{ message: expect.stringMatching(/^type public.checked of column others.c cannot be made here: function public.fine\(text\) does not exist/) as string, at: { line: 10 } }],
    });
  });
});
