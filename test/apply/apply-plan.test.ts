import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { workplace } from '../scenarios/flow.ts';

const spec = `version: 1
extensions: [postgres_fdw]
servers:
  far: {options: {host: nowhere.invalid}}
tables:
  s.one: {server: far, columns: {a: int}}
  s.two: {server: far, columns: {a: int}}
`;

/** A database with nothing in it, and the folder with the spec for it. */
async function emptyDatabase(major: number) {
  const db = await createDatabase(cluster(major));
  const place = await workplace(db.url);
  await place.write(spec);
  return {
    db, place,
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]();
      await db.drop();
    },
  };
}

const tables = async (db: TestDatabase) => (await db.query('SELECT ftrelid::regclass::text AS name FROM pg_foreign_table ORDER BY 1')).map((row) => row['name']);

describe.each(majors().map((major) => ({ major })))('apply, major $major', ({ major }) => {
  it('does all or nothing: a statement that fails leaves no trace', async () => {
    await using at = await emptyDatabase(major);
    const { db, place } = at;
    await db.query(`
      CREATE FUNCTION no_more() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN IF to_regclass('s.two') IS NOT NULL THEN RAISE EXCEPTION 'no more tables'; END IF; END $$;
      CREATE EVENT TRIGGER guard ON ddl_command_end EXECUTE FUNCTION no_more()`);
    await expect(place.apply()).rejects.toMatchObject({ message: 'Nothing was applied: foreign table s.two failed: no more tables' });
    expect(await tables(db)).toEqual([]);
    expect(await db.query('SELECT 1 FROM pg_foreign_server')).toEqual([]);
  });

  it('sees before it runs that a name is taken', async () => {
    await using at = await emptyDatabase(major);
    const { db, place } = at;
    await db.query('CREATE SCHEMA s; CREATE VIEW s.two AS SELECT 1');
    await expect(place.plan()).rejects.toMatchObject({ id: 'plan-impossible', problems: [{ message: 'foreign table s.two: the name is taken by a view of the local database', at: expect.objectContaining({ line: expect.any(Number) as number }) as object }] });
  });

  it('refuses when the database has changed since the plan was shown', async () => {
    await using at = await emptyDatabase(major);
    const { db, place } = at;
    const prepared = await place.prepare();
    await db.query('CREATE SCHEMA s');
    await expect(prepared.execute()).rejects.toMatchObject({ id: 'plan-stale' });
    await prepared.close();
    expect(await tables(db)).toEqual([]);
  });

  it('does not mind what the plan does not name', async () => {
    await using at = await emptyDatabase(major);
    const { db, place } = at;
    const prepared = await place.prepare();
    await db.query('CREATE SCHEMA other; CREATE TYPE other.mood AS ENUM ()');
    await prepared.execute();
    await prepared.close();
    expect(await tables(db)).toEqual(['s.one', 's.two']);
  });

  it('waits for another apply, then gives up and says who it is', async () => {
    await using at = await emptyDatabase(major);
    const { db, place } = at;
    await db.query('BEGIN');
    await db.query('SELECT pg_advisory_xact_lock(6710391, 1)');
    await expect(place.apply({ wait: 200 })).rejects.toMatchObject({ id: 'apply-busy', why: expect.stringMatching(/held by backend \d+ \(role postgres, application /) as string });
    await db.query('ROLLBACK');
    await place.apply();
    expect(await tables(db)).toEqual(['s.one', 's.two']);
  });

  it('carries out a saved plan once, and refuses it afterwards', async () => {
    await using at = await emptyDatabase(major);
    const { place } = at;
    const saved = await place.save();
    expect(await place.applySaved(saved)).toEqual({ applied: { create: 5, update: 0, replace: 0, drop: 0 }, statements: 5, notices: [], warnings: [] });
    await expect(place.applySaved(saved)).rejects.toMatchObject({ id: 'plan-stale' });

    await using other = await emptyDatabase(major);
    await expect(other.place.applySaved(saved)).rejects.toMatchObject({ id: 'plan-other-database' });
  });

  it('changes nothing when it plans: no object, no row', async () => {
    await using at = await emptyDatabase(major);
    const { db, place } = at;
    const snapshot = async () => db.query("SELECT (SELECT count(*) FROM pg_class) AS classes, (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp') AS schemas, (SELECT count(*) FROM pg_depend) AS dependencies");
    const before = await snapshot();
    await place.plan();
    expect(await snapshot()).toEqual(before);
  });

  it('heeds a connection that is set to read only', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(`${db.url}?options=-cdefault_transaction_read_only%3Don`);
    await place.write(spec);
    await expect(place.apply()).rejects.toMatchObject({ message: expect.stringContaining('in a read-only transaction') as string });
    expect(await tables(db)).toEqual([]);
  });
});
