import { describe, expect, it } from 'vitest';
import { ident, literal } from '../../src/sql/quote.ts';
import { logOf, pair, pairs, storyMajors, uniqueName } from '../servers/index.ts';
import { changesOf, workplace } from './flow.ts';
import { makeShop, shopServer } from './shop.ts';

describe.each(pairs(storyMajors()))('S8: rotation of a password, local $local, remote $remote', (majors) => {
  it('is one line of the plan, tried before the commit, and rolled back where the remote refuses', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const env: Record<string, string> = { SHOP_PASSWORD: reader.password };
    await using place = await workplace(servers.local.url, env);
    await place.write(`version: 1
extensions: [postgres_fdw]
${shopServer(servers, reader)}
schemas:
  shop: {server: shop, remote_schema: public, tables: [customers]}
`);
    await place.apply();

    const fresh = uniqueName('fresh');
    await servers.remote.query(`ALTER ROLE ${ident(reader.role)} PASSWORD ${literal(fresh)}`);
    const session = await servers.local.connect();
    await expect(session.query('SELECT FROM shop.customers')).rejects.toThrow('could not connect to server "shop"');

    env['SHOP_PASSWORD'] = 'a wrong one';
    await expect(place.apply()).rejects.toMatchObject({ id: 'remote-login-failed' });

    env['SHOP_PASSWORD'] = fresh;
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['update user mapping for PUBLIC on server shop']);
    expect(plan.changes.map(({ details }) => details)).toEqual([['option password: (sensitive) -> (sensitive)']]);
    expect((await place.apply()).notices).toEqual([]);
    expect((await session.query('SELECT FROM shop.customers')).rowCount).toBe(20);
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('refuses a user mapping that never worked, says what the remote said, and leaves nothing', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: 'a wrong one' });
    await place.write(`version: 1\nextensions: [postgres_fdw]\n${shopServer(servers, reader)}`);
    const failure: unknown = await place.apply().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      id: 'remote-login-failed',
      message: 'Nothing was applied: user mapping for PUBLIC on server shop does not work. The remote of server "shop" refused the login.',
      why: expect.stringContaining('password authentication failed for user') as string,
      todo: expect.stringContaining('--no-verify') as string,
    });
    expect(await servers.local.query('SELECT 1 FROM pg_foreign_server')).toEqual([]);
    expect((await place.apply({ tryMappings: false })).applied.create).toBe(3);
  });

  it('sets what is there, adds what is not, drops what is wanted no more; neither the plan file nor the log has the secret', async () => {
    await using servers = await pair(majors);
    const secret = uniqueName('secret');
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: secret });
    const spec = (mapping: string): string => `version: 1\nextensions: [postgres_fdw]\nservers:\n  shop: {user_mappings: {public: {${mapping}}}}\n`;
    const options = async () => servers.local.query("SELECT umoptions FROM pg_user_mappings WHERE srvname = 'shop'");
    for (const [mapping, details, stored] of [
      ['user: x', [], ['user=x']],
      ['user: x, password: {env: SHOP_PASSWORD}', ['option password: added, (sensitive)'], ['user=x', `password=${secret}`]],
      ['user: y, password: {env: SHOP_PASSWORD}', ["option user: 'x' -> 'y'"], ['user=y', `password=${secret}`]],
      ['user: y', ['option password: dropped'], ['user=y']],
    ] as const) {
      await place.write(spec(mapping));
      const saved = await place.save();
      expect(saved).not.toContain(secret);
      expect((await place.plan()).changes.flatMap((change) => change.details)).toEqual(details);
      await place.applySaved(saved, { tryMappings: false });
      expect(await options()).toEqual([{ umoptions: stored }]);
    }
    expect(await logOf(servers.local.cluster)).not.toContain(secret);
  });

  it('tries the mapping of a role as that role; says what it could not try', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const etl = uniqueName('etl "x"');
    await servers.local.query(`CREATE ROLE ${ident(etl)}`);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    const spec = `version: 1\nextensions: [postgres_fdw]\n${shopServer(servers, reader).replace('public:', `'${etl}':`)}`;
    await place.write(spec);
    expect((await place.apply()).notices).toEqual([]);

    await servers.local.query('DROP SERVER shop CASCADE');
    await place.write(spec.replace(/"port": *"[0-9]+"|port: "[0-9]+"/, 'port: "1"'));
    const { notices } = await place.apply();
    expect(notices).toEqual([
      { address: `user mapping for ${ident(etl)} on server shop`, message: expect.stringMatching(/^could not be tried: The remote of server "shop" cannot be reached/) as string },
    ]);
  });
});
