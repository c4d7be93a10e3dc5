import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ident, literal } from '../../src/sql/quote.ts';
import { silence } from '../servers/silence.ts';
import { cluster, createDatabase, majors, uniqueName, type TestDatabase } from '../servers/index.ts';
import { allSet, planWith, pull } from './pull.ts';

const remoteTables = `
  CREATE SCHEMA "Shop x";
  CREATE TYPE "Shop x".status AS ENUM ('new', 'paid');
  CREATE TABLE "Shop x".orders (id bigint NOT NULL, status "Shop x".status DEFAULT 'new', note text COLLATE "C" DEFAULT 'it''s', twice bigint GENERATED ALWAYS AS (id * 2) STORED);
  CREATE TABLE "Shop x"."Cust.omers" (id int NOT NULL, name varchar(20) NOT NULL);
  CREATE TABLE "Shop x".events (at date NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE "Shop x".events_2020 PARTITION OF "Shop x".events DEFAULT;
  CREATE VIEW "Shop x".paid AS SELECT id FROM "Shop x".orders`;

describe.each(majors().map((major) => ({ major })))('imported schemas are recognised, major $major', ({ major }) => {
  const analyst = uniqueName('analyst');
  let remote: TestDatabase;
  beforeAll(async () => {
    remote = await createDatabase(cluster(major === 14 ? (majors().at(-1) ?? major) : 14));
    await remote.query(remoteTables);
  });
  afterAll(async () => remote.drop());

  /** A database with a server, and what `sql` does to it. */
  async function local(sql: string): Promise<TestDatabase & AsyncDisposable> {
    const db = await createDatabase(cluster(major));
    const { host, port } = remote.cluster;
    await db.query(`CREATE EXTENSION postgres_fdw; CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ${literal(host)}, port '${port}', dbname ${literal(remote.name)});
      CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS ("user" ${literal(remote.cluster.user)}, password ${literal(remote.cluster.password)});
      CREATE SCHEMA shop; CREATE TYPE shop.status AS ENUM ('new', 'paid'); ${sql}`);
    return db;
  }
  const importing = 'IMPORT FOREIGN SCHEMA "Shop x"';
  /** The types of the remote's own stand elsewhere there: a table is made as the import would, had it the type. */
  const ordersLike = (generated: string, fallback: string): string => `CREATE FOREIGN TABLE shop.orders (id bigint OPTIONS (column_name 'id') NOT NULL, status shop.status OPTIONS (column_name 'status')${fallback === '' ? '' : " DEFAULT 'new'"},
    note text OPTIONS (column_name 'note') COLLATE "C"${fallback}, twice bigint OPTIONS (column_name 'twice')${generated}) SERVER shop OPTIONS (schema_name 'Shop x', table_name 'orders')`;
  const asIs = ordersLike(' GENERATED ALWAYS AS (id * 2) STORED', '');

  const cases: readonly { readonly what: string; readonly sql: string; readonly says: readonly string[]; readonly spelled: number }[] = [
    { what: 'all of it', sql: `${importing} EXCEPT (orders) FROM SERVER shop INTO shop; ${asIs}`, says: ['  shop:\n    server: shop\n    remote_schema: Shop x\n    tables: all\n'], spelled: 0 },
    { what: 'all but some', sql: `${importing} EXCEPT (orders) FROM SERVER shop INTO shop`, says: ['tables: {except: [orders]}'], spelled: 0 },
    { what: 'a list, with a partition', sql: `${importing} LIMIT TO (events_2020) FROM SERVER shop INTO shop`, says: ['tables: [events_2020]'], spelled: 0 },
    { what: 'without NOT NULL', sql: `${importing} LIMIT TO ("Cust.omers", events) FROM SERVER shop INTO shop OPTIONS (import_not_null 'false')`, says: ['import: {not_null: false}', 'Cust.omers'], spelled: 0 },
    { what: 'with defaults, without generated columns', sql: ordersLike('', " DEFAULT 'it''s'"), says: ['import: {default: true, generated: false}'], spelled: 0 },
    {
      what: 'with small differences, grants and settings',
      sql: `${importing} LIMIT TO ("Cust.omers", events) FROM SERVER shop INTO shop; ALTER FOREIGN TABLE shop."Cust.omers" OPTIONS (ADD fetch_size '7'), ALTER name TYPE text, ALTER name SET STATISTICS 500;
        COMMENT ON FOREIGN TABLE shop.events IS 'e'; GRANT USAGE ON SCHEMA shop TO ${ident(analyst)}; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO ${ident(analyst)}; GRANT INSERT ON shop.events TO ${ident(analyst)};
        ALTER FOREIGN TABLE shop.events ADD CHECK (at > '2000-01-01')`,
      says: [`usage: [${analyst}]\n    select: [${analyst}]`, 'options: {fetch_size: 7}', '{type: text, statistics: 500}', `insert: [${analyst}]`, 'comment: e', 'events_at_check'],
      spelled: 0,
    },
    { what: 'not what was taken away', sql: `${importing} EXCEPT (orders) FROM SERVER shop INTO shop; ALTER FOREIGN TABLE shop."Cust.omers" DROP COLUMN name`, says: ['tables: [events, paid]', '  shop."Cust.omers":\n    server: shop'], spelled: 1 },
    { what: 'not what has other columns', sql: "CREATE FOREIGN TABLE shop.paid (a int) SERVER shop OPTIONS (schema_name 'Shop x', table_name 'paid')", says: ['  shop.paid:'], spelled: 1 },
  ];
  it.each(cases)('$what', async ({ sql, says, spelled }) => {
    const made = await local(`CREATE ROLE ${ident(analyst)}`);
    try {
      await made.query(sql);
      const pulled = await pull(made.url);
      for (const text of says) expect(pulled.text).toContain(text);
      expect(pulled.unread).toEqual([]);
      expect(pulled.counts).toMatchObject({ schemas: spelled === 1 && says.length === 1 ? 0 : 1, tables: spelled });
      expect((await planWith(pulled, made.url, allSet(pulled, remote.cluster.password))).changes.map(({ address, details }) => ({ address, details }))).toEqual([]);
      expect((await pull(made.url, {}, false)).counts.schemas).toBe(0);
    } finally {
      await made.query(`DROP OWNED BY ${ident(analyst)}; DROP ROLE ${ident(analyst)}`);
      await made.drop();
    }
  });

  it('says so where a remote cannot be asked, and spells out', async () => {
    await using made = await local(`${importing} LIMIT TO (events) FROM SERVER shop INTO shop; ALTER SERVER shop OPTIONS (SET port '1')`);
    const pulled = await pull(made.url);
    expect(pulled.counts).toMatchObject({ schemas: 0, tables: 1 });
    expect(pulled.unread).toEqual([expect.stringContaining('server shop: ')]);
    expect(pulled.text).toContain('#   server shop: ');
    expect((await planWith(pulled, made.url, allSet(pulled, remote.cluster.password))).changes).toEqual([]);
  });

  it.each([
    { what: 'its catalogs', revoke: 'REVOKE SELECT ON pg_catalog.pg_attribute FROM PUBLIC' },
    { what: 'its types', revoke: 'REVOKE SELECT ON pg_catalog.pg_type FROM PUBLIC' },
  ])('what the mapped role may not read there is unknown, not absent: $what', async ({ revoke }) => {
    await using made = await local(`${importing} LIMIT TO (events, "Cust.omers") FROM SERVER shop INTO shop`);
    const role = uniqueName('poor');
    await remote.query(`CREATE ROLE ${ident(role)} LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA "Shop x" TO ${ident(role)}; ${revoke}`);
    try {
      await made.query(`ALTER USER MAPPING FOR PUBLIC SERVER shop OPTIONS (SET "user" ${literal(role)}, SET password 'p')`);
      const pulled = await pull(made.url);
      expect(pulled).toMatchObject({ counts: { schemas: 0, tables: 2 }, unread: ['server shop: The remote of server "shop" does not let its catalogs be read.'] });
      // Spelled out as they are, not as a remote without columns would have them.
      expect(pulled.text).toContain('  shop."Cust.omers":\n    server: shop');
      expect((await planWith(pulled, made.url, allSet(pulled, 'p'))).changes).toEqual([]);
    } finally {
      await remote.query(`${revoke.replace('REVOKE', 'GRANT').replace('FROM', 'TO')}; DROP OWNED BY ${ident(role)}; DROP ROLE ${ident(role)}`);
    }
  });

  it('are recognised for a role that is no superuser, and a remote that keeps silent holds nobody up', async () => {
    await using made = await local(`${importing} LIMIT TO (events, "Cust.omers") FROM SERVER shop INTO shop`);
    const silent = await silence();
    const role = uniqueName('reader');
    const { user, password } = remote.cluster;
    await made.query(`CREATE ROLE ${ident(role)} LOGIN PASSWORD 'r'; GRANT USAGE ON FOREIGN SERVER shop TO ${ident(role)};
      CREATE SERVER "a silent one" FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${silent.port}'); GRANT USAGE ON FOREIGN SERVER "a silent one" TO ${ident(role)};
      CREATE USER MAPPING FOR PUBLIC SERVER "a silent one" OPTIONS ("user" ${literal(user)}, password ${literal(password)});
      CREATE SCHEMA far; CREATE FOREIGN TABLE far.t (id int) SERVER "a silent one" OPTIONS (schema_name 'public', table_name 't')`);
    try {
      const url = made.urlFor({ user: role, password: 'r' });
      const started = performance.now();
      const pulled = await pull(url, {}, true, 1500);
      expect(performance.now() - started).toBeLessThan(20_000);
      // It may not see PUBLIC's options, and reads through them all the same.
      expect(pulled).toMatchObject({ counts: { schemas: 1, tables: 1 }, hiddenMappings: 2, unread: [expect.stringContaining('"a silent one"') as string] });
      expect(pulled.text).toContain('    remote_schema: Shop x\n    tables: [Cust.omers, events]');
    } finally {
      silent.close();
      await made.query(`DROP OWNED BY ${ident(role)}; DROP ROLE ${ident(role)}`);
    }
  });
});
