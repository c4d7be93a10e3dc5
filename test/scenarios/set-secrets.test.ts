import { expect, test } from 'vitest';
import { ident, literal } from '../../src/sql/quote.ts';
import { pair, uniqueName } from '../servers/index.ts';
import { changesOf, workplace } from './flow.ts';
import { makeShop, shopServer } from './shop.ts';

test('--set-secrets: a secret that has changed, of a user mapping whose options are hidden, is the one that planning looks through already', async () => {
  await using servers = await pair();
  const reader = await makeShop(servers);
  const [deploy, etl] = [uniqueName('deploy'), uniqueName('etl')];
  await servers.local.query(`CREATE EXTENSION postgres_fdw; CREATE ROLE ${etl}; CREATE ROLE ${deploy} LOGIN PASSWORD 'x'; GRANT ${etl} TO ${deploy};
    ALTER DATABASE ${ident(servers.local.name)} OWNER TO ${deploy}; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${deploy}`);
  const env = { SHOP_PASSWORD: reader.password };
  await using place = await workplace(servers.local.urlFor({ user: deploy, password: 'x' }), env);
  const spec = (tables: string): string => `version: 1\n${shopServer(servers, reader).replace('public:', `${etl}:`).replace('    options:', `    usage: [${etl}]\n    options:`)}schemas:\n  shop: {server: shop, remote_schema: public, tables: [${tables}]}\n`;
  await place.write(spec('customers'));
  await place.apply();

  env.SHOP_PASSWORD = uniqueName('fresh');
  await servers.remote.query(`ALTER ROLE ${ident(reader.role)} PASSWORD ${literal(env.SHOP_PASSWORD)}; CREATE TABLE more (id int); GRANT SELECT ON more TO ${ident(reader.role)}`);
  await place.write(spec('customers, more'));
  await expect(place.plan()).rejects.toMatchObject({ id: 'remote-login-failed' });
  expect(changesOf(await place.plan({ setSecrets: true }))).toEqual([`update user mapping for ${etl} on server shop`, 'create foreign table shop.more']);
  await place.apply({}, { setSecrets: true });
  expect(changesOf(await place.plan())).toEqual([]);
});
