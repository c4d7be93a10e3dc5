import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownOptions, majorOf } from '../../src/model/known-options.ts';
import type { OptionHolder } from '../../src/model/secret-options.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';

const catalogs = { server: 'pg_foreign_server', 'user-mapping': 'pg_user_mapping', 'foreign-table': 'pg_foreign_table', column: 'pg_attribute' } as const;
const holders = Object.keys(catalogs) as readonly (keyof typeof catalogs)[];
const wrappers = ['postgres_fdw', 'file_fdw', 'dblink_fdw'] as const;

/** What a wrapper's own validator says of one option. */
async function refusal(db: TestDatabase, wrapper: string, holder: keyof typeof catalogs, option: string): Promise<{ readonly message: string; readonly hint?: string } | undefined> {
  return db.query(`SELECT ${wrapper}_validator(ARRAY[$1], '${catalogs[holder]}'::regclass)`, [`${option}=x`]).then(
    () => undefined,
    (error: unknown) => error as { message: string; hint?: string },
  );
}

const optionsOf = (wrapper: string, holder: OptionHolder): readonly string[] => [...(knownOptions(wrapper, holder)?.keys() ?? [])];

describe('the options that fdw knows', () => {
  const databases: TestDatabase[] = [];
  beforeAll(async () => {
    for (const major of majors()) {
      const db = await createDatabase(cluster(major));
      databases.push(db);
      await db.query('CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw; CREATE EXTENSION dblink');
    }
  });
  afterAll(async () => Promise.all(databases.map((db) => db.drop())));

  const cases = wrappers.flatMap((wrapper) => holders.map((holder) => ({ wrapper, holder })));
  it.each(cases)('of $wrapper on $holder are those of the wrapper itself', async ({ wrapper, holder }) => {
    const takers = new Map<string, number[]>();
    for (const db of databases) {
      for (const option of optionsOf(wrapper, holder)) {
        const taken = !((await refusal(db, wrapper, holder, option))?.message ?? '').startsWith(`invalid option "${option}"`);
        if (taken) takers.set(option, [...(takers.get(option) ?? []), db.cluster.major]);
      }
    }
    for (const option of optionsOf(wrapper, holder)) {
      const since = majorOf(wrapper, holder, option);
      // What the newest libpq brought, only the newest embedded server takes.
      if (since === undefined && !majors().includes(18)) continue;
      if (since === undefined) expect(takers.get(option) ?? [], option).not.toEqual([]);
      else expect(takers.get(option) ?? [], option).toEqual(majors().filter((major) => major >= since));
    }
  });

  it('are all that up to 15 a wrapper lists itself', async () => {
    for (const db of databases.filter(({ cluster: { major } }) => major < 16)) {
      for (const { wrapper, holder } of cases) {
        const [, list] = /: (.*)/s.exec((await refusal(db, wrapper, holder, 'nosuch'))?.hint ?? '') ?? [];
        const unknown = (list ?? '').split(/,\s*/).filter((name) => name !== '' && knownOptions(wrapper, holder)?.has(name) !== true);
        expect(unknown, `${wrapper} on ${holder}`).toEqual([]);
      }
    }
  });
});
