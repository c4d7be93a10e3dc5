import { describe, expect, it } from 'vitest';
import { ident, literal } from '../../src/sql/quote.ts';
import { createDatabase, pair, pairs, uniqueName } from '../servers/index.ts';
import { makeShop, shopServer } from '../scenarios/shop.ts';
import { changesOf, workplace } from '../scenarios/flow.ts';

describe.each(pairs())('a server that leads elsewhere, local $local, remote $remote', (majors) => {
  it('has all its user mappings tried: those of the spec must work, of others there is a word', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const other = uniqueName('other');
    await servers.local.query(`CREATE ROLE ${ident(other)}`);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    const spec = `version: 1\nextensions: [postgres_fdw]\n${shopServer(servers, reader)}`;
    await place.write(spec);
    await place.apply();
    await servers.local.query(`CREATE USER MAPPING FOR ${ident(other)} SERVER shop OPTIONS ("user" 'nobody', password 'x'); GRANT USAGE ON FOREIGN SERVER shop TO ${ident(other)}`);

    // Options that no connection depends on: nothing is tried.
    await place.write(spec.replace('options: {', 'options: {fetch_size: 500, '));
    expect((await place.apply()).notices).toEqual([]);

    await using moved = await createDatabase(servers.remote.cluster);
    await servers.remote.query(`REVOKE CONNECT ON DATABASE ${ident(moved.name)} FROM PUBLIC`);
    const to = (name: string): string => spec.replace(JSON.stringify(servers.remote.name), JSON.stringify(name)).replace('options: {', 'options: {fetch_size: 500, ');
    await place.write(to(moved.name));
    expect(changesOf(await place.plan())).toEqual(['update server shop']);
    await expect(place.apply()).rejects.toMatchObject({
      id: 'remote-login-failed',
      message: expect.stringContaining('Nothing was applied: user mapping for PUBLIC on server shop does not work.') as string,
      why: expect.stringContaining('permission denied for database') as string,
    });

    await servers.remote.query(`GRANT CONNECT ON DATABASE ${ident(moved.name)} TO ${ident(reader.role)}`);
    expect((await place.apply()).notices).toEqual([
      { address: `user mapping for ${ident(other)} on server shop`, message: expect.stringMatching(/^is not in the spec, and does not work with its server as it is now: The remote of server "shop" refused the login\./) as string },
    ]);
  });
});

describe.each(pairs())('user mappings whose options are hidden, local $local, remote $remote', (majors) => {
  it('are left as they are, and said; --set-secrets writes them all the same, and tries them', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const [owner, etl] = [uniqueName('owner'), uniqueName('etl')];
    await servers.local.query(`
      CREATE EXTENSION postgres_fdw; CREATE ROLE ${ident(etl)}; CREATE ROLE ${ident(owner)} LOGIN PASSWORD 'x'; GRANT ${ident(etl)} TO ${ident(owner)};
      GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${ident(owner)}; GRANT CREATE ON DATABASE ${ident(servers.local.name)} TO ${ident(owner)}`);
    const env: Record<string, string> = { SHOP_PASSWORD: reader.password };
    await using place = await workplace(servers.local.urlFor({ user: owner, password: 'x' }), env);
    await place.write(`version: 1\nextensions: [postgres_fdw]\n${shopServer(servers, reader).replace('public:', `'${etl}':`)}    usage: ['${etl}']\n`);
    await place.apply();

    const fresh = uniqueName('fresh');
    await servers.remote.query(`ALTER ROLE ${ident(reader.role)} PASSWORD ${literal(fresh)}`);
    env['SHOP_PASSWORD'] = fresh;
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual([]);
    expect(plan.notices).toEqual([
      { address: `user mapping for ${etl} on server shop`, message: 'its options are hidden from this role: not compared, left as they are (--set-secrets writes them all the same)' },
    ]);

    const set = await place.plan({ setSecrets: true });
    expect(set.changes.map(({ action, address, details }) => ({ action, address, details }))).toEqual([
      { action: 'update', address: `user mapping for ${etl} on server shop`, details: ['options: hidden from this role, all written anew'] },
    ]);
    env['SHOP_PASSWORD'] = 'a wrong one';
    await expect(place.apply({}, { setSecrets: true })).rejects.toMatchObject({ id: 'remote-login-failed' });
    env['SHOP_PASSWORD'] = fresh;
    expect(await place.apply({}, { setSecrets: true })).toMatchObject({ applied: { update: 1 }, notices: [] });
    const [stored] = await servers.local.query<{ umoptions: string[] }>('SELECT umoptions FROM pg_user_mappings');
    expect(stored?.umoptions).toContain(`password=${fresh}`);
  });
});
