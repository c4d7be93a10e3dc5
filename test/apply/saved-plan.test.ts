import { describe, expect, it } from 'vitest';
import { administer, pair, pairs } from '../servers/index.ts';
import { makeShop, shopServer } from '../scenarios/shop.ts';
import { workplace } from '../scenarios/flow.ts';
import { ident } from '../../src/sql/quote.ts';

/** A saved plan of a whole shop, which nobody has carried out yet. */
async function saved(majors: Parameters<typeof pair>[0]) {
  const servers = await pair(majors);
  const reader = await makeShop(servers);
  const env: Record<string, string> = { SHOP_PASSWORD: reader.password, OTHER: reader.password };
  const place = await workplace(servers.local.url, env);
  const spec = `version: 1\nextensions: [postgres_fdw]\n${shopServer(servers, reader)}schemas:\n  shop: {server: shop, remote_schema: public, tables: all}\n`;
  await place.write(spec);
  return {
    ...servers, place, spec, env,
    text: await place.save(),
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]();
      await servers[Symbol.asyncDispose]();
    },
  };
}

describe.each(pairs())('a saved plan, local $local, remote $remote', (majors) => {
  it('says what it was made from, and holds no secret', async () => {
    await using at = await saved(majors);
    expect(JSON.parse(at.text)).toMatchObject({
      saved: {
        madeFrom: {
          spec: { path: at.place.specPath, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
          database: { system: expect.stringMatching(/^\d+$/) as string, oid: expect.stringMatching(/^\d+$/) as string },
          remotes: [{ server: 'shop', schema: 'public', relations: { customers: expect.any(String) as string, orders: expect.any(String) as string } }],
        },
      },
    });
    expect(at.text).not.toContain(at.env['SHOP_PASSWORD']);
  });

  it('is refused when what it learned from the remote has changed; nothing is left of it', async () => {
    await using at = await saved(majors);
    await at.remote.query("ALTER TABLE orders ADD COLUMN channel text; CREATE TABLE parcels (id int); ALTER TYPE order_status ADD VALUE 'lost'");
    await expect(at.place.applySaved(at.text)).rejects.toMatchObject({
      id: 'plan-stale',
      message: 'A remote has changed since this plan was made; nothing was applied.',
      why: 'relation public.orders behind server shop has changed\nrelation public.parcels behind server shop is new\ntype public.order_status behind server shop has changed',
    });
    expect(await at.local.query('SELECT 1 FROM pg_foreign_server')).toEqual([]);
    expect((await at.place.applySaved(at.text, { tryMappings: false })).statements).toBeGreaterThan(5); // --no-verify
  });

  it('is refused when objects have changed, and says which', async () => {
    await using at = await saved(majors);
    await at.local.query('CREATE EXTENSION postgres_fdw; CREATE SCHEMA shop; CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw');
    await expect(at.place.applySaved(at.text)).rejects.toMatchObject({
      id: 'plan-stale',
      why: 'schema shop was created\nextension postgres_fdw was created\nserver shop was created',
    });
  });

  it('is refused when a secret that it did not mean to write has changed', async () => {
    await using at = await saved(majors);
    await at.place.applySaved(at.text);
    await at.place.write(at.spec.replace('tables: all', 'tables: [orders]').replace('    user_mappings', '    comment: far away\n    user_mappings'));
    const text = await at.place.save();
    at.env['SHOP_PASSWORD'] = 'rotated';
    await expect(at.place.applySaved(text)).rejects.toMatchObject({
      id: 'plan-stale',
      message: 'A secret has changed since this plan was made; nothing was applied.',
      why: 'user mapping for PUBLIC on server shop: the value behind its reference is not the one in the database any more.',
    });
  });

  it('is refused when the spec takes a secret from elsewhere; a warning where it has changed otherwise', async () => {
    await using at = await saved(majors);
    await at.place.write(at.spec.replace('env: SHOP_PASSWORD', 'env: OTHER'));
    await expect(at.place.applySaved(at.text)).rejects.toMatchObject({
      id: 'plan-secrets-moved',
      why: 'password of user mapping for PUBLIC on server shop: it came from the variable SHOP_PASSWORD, and the spec now takes it from the variable OTHER.',
    });
    await at.place.write(`${at.spec}# a word\n`);
    expect((await at.place.applySaved(at.text)).warnings).toEqual([`${at.place.specPath} has changed since this plan was made: what was planned then is carried out`]);
  });

  it('is refused by another database of the same name', async () => {
    await using at = await saved(majors);
    const { cluster, name } = at.local;
    await at.local.drop();
    await administer(cluster, `CREATE DATABASE ${ident(name)}`);
    await expect(at.place.applySaved(at.text)).rejects.toMatchObject({ id: 'plan-other-database', why: 'That one was dropped, and made anew since.' });
  });
});
