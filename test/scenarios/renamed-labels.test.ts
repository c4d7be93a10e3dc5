import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

describe.each(majors().map((major) => ({ major })))('a label of an enum that is renamed, major $major', ({ major }) => {
  const spec = (label: string, table = 'server: one', id = 'int'): string => `version: 1
servers: {one: , two: }
types:
  s.mood: {enum: [${label}, ok]}
  s.calm: {domain: {type: s.mood, checks: {not_sad: "value <> '${label}'"}, default: "'${label}'"}}
tables:
  s.t:
    ${table}
    columns:
      id: ${id}
      m: {type: s.mood, default: "'${label}'"}
      word: {type: text, generated: {stored: "case when m = '${label}' then 'x' else 'y' end"}}
    checks: {cheerful: "m <> '${label}'"}
`;
  const setup = `
    CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s;
    CREATE TYPE s.mood AS ENUM ('sad', 'ok'); CREATE DOMAIN s.calm AS s.mood DEFAULT 'sad' CONSTRAINT not_sad CHECK (value <> 'sad');
    CREATE FOREIGN TABLE s.t (id int, m s.mood DEFAULT 'sad', word text GENERATED ALWAYS AS (CASE WHEN m = 'sad' THEN 'x' ELSE 'y' END) STORED, CONSTRAINT cheerful CHECK (m <> 'sad')) SERVER one;
    CREATE FUNCTION s.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER sees BEFORE INSERT ON s.t FOR EACH ROW WHEN (new.m = 'sad') EXECUTE FUNCTION s.nothing(); CREATE VIEW s.v AS SELECT id, m FROM s.t WHERE m = 'sad'`;
  const renaming = "ALTER TYPE s.mood RENAME VALUE 'sad' TO 'low'";

  it('changes nothing of what names it: checks, defaults and generated columns follow', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(setup);
    await place.write(spec('sad'));
    expect(changesOf(await place.plan())).toEqual([]);
    await place.write(spec('low'));
    expect(sqlOf(await place.plan())).toEqual([renaming]);
    await place.applySaved(await place.save());
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('is named in what is made again in the same plan', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(setup);
    const texts = async (): Promise<unknown> => db.query("SELECT pg_get_viewdef('s.v'::regclass) AS view, (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'sees') AS trigger, (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'cheerful') AS check");
    await db.query(`BEGIN; ${renaming}`);
    const followed = await texts();
    await db.query('ROLLBACK');
    await place.write(spec('low', 'server: two', 'bigint').replace(/ +checks: .*\n$/, ''));
    expect(sqlOf(await place.plan())[0]).toBe(renaming);
    await place.applySaved(await place.save(), { allow: ['table-replaced', 'dependents-recreated'] });
    expect(await texts()).toEqual(followed);
    expect(changesOf(await place.plan())).toEqual([]);
  });
});
