import { describe, expect, test } from 'vitest';
import { literal } from '../../src/sql/quote.ts';
import { silence } from '../servers/silence.ts';
import { startProxy } from '../apply/proxy.ts';
import { pair, pairs, type Pair } from '../servers/index.ts';
import { workplace } from './flow.ts';

function specOf({ remote, serverOptions }: Pair, port = serverOptions.port): string {
  const server = (to: string): string => `{options: {host: ${serverOptions.host}, port: ${to}, dbname: ${remote.name}}, user_mappings: {public: {user: ${remote.cluster.user}, password: {env: PW}}}}`;
  return `version: 1
extensions: [postgres_fdw]
servers:
  shop: ${server(serverOptions.port)}
  other: ${server(port)}
tables:
  public.orders: {server: shop, options: {schema_name: public}, columns: {id: bigint not null, at: timestamptz}}
  public.customers: {server: shop, options: {schema_name: public}, columns: {id: bigint}}
  public.there: {server: other, options: {schema_name: public, table_name: customers}, columns: {id: bigint}}
sharded_tables:
  public.events:
    partition_by: list (region)
    columns: {region: text, n: int}
    partitions:
      events_eu: {server: shop, values: [eu], options: {schema_name: public, table_name: events}}
`;
}

describe.each(pairs())('a plan of tables that are spelled out, $local before $remote', (of) => {
  test('says what drifts behind them, until the spec takes it up', async () => {
    await using two = await pair(of);
    await two.remote.query('CREATE TABLE orders (id bigint NOT NULL, at timestamptz); CREATE TABLE customers (id bigint); CREATE TABLE events (region text, n int)');
    await using place = await workplace(two.local.url, { PW: two.remote.cluster.password });
    await place.write(specOf(two));
    // Of what is only to be made nothing is said yet.
    expect((await place.plan()).notices).toEqual([]);
    await place.apply();
    expect((await place.plan()).notices).toEqual([]);
    await two.remote.query('ALTER TABLE orders ALTER at TYPE timestamp, ALTER id DROP NOT NULL, ADD fresh int; ALTER TABLE customers ADD fresh int; ALTER TABLE events DROP n');
    const drifted = await place.plan();
    expect(drifted.changes).toEqual([]);
    expect(drifted.notices).toEqual([{
      address: 'server shop',
      message: '2 of 3 foreign tables that the spec spells out differ from what stands behind them (2 wrong-results, 1 breaks-now): public.events_eu, public.orders; `fdw drift` says how',
    }]);
    expect((await place.plan({ drift: false })).notices).toEqual([]);
    // What the plan changes anyway is not compared as it was.
    await place.write(specOf(two).replace('id: bigint not null, at: timestamptz', 'id: bigint, at: timestamp'));
    expect((await place.plan()).notices.map(({ message }) => message.slice(0, 60))).toEqual(['1 of 2 foreign tables that the spec spells out differs from ']);
  });

  test('passes a remote over that cannot be read, and asks a fixed number of statements', async () => {
    await using two = await pair(of);
    const silent = await silence();
    const proxy = await startProxy(two.local.cluster);
    try {
      await two.remote.query('CREATE TABLE orders (id bigint, at timestamptz); CREATE TABLE customers (id bigint); CREATE TABLE events (region text, n int)');
      await using place = await workplace(two.local.url.replace(`:${two.local.cluster.port}/`, `:${proxy.port}/`), { PW: two.remote.cluster.password });
      await place.write(specOf(two));
      await place.apply();
      const count = async (): Promise<number> => {
        let statements = 0;
        proxy.judge = () => {
          statements += 1;
          return 'pass';
        };
        await place.plan();
        return statements;
      };
      const few = await count();
      const more = Array.from({ length: 30 }, (_, index) => `  public.more${index}: {server: shop, options: {schema_name: public, table_name: orders}, columns: {id: bigint}}\n`).join('');
      await place.write(specOf(two).replace('sharded_tables:', `${more}sharded_tables:`));
      await place.apply();
      expect(await count()).toBe(few);
      await place.write(specOf(two));
      await two.local.query(`ALTER SERVER other OPTIONS (SET port ${literal(String(silent.port))})`);
      await place.write(specOf(two, String(silent.port)));
      const begin = performance.now();
      const { changes, notices } = await place.plan();
      expect(performance.now() - begin).toBeLessThan(15_000);
      expect(changes).toEqual([]);
      expect(notices.map(({ address }) => address)).toEqual(['server shop']);
    } finally {
      silent.close();
      await proxy.close();
    }
  });
});
