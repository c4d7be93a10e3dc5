import { describe, expect, it } from 'vitest';
import { ident } from '../../src/sql/quote.ts';
import { pair, pairs, uniqueName } from '../servers/index.ts';
import { changesOf, workplace } from './flow.ts';
import { makeShop, shopServer } from './shop.ts';

describe.each(pairs())('owners, grants and comments: local $local, remote $remote', (majors) => {
  it('are given, kept where the spec does not name them, and taken away', async () => {
    await using servers = await pair(majors);
    const reader = await makeShop(servers);
    const [analyst, owner] = [uniqueName('analyst'), uniqueName('owner "x"')];
    await servers.local.query(`CREATE ROLE ${ident(analyst)} LOGIN PASSWORD 'a'; CREATE ROLE ${ident(owner)}`);
    await using place = await workplace(servers.local.url, { SHOP_PASSWORD: reader.password });
    const spec = (more: string): string => `version: 1
extensions: [postgres_fdw]
${shopServer(servers, reader)}    owner: '${owner}'
    comment: "the shop's"
    usage: [${analyst}]
schemas:
  shop: {server: shop, remote_schema: public, tables: [customers], usage: [${analyst}], ${more}}
`;
    await place.write(spec(`select: [${analyst}]`));
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);

    const asAnalyst = await servers.local.connect({ user: analyst, password: 'a' });
    expect((await asAnalyst.query('SELECT count(*)::int FROM shop.customers')).rows).toEqual([{ count: 20 }]);
    await expect(asAnalyst.query('DELETE FROM shop.customers')).rejects.toThrow('permission denied');

    await servers.local.query(`GRANT INSERT ON shop.customers TO ${ident(analyst)}`);
    expect(changesOf(await place.plan())).toEqual([]);

    await place.write(spec('select: [public]'));
    expect((await place.plan()).changes.map(({ details }) => details)).toEqual([['SELECT: granted to PUBLIC', `SELECT: revoked from ${analyst}`]]);
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    const [left] = await servers.local.query<{ owner: string; comment: string; insert: boolean }>(
      `SELECT srvowner::regrole::text AS owner, obj_description(oid, 'pg_foreign_server') AS comment,
         has_table_privilege($1, 'shop.customers', 'INSERT') AS insert FROM pg_foreign_server`,
      [analyst],
    );
    expect(left).toEqual({ owner: ident(owner), comment: "the shop's", insert: true });
  });

  it('come back with a table that had to be replaced', async () => {
    await using servers = await pair(majors);
    const analyst = uniqueName('analyst');
    await servers.local.query(`CREATE ROLE ${ident(analyst)}`);
    await using place = await workplace(servers.local.url);
    const spec = (server: string): string => `version: 1
extensions: [postgres_fdw]
servers: {one: , two: }
tables:
  public.t: {server: ${server}, columns: {a: int}}
`;
    await place.write(spec('one'));
    await place.apply();
    await servers.local.query(`GRANT SELECT ON t TO ${ident(analyst)}; COMMENT ON FOREIGN TABLE t IS 'kept'; ALTER FOREIGN TABLE t OWNER TO ${ident(analyst)}`);
    await place.write(spec('two'));
    const plan = await place.plan();
    expect(changesOf(plan)).toEqual(['replace foreign table public.t']);
    expect(plan.changes[0]?.hazards.map(({ id }) => id)).toEqual(['table-replaced', 'lock-taken']);
    await expect(place.apply()).rejects.toMatchObject({ id: 'hazards-not-allowed', todo: 'Where you accept them: --allow table-replaced' });
    await place.apply({ allow: ['table-replaced'] });
    const [left] = await servers.local.query("SELECT relowner::regrole::text AS owner, obj_description(oid, 'pg_class') AS comment FROM pg_class WHERE relname = 't'");
    expect(left).toEqual({ owner: analyst, comment: 'kept' });
  });
});
