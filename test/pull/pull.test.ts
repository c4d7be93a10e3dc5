import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ident } from '../../src/sql/quote.ts';
import { cluster, createDatabase, majors, uniqueName, type TestDatabase } from '../servers/index.ts';
import { load } from '../spec/load.ts';
import { allSet, planWith, pull } from './pull.ts';

/** What somebody made by hand over the years. */
const byHand = (etl: string): string => `
  CREATE EXTENSION postgres_fdw;
  CREATE SCHEMA ext;
  CREATE EXTENSION citext SCHEMA ext;
  CREATE SERVER shop TYPE 'replica' VERSION '010' FOREIGN DATA WRAPPER postgres_fdw
    OPTIONS (host 'shop.internal', port '5432', dbname 'shop', fetch_size '0100', use_remote_estimate 'true', extensions 'citext,hstore');
  COMMENT ON SERVER shop IS 'The shop''s replica, not \${env:SHOP}';
  CREATE SERVER "Archive.2019" FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'archive.internal');
  CREATE ROLE ${ident(etl)} LOGIN PASSWORD 'etl';
  GRANT USAGE ON FOREIGN SERVER shop TO ${ident(etl)} WITH GRANT OPTION;
  CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS ("user" 'shop_ro', password 'geheim');
  CREATE USER MAPPING FOR ${ident(etl)} SERVER shop OPTIONS ("user" 'shop_etl', password 'geheim', password_required 'true', sslpassword '');
  CREATE SCHEMA reporting;
  GRANT USAGE ON SCHEMA reporting TO ${ident(etl)};
  CREATE TYPE reporting.status AS ENUM ('new', 'paid');
  CREATE FOREIGN TABLE reporting.orders (
      id bigint NOT NULL,
      status reporting.status,
      email ext.citext,
      placed_at timestamp(3) with time zone OPTIONS (column_name 'created') NOT NULL DEFAULT now(),
      note text OPTIONS (column_name 'a remark with a name that is long enough for lines') COLLATE "C",
      total numeric(12,2) CHECK (total >= 0))
    SERVER shop OPTIONS (schema_name 'public', table_name 'orders');
  COMMENT ON FOREIGN TABLE reporting.orders IS E'Orders\\nof all shops';
  COMMENT ON COLUMN reporting.orders.id IS 'a number';
  GRANT SELECT ON reporting.orders TO PUBLIC, ${ident(etl)};
  GRANT INSERT, REFERENCES ON reporting.orders TO ${ident(etl)};
  GRANT SELECT ON reporting.orders TO ${ident(etl)} WITH GRANT OPTION;
  SET ROLE ${ident(etl)}; GRANT SELECT ON reporting.orders TO PUBLIC; RESET ROLE;
  GRANT UPDATE (note) ON reporting.orders TO ${ident(etl)};
  CREATE FOREIGN TABLE "log.2019" ("At.Time" timestamp) SERVER "Archive.2019";
  CREATE TABLE log (at timestamp) PARTITION BY RANGE (at);
  CREATE FOREIGN TABLE log_2020 PARTITION OF log DEFAULT SERVER "Archive.2019";
  CREATE TABLE base (id int);
  CREATE FOREIGN TABLE heir () INHERITS (base) SERVER shop;
  CREATE FOREIGN TABLE computed (a int, b int GENERATED ALWAYS AS (a + 1) STORED) SERVER shop;
  CREATE FOREIGN TABLE bare () SERVER shop`;

async function withObjects(major: number): Promise<{ readonly db: TestDatabase; readonly etl: string }> {
  const db = await createDatabase(cluster(major));
  const etl = uniqueName('etl');
  await db.query(byHand(etl));
  return { db, etl };
}

describe.each(majors().map((major) => ({ major })))('fdw pull, major $major', ({ major }) => {
  it('says all that a spec can, lists what it cannot, and plans to nothing', async () => {
    const { db, etl } = await withObjects(major);
    await using _ = db;
    const pulled = await pull(db.url);
    // One file for all majors: what is pulled is the same, and of snapshots for each the majors that are not run would be obsolete.
    await expect(pulled.text.replaceAll(etl, 'etl').replaceAll(etl.toUpperCase(), 'ETL')).toMatchFileSnapshot('__snapshots__/objects.yaml');
    expect(pulled.text).not.toContain('geheim');
    expect((await planWith(pulled, db.url, allSet(pulled, 'geheim'))).changes).toEqual([]);
    const [changed] = (await planWith(pulled, db.url, allSet(pulled, 'another'))).changes.flatMap(({ details }) => details);
    expect(changed).toBe('option password: (sensitive) -> (sensitive)');
  });

  it('works for a role that may not see everything: what is hidden is marked, and not compared', async () => {
    const { db, etl } = await withObjects(major);
    await using _ = db;
    await db.query(`GRANT USAGE ON SCHEMA ext TO ${ident(etl)}`);
    const url = db.urlFor({ user: etl, password: 'etl' });
    const pulled = await pull(url);
    expect(pulled.hiddenMappings).toBe(1);
    expect(pulled.text).toContain('public: {} # options hidden from this role');
    expect(pulled.text).toContain('owner: postgres');
    const plan = await planWith(pulled, url, allSet(pulled, 'geheim'));
    expect(plan.changes).toEqual([]);
    expect(plan.notices.map(({ address }) => address)).toEqual(['user mapping for PUBLIC on server shop']);
  });

  it('takes a text with a password in it, of whatever option, for a secret', async () => {
    await using db = await createDatabase(cluster(major));
    await db.query(`CREATE FOREIGN DATA WRAPPER jdbc; CREATE SERVER s FOREIGN DATA WRAPPER jdbc OPTIONS (url 'jdbc://me:geheim@host/db', conninfo 'host=h password=geheim', api_key 'geheim');
      CREATE FOREIGN TABLE public.t (a int OPTIONS (token 'geheim')) SERVER s OPTIONS (dsn 'mongodb://me:geheim@host')`);
    const pulled = await pull(db.url);
    expect(pulled.text).not.toContain('geheim');
    const env = { S_URL: 'jdbc://me:geheim@host/db', S_CONNINFO: 'host=h password=geheim', S_API_KEY: 'geheim', PUBLIC_T_A_TOKEN: 'geheim', PUBLIC_T_DSN: 'mongodb://me:geheim@host' };
    expect([...pulled.variables].sort()).toEqual(Object.keys(env).sort());
    expect((await planWith(pulled, db.url, env)).changes).toEqual([]);
  });
});

describe('what is wanted', () => {
  it('can be some servers, some schemas, or tables that are on both', async () => {
    const { db } = await withObjects(majors().at(-1) ?? 18);
    await using _ = db;
    expect((await pull(db.url, { servers: ['Archive.2019'] })).counts).toEqual({ schemas: 0, servers: 1, userMappings: 0, tables: 2 });
    expect((await pull(db.url, { schemas: ['reporting'] })).counts).toEqual({ schemas: 0, servers: 1, userMappings: 2, tables: 1 });
    expect((await pull(db.url, { servers: ['shop'], schemas: ['public'] })).counts).toEqual({ schemas: 0, servers: 1, userMappings: 2, tables: 2 });
    await expect(pull(db.url, { servers: ['shopp'] })).rejects.toMatchObject({ id: 'unknown-server', todo: 'Did you mean shop?' });
    await expect(pull(db.url, { schemas: ['reportin'] })).rejects.toMatchObject({ id: 'unknown-schema', todo: 'Did you mean reporting?' });
  });

  it('may be nothing at all', async () => {
    await using db = await createDatabase();
    const pulled = await pull(db.url);
    expect(pulled.text).toMatchSnapshot();
    expect((await planWith(pulled, db.url, {})).changes).toEqual([]);
  });
});

describe('docs/pull.md', async () => {
  const document = await readFile('docs/pull.md', 'utf8');

  it('shows a spec that loads, without a warning', async () => {
    const example = /^```yaml\n([^]*?)^```$/m.exec(document)?.[1] ?? '';
    expect((await load(example)).warnings).toEqual([]);
  });
});
