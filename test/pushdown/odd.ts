import type { TestDatabase } from '../servers/index.ts';
import type { Shop } from './judging.ts';

const columns = `
  id bigint NOT NULL, k int, n int, big bigint, f4 real, f8 double precision, num numeric, d date, ts timestamp, tz timestamptz NOT NULL,
  note text, pad char(5), handle citext, meta jsonb, tags text[], flag boolean`;

/**
 * Tables whose rows tell apart what is nearly the same: NULLs, ties, duplicates, numbers that a float cannot hold, NaN, -0, blanks,
 * capitals, times around midnight where summer ends at midnight, times before 2001 on the dot, an empty table. `remote` is what
 * `fillShop` made.
 */
export async function oddRows({ db }: Shop, remote: TestDatabase): Promise<void> {
  await remote.query(`
    CREATE TABLE odd (${columns}, b bigint, PRIMARY KEY (id));
    INSERT INTO odd SELECT g, g % 4, CASE WHEN g % 5 <> 0 THEN g % 6 END, CASE g % 3 WHEN 0 THEN 9007199254740993 WHEN 1 THEN 9007199254740992 END,
      (ARRAY[0.1, 'NaN', '-0', 16777216, NULL, 0.2]::real[])[1 + g % 6], (ARRAY[9007199254740992, NULL, 0.1, 'NaN', '-0']::float8[])[1 + g % 5], (ARRAY[1.0, 1.00, NULL, 'NaN', 0.1]::numeric[])[1 + g % 5],
      CASE WHEN g % 7 <> 0 THEN date '2024-01-01' + g % 3 END, CASE WHEN g % 4 <> 0 THEN timestamp '2024-03-10 01:30' + g * interval '30 minutes' WHEN g % 8 = 0 THEN timestamp '1999-01-04' - g * interval '12 hours' END,
      timestamptz '2024-11-03 03:30+00' + (g % 12) * interval '15 minutes', (ARRAY['a', 'A', 'a ', '', NULL])[1 + g % 5], (ARRAY['a', 'A', NULL])[1 + g % 3], (ARRAY['x', 'X', NULL])[1 + g % 3],
      CASE g % 4 WHEN 0 THEN '{"k":1}' WHEN 1 THEN '["k"]' WHEN 2 THEN '{}' END::jsonb, CASE g % 3 WHEN 0 THEN ARRAY['t', 'u'] WHEN 1 THEN ARRAY[]::text[] END, CASE WHEN g % 3 <> 0 THEN g % 2 = 0 END, g
    FROM generate_series(1, 60) g;
    CREATE TABLE other (id bigint NOT NULL, k int, r real, note text, num numeric);
    INSERT INTO other SELECT g, CASE WHEN g % 4 <> 0 THEN g % 3 END, g + 0.1, (ARRAY['a', 'A', NULL])[1 + g % 3], g * 1.10 FROM generate_series(1, 12) g;
    CREATE TABLE nothing (id bigint NOT NULL, k int);
    CREATE TABLE parts (id bigint NOT NULL, day date NOT NULL, r real, n int, s smallint, big bigint, f8 double precision, num numeric, span interval);
    INSERT INTO parts SELECT g, current_date - 3 + g % 3 * 3, (ARRAY[16777216, 1, 1, NULL])[1 + g % 4], g, g, 9007199254740993, g, g * 1.10, g * interval '1 hour' FROM generate_series(1, 24) g;`);
  const rows = "UPDATE pg_class SET reltuples = 100000, relpages = 2000 WHERE relkind = 'f' AND relnamespace = 'odd'::regnamespace";
  await db.query(`
    CREATE SCHEMA odd;
    CREATE FOREIGN TABLE odd.odd (${columns}) SERVER shop OPTIONS (schema_name 'public', table_name 'odd');
    CREATE FOREIGN TABLE odd.odd_ext (${columns}) SERVER shop_ext OPTIONS (schema_name 'public', table_name 'odd');
    CREATE FOREIGN TABLE odd.other (id bigint NOT NULL, k int, r real, note text, num numeric) SERVER shop OPTIONS (schema_name 'public', table_name 'other');
    CREATE FOREIGN TABLE odd.nothing (id bigint NOT NULL, k int) SERVER shop OPTIONS (schema_name 'public', table_name 'nothing');
    CREATE TABLE odd.parts (id bigint NOT NULL, day date NOT NULL, r real, n int, s smallint, big bigint, f8 double precision, num numeric, span interval) PARTITION BY RANGE (day);
    CREATE FUNCTION odd.date_trunc(text, timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS 'SELECT $2 + interval ''1 day''';
    DO $$
    DECLARE day int;
    BEGIN
      FOR day IN 0..2 LOOP
        EXECUTE format('CREATE FOREIGN TABLE odd.parts_%s PARTITION OF odd.parts FOR VALUES FROM (%L) TO (%L) SERVER shop OPTIONS (schema_name ''public'', table_name ''parts_%s'')', day, current_date - 5 + day * 3, current_date - 2 + day * 3, day);
      END LOOP;
    END $$;
    ${rows};`);
  await remote.query(`
    DO $$
    BEGIN
      FOR day IN 0..2 LOOP
        EXECUTE format('CREATE TABLE parts_%s AS SELECT * FROM parts WHERE day >= %L AND day < %L', day, current_date - 5 + day * 3, current_date - 2 + day * 3);
      END LOOP;
    END $$; ANALYZE`);
}
