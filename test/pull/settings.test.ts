import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors } from '../servers/index.ts';
import { applyWith, planWith, pull } from './pull.ts';
import { withStrangeSettings } from './strange-settings.ts';

const texts = `
  SELECT a.attname AS name, pg_get_expr(d.adbin, d.adrelid) AS text FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  UNION ALL SELECT relname, pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition ORDER BY 1`;

describe.each(majors().map((major) => ({ major })))('a database whose settings print values in other ways, major $major', ({ major }) => {
  it('is pulled as one with other settings reads it, and nothing is lost', async () => {
    await using first = await createDatabase(cluster(major));
    await using second = await createDatabase(cluster(major));
    await first.query(`
      CREATE EXTENSION postgres_fdw; CREATE SERVER x FOREIGN DATA WRAPPER postgres_fdw; CREATE TYPE "mo""od" AS ENUM ('a');
      CREATE FOREIGN TABLE t (a date DEFAULT '2024-02-01', b interval DEFAULT '-1 day +3 hours', c float8 DEFAULT '0.12345678901234568'::float8, d bytea DEFAULT '\\x00ff', e timestamptz DEFAULT '2024-02-01 00:00:00+00',
        f "mo""od" DEFAULT 'a', g text DEFAULT 'a\\b') SERVER x OPTIONS (table_name E'a\\\\b''c');
      CREATE TABLE p (a date, b float8) PARTITION BY RANGE (a, b); CREATE FOREIGN TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-02-01', '0.12345678901234568') TO ('2024-03-05', 1) SERVER x`);
    const pulled = await pull(withStrangeSettings(first.url));
    expect(pulled.text).toBe((await pull(`${first.url}?options=${encodeURIComponent('-c TimeZone=Asia/Kathmandu')}`)).text);
    for (const url of [first.url, withStrangeSettings(first.url)]) expect((await planWith(pulled, url, {})).changes).toEqual([]);
    await applyWith(pulled, withStrangeSettings(second.url, 'public'), {});
    expect(await second.query(texts)).toEqual(await first.query(texts));
    expect(await second.query(texts)).toHaveLength(8);
  });
});
