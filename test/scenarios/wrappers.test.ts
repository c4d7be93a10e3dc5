import { describe, expect, it } from 'vitest';
import { ident } from '../../src/sql/quote.ts';
import { cluster, createDatabase, majors, uniqueName } from '../servers/index.ts';
import { allSet, planWith, pull } from '../pull/pull.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

describe.each(majors().map((major) => ({ major })))('foreign-data wrappers, major $major', ({ major }) => {
  it('of your own are created, changed in place, and pulled', async () => {
    await using db = await createDatabase(cluster(major));
    const deploy = uniqueName('deploy');
    await db.query(`CREATE ROLE ${ident(deploy)}; CREATE SCHEMA ext; CREATE EXTENSION postgres_fdw SCHEMA ext`);
    await using place = await workplace(db.url);
    const spec = (...lines: readonly string[]): string => `version: 1\nwrappers:\n  mine:\n${lines.map((line) => `    ${line}\n`).join('')}servers: {one: {wrapper: mine, options: {host: h}}}\n`;

    await place.write(spec('handler: ext.postgres_fdw_handler', 'validator: ext.postgres_fdw_validator', 'comment: "it\'s mine"', `usage: [${deploy}]`));
    expect(sqlOf(await place.plan())).toEqual([
      'CREATE FOREIGN DATA WRAPPER mine HANDLER ext.postgres_fdw_handler VALIDATOR ext.postgres_fdw_validator',
      `GRANT USAGE ON FOREIGN DATA WRAPPER mine TO ${deploy}`,
      "COMMENT ON FOREIGN DATA WRAPPER mine IS 'it''s mine'",
      "CREATE SERVER one FOREIGN DATA WRAPPER mine OPTIONS (host 'h')",
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    const [made] = await db.query<{ oid: number }>("SELECT oid FROM pg_foreign_data_wrapper WHERE fdwname = 'mine'");

    await place.write(spec('handler: none', 'validator: none', 'options: {debug: "1"}', 'usage: [public]'));
    const plan = await place.plan();
    expect(plan.changes.map(({ address, details }) => [address, ...details])).toEqual([
      ['wrapper mine', 'handler: ext.postgres_fdw_handler -> none', 'validator: ext.postgres_fdw_validator -> none', "option debug: added, '1'", 'USAGE: granted to PUBLIC', `USAGE: revoked from ${deploy}`],
    ]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    const after = await db.query('SELECT oid, fdwhandler::text, fdwvalidator::text, fdwoptions, obj_description(oid, \'pg_foreign_data_wrapper\') AS comment FROM pg_foreign_data_wrapper WHERE fdwname = \'mine\'');
    expect(after).toEqual([{ oid: made?.oid, fdwhandler: '0', fdwvalidator: '0', fdwoptions: ['debug=1'], comment: "it's mine" }]);

    const pulled = await pull(db.url);
    expect(pulled.text).toContain('wrappers:\n  mine:\n    handler: none\n    validator: none\n    options:\n      debug: 1\n    comment: it\'s mine\n    usage: [public]\n');
    expect(changesOf(await planWith(pulled, db.url, allSet(pulled, '')))).toEqual([]);
    await db.query(`DROP OWNED BY ${ident(deploy)}; DROP ROLE ${ident(deploy)}`);
  });

  it('are all that a role without superuser rights needs for servers of its own; of mappings that it may not see nothing is claimed', async () => {
    await using db = await createDatabase(cluster(major));
    const [deploy, etl] = [uniqueName('deploy'), uniqueName('etl')];
    await db.query(`CREATE ROLE ${deploy} LOGIN PASSWORD 'd'; CREATE ROLE ${etl}; CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${deploy}`);
    await using place = await workplace(db.urlFor({ user: deploy, password: 'd' }), { PW: 'p' });
    const spec = (user: string): string => `version: 1
servers:
  one:
    options: {host: h}
    user_mappings:
      public: {user: ${user}, password: {env: PW}}
      ${etl}: {user: ${user}, password: {env: PW}}
`;
    await place.write(spec('first'));
    await place.apply({ tryMappings: false });
    await place.write(spec('second'));
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['update user mapping for PUBLIC on server one']);
    expect(plan.notices).toEqual([{ address: `user mapping for ${etl} on server one`, message: 'its options are hidden from this role: not compared, left as they are (--set-secrets writes them all the same)' }]);
    await place.apply({ tryMappings: false });
    const stored = await db.query<{ options: string[] }>('SELECT umoptions AS options FROM pg_user_mapping ORDER BY oid');
    expect(stored.map(({ options }) => options.find((option) => option.startsWith('user=')))).toEqual(['user=second', 'user=first']);

    await place.write('version: 1\nwrappers: {mine: {handler: none}}\n');
    await expect(place.plan()).rejects.toMatchObject({ id: 'privileges-missing', why: expect.stringContaining('wrapper mine') as string });
    await db.query(`DROP SERVER one CASCADE; DROP OWNED BY ${deploy}, ${etl}; DROP ROLE ${deploy}, ${etl}`);
  });

  it('of extensions are granted, before and after the extension is there, and nothing else', async () => {
    await using db = await createDatabase(cluster(major));
    const deploy = uniqueName('deploy');
    await db.query(`CREATE ROLE ${ident(deploy)} LOGIN PASSWORD 'd'`);
    await using place = await workplace(db.url);
    await place.write(`version: 1\nextensions: [postgres_fdw]\nwrappers: {postgres_fdw: {usage: [${deploy}]}}\n`);
    expect(sqlOf(await place.plan())).toEqual(['CREATE EXTENSION postgres_fdw', `GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${deploy}`]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    await (await db.connect({ user: deploy, password: 'd' })).query('CREATE SERVER theirs FOREIGN DATA WRAPPER postgres_fdw');
    const pulled = await pull(db.url);
    expect(pulled.text).toContain(`extensions: [postgres_fdw]\n\nwrappers:\n  postgres_fdw:\n    usage: [${deploy}]\n`);
    expect(changesOf(await planWith(pulled, db.url, {}))).toEqual([]);

    await place.write('version: 1\nwrappers: {postgres_fdw: {usage: []}}\n');
    await place.apply();
    expect(await db.query('SELECT has_foreign_data_wrapper_privilege($1, \'postgres_fdw\', \'USAGE\') AS may', [deploy])).toEqual([{ may: false }]);

    await place.write('version: 1\nwrappers:\n  postgres_fdw: {validator: none}\n');
    await expect(place.plan()).rejects.toMatchObject({
      problems: [{ message: 'the wrapper `postgres_fdw` belongs to the extension `postgres_fdw`', at: { line: 3, column: 3 }, hint: 'only `usage` may stand under it: the extension says the rest' }],
    });
    await place.write('version: 1\nwrappers:\n  nowhere: {usage: [public]}\n');
    await expect(place.plan()).rejects.toMatchObject({ problems: [{ message: 'wrapper nowhere cannot be changed: foreign-data wrapper "nowhere" does not exist', at: { line: 3 } }] });
    await db.query(`DROP OWNED BY ${ident(deploy)}; DROP ROLE ${ident(deploy)}`);
  });
});
