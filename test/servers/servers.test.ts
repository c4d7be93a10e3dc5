import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, logOf, majors, pair, pairs, serverKind, startCluster, uniqueName, urlOf } from './index.ts';

describe('the shared clusters', () => {
  it.each(majors().map((major) => ({ major })))('runs major $major', async ({ major }) => {
    await using db = await createDatabase(cluster(major));
    const [row] = await db.query<{ major: number; encoding: string }>(
      "SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('server_encoding') AS encoding");
    expect(row).toEqual({ major, encoding: 'UTF8' });
  });

  it('names the majors when another is asked for', () => {
    expect(() => cluster(9)).toThrow('major 9 is not part of this run');
  });

  it('keeps a log that tests can read', async () => {
    await using db = await createDatabase();
    const marker = uniqueName('marker');
    await expect(db.query(`SELECT 1/0 AS ${marker}`)).rejects.toThrow('division by zero');
    await expect.poll(() => logOf(db.cluster)).toContain(marker);
  });

  it('drops a database while somebody is connected', async () => {
    const db = await createDatabase();
    await db.connect();
    await db.drop();
    await using other = await createDatabase(db.cluster);
    expect(await other.query('SELECT 1 FROM pg_database WHERE datname = $1', [db.name])).toEqual([]);
  });
});

describe('a pair', () => {
  it.each(pairs().map((of) => ({ of, name: `${of.local}→${of.remote}` })))('reaches the remote from the local server: $name', async ({ of }) => {
    await using two = await pair(of);
    const { host, port, dbname } = two.serverOptions;
    const { user, password } = two.remote.cluster;
    await two.remote.query('CREATE TABLE t AS SELECT 42 AS answer');
    await two.local.query(`
      CREATE EXTENSION postgres_fdw;
      CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${host}', port '${port}', dbname '${dbname}');
      CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user '${user}', password '${password}');
      CREATE FOREIGN TABLE t (answer int) SERVER s`);
    expect(await two.local.query('SELECT answer FROM t')).toEqual([{ answer: 42 }]);
  });

  it('covers each major as local and as remote', () => {
    expect(pairs().map(({ local }) => local).sort()).toEqual([...majors()]);
    expect(pairs().map(({ remote }) => remote)).toEqual([...majors()]);
  });
});

describe('a private cluster', () => {
  it('takes settings and its own pg_hba.conf, and restarts', async () => {
    await using own = await startCluster({
      settings: { work_mem: '5MB', search_path: "it's" },
      hba: 'host all nopassword all trust\nhost all all all scram-sha-256\nlocal all all scram-sha-256\n',
    });
    await using db = await createDatabase(own);
    expect(await db.query('SHOW work_mem')).toEqual([{ work_mem: '5MB' }]);
    await db.query('CREATE ROLE nopassword LOGIN');
    const client = await db.connect({ user: 'nopassword' });
    expect((await client.query('SELECT current_user')).rows).toEqual([{ current_user: 'nopassword' }]);
    await client.end();
    if (serverKind() === 'embedded') {
      await own.restart();
      await using again = await createDatabase(own);
      expect(await again.query('SHOW work_mem')).toEqual([{ work_mem: '5MB' }]);
    }
  });

  it.runIf(serverKind() === 'embedded').each(majors().map((major) => ({ major })))('is a standby: $major', async ({ major }) => {
    await using db = await createDatabase(cluster(major));
    await db.query('CREATE TABLE before AS SELECT 1 AS x');
    await using standby = await startCluster({ standbyOf: db.cluster });
    await db.query('CREATE TABLE since AS SELECT 2 AS x');
    const client = new pg.Client({ connectionString: urlOf(standby, db.name) });
    await client.connect();
    expect((await client.query('SELECT pg_is_in_recovery() AS standby, (SELECT x FROM before) AS x')).rows).toEqual([{ standby: true, x: 1 }]);
    await expect.poll(async () => (await client.query<{ there: boolean }>("SELECT to_regclass('since') IS NOT NULL AS there")).rows, { timeout: 10_000 }).toEqual([{ there: true }]);
    await client.end();
  });
});
