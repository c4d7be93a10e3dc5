import { describe, expect, it } from 'vitest';
import { allSet, planWith, pull } from '../pull/pull.ts';
import { type Cluster, cluster, createDatabase, majors, pair, type TestDatabase, uniqueName } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

/** What the catalogs hold of foreign objects, read without fdw. */
async function catalogs(db: TestDatabase): Promise<unknown> {
  return db.query(`
    SELECT 'server' AS what, srvname::text AS name, fdwname::text AS parent, srvoptions AS options FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw
    UNION ALL SELECT 'mapping', usename::text, srvname::text, umoptions FROM pg_user_mappings
    UNION ALL SELECT 'table', ftrelid::regclass::text, srvname::text, ftoptions FROM pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver
    UNION ALL SELECT 'column', attname::text, format_type(atttypid, atttypmod) || attnotnull, attfdwoptions FROM pg_attribute JOIN pg_foreign_table ON ftrelid = attrelid WHERE attnum > 0
    ORDER BY 1, 2, 3`);
}

/** A database with what somebody wrote by hand. */
async function byHand(on: Cluster, sql: string): Promise<unknown> {
  await using db = await createDatabase(on);
  await db.query(sql);
  return await catalogs(db);
}

describe.each(majors().map((major) => ({ major })))('another wrapper, major $major:', ({ major }) => {
  it('file_fdw is created, changed in place, compared and pulled', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const spec = (table: string, columns: string): string => `version: 1
extensions: [file_fdw]
servers: {files: {wrapper: file_fdw}}
tables:
  public.lines: {server: files, options: ${table}, columns: ${columns}}
`;
    await place.write(spec('{filename: PG_VERSION}', '{line: text}')); // A relative path starts from the data folder.
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await db.query('SELECT line FROM lines')).toEqual([{ line: String(major) }]);
    expect(await catalogs(db)).toEqual(await byHand(db.cluster, `CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
      CREATE FOREIGN TABLE lines (line text) SERVER files OPTIONS (filename 'PG_VERSION')`));
    const [made] = await db.query<{ oid: number }>("SELECT 'lines'::regclass::oid AS oid");

    await place.write(spec("{filename: PG_VERSION, format: csv, delimiter: ';', 'null': none}", '{line: {type: text not null, options: {force_not_null: true}}}').replace('text not null', 'text'));
    expect(sqlOf(await place.plan())).toEqual([
      "ALTER FOREIGN TABLE public.lines\n  ALTER COLUMN line OPTIONS (ADD force_not_null 'true'),\n  OPTIONS (ADD delimiter ';', ADD format 'csv', ADD \"null\" 'none')",
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await db.query("SELECT line, 'lines'::regclass::oid AS oid FROM lines")).toEqual([{ line: String(major), oid: made?.oid }]);
    const pulled = await pull(db.url);
    expect(pulled.text).toContain('extensions: [file_fdw]');
    expect(changesOf(await planWith(pulled, db.url, {}))).toEqual([]);

    await place.write(spec('{file_name: PG_VERSION}', '{line: text}'));
    await expect(place.plan()).rejects.toMatchObject({ problems: [{ message: '`file_name` is not an option that file_fdw takes on a foreign table', hint: 'did you mean `filename`?' }] });
  });

  it('dblink_fdw is created, its password changed and kept secret, compared and pulled', async () => {
    await using servers = await pair({ local: major, remote: major });
    const { local, remote, serverOptions } = servers;
    const reader = uniqueName('reader');
    await remote.query(`CREATE ROLE ${reader} LOGIN PASSWORD 'first'`);
    const env = { PW: 'first' };
    await using place = await workplace(local.url, env);
    const { host, port, dbname } = serverOptions;
    const spec = (more: string): string => `version: 1
extensions: [dblink]
servers:
  there:
    wrapper: dblink_fdw
    options: {host: ${host}, port: ${port}, dbname: ${dbname}${more}}
    user_mappings: {public: {user: ${reader}, password: {env: PW}}}
`;
    await place.write(spec(''));
    const { notices } = await place.apply();
    expect(notices.map(({ message }) => message.split(':')[0])).toEqual(['could not be tried']);
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await local.query("SELECT * FROM dblink('there', 'SELECT current_user::text') AS t (who text)")).toEqual([{ who: reader }]);
    expect(await catalogs(local)).toEqual(await byHand(local.cluster, `CREATE EXTENSION dblink; CREATE SERVER there FOREIGN DATA WRAPPER dblink_fdw OPTIONS (dbname '${dbname}', host '${host}', port '${port}');
      CREATE USER MAPPING FOR PUBLIC SERVER there OPTIONS (password 'first', "user" '${reader}')`));

    await remote.query(`ALTER ROLE ${reader} PASSWORD 'second'`);
    env.PW = 'second';
    await place.write(spec(', application_name: reports'));
    expect((await place.plan()).changes.map(({ address, details }) => [address, ...details])).toEqual([
      ['server there', "option application_name: added, 'reports'"],
      ['user mapping for PUBLIC on server there', 'option password: (sensitive) -> (sensitive)'],
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await local.query("SELECT * FROM dblink('there', 'SELECT current_setting(''application_name'')') AS t (name text)")).toEqual([{ name: 'reports' }]);
    const pulled = await pull(local.url);
    expect(pulled.text).not.toContain('second');
    expect(changesOf(await planWith(pulled, local.url, allSet(pulled, 'second')))).toEqual([]);
  });
});
