import { describe, expect, it } from 'vitest';
import { createDatabase, majors, startCluster, type TestDatabase } from '../servers/index.ts';
import { workplace } from '../scenarios/flow.ts';

/* A lock table so small that a thousand tables are too many: 420 entries on 14, 560 on 18 are guaranteed. */
const tiny = { max_connections: 20, max_locks_per_transaction: 10, max_prepared_transactions: 0 };
const tables = 1_000;

const spec = `version: 1
extensions: [postgres_fdw]
servers:
  far: {options: {host: nowhere.invalid}}
tables:
${Array.from({ length: tables }, (_, index) => `  s.t${index}: {server: far, columns: {a: int, b: {type: text, default: "''"}}}`).join('\n')}
`;

const count = async (db: TestDatabase): Promise<number> => Number((await db.query<{ n: string }>('SELECT count(*) AS n FROM pg_foreign_table'))[0]?.n);

describe.each(majors().map((major) => ({ major })))('a plan too large for one transaction, major $major', ({ major }) => {
  it('is refused before it runs, with what to raise; --batch carries it out in steps, and goes on after an interruption', async () => {
    await using cluster = await startCluster({ major, settings: tiny });
    await using db = await createDatabase(cluster);
    await using place = await workplace(db.url);
    await place.write(spec);

    const plan = await place.plan();
    expect(plan.notices).toEqual([{ address: 'the plan as a whole', message: expect.stringMatching(/^it takes about 1103 locks, .* raise max_locks_per_transaction to 64, or use `fdw apply --batch`$/) as string }]);
    await expect(place.apply()).rejects.toMatchObject({ id: 'plan-too-large', todo: expect.stringContaining('Set max_locks_per_transaction = 64 or more') as string });
    expect(await count(db)).toBe(0);

    // Something in the way of a table of a later step.
    await db.query(`CREATE FUNCTION no_more() RETURNS event_trigger LANGUAGE plpgsql AS $$
      BEGIN IF to_regclass('s.t500') IS NOT NULL THEN RAISE EXCEPTION 'no more tables'; END IF; END $$;
      CREATE EVENT TRIGGER guard ON ddl_command_end EXECUTE FUNCTION no_more()`);
    const saved = await place.save();
    const failure: unknown = await place.apply({ batch: true }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringMatching(/^Steps 1 to \d+ of \d+ are applied; in step \d+: foreign table s.t500 failed: no more tables$/) as string, todo: expect.stringContaining('`fdw apply --batch` goes on') as string });
    const half = await count(db);
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(tables);

    await db.query('DROP EVENT TRIGGER guard');
    const rest = await place.applySaved(saved, { batch: true });
    expect(rest.applied).toEqual({ create: tables - half, update: 0, replace: 0, drop: 0 });
    expect(await count(db)).toBe(tables);
    expect((await place.plan()).changes).toEqual([]);
    expect(await db.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).toEqual([]);
  });

  it('would fit with what fdw says to set', async () => {
    await using cluster = await startCluster({ major, settings: { ...tiny, max_locks_per_transaction: 64 } });
    await using db = await createDatabase(cluster);
    await using place = await workplace(db.url);
    await place.write(spec);
    expect((await place.apply()).applied.create).toBe(tables + 3);
  });
});
