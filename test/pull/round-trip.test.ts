import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseState } from '../../src/model/objects.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { creation, databases, foundation, parentsOf, removal, type World } from './databases.ts';
import { canDump, dump, pgDump } from './dump.ts';
import { leftoverTable } from './leftovers.ts';
import { quoted } from './plain-sql.ts';
import { allSet, applyWith, planWith, pull } from './pull.ts';
import { withStrangeSettings } from './strange-settings.ts';

/* Roles belong to a cluster, so these have names of their own. */
const own = ['fdw_round', 'fdw ${env:ROUND} "1"', '-- fdw: round'];
/* Roles of these names are others than those that SQL means by them. */
const roles = [...own, 'PUBLIC', 'current_user', 'null'];
/** More of them: FDW_ROUND_TRIPS=200. */
const numRuns = Number(process.env['FDW_ROUND_TRIPS'] ?? 8);

/** Lines that are not about the table with things that no spec has words for. */
const without = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.includes(leftoverTable));

/** Without what a spec has no words for, which `pull` lists. */
const sayable = ({ state, ...rest }: World): World => ({ ...rest, state: sayableState(state, rest.family.count + rest.extensions.tables + rest.leftovers.statements.length > 0) });
const sayableState = (state: DatabaseState, isUsed: boolean): DatabaseState => ({
  ...state,
  // A schema without anything in it is none of a spec's business.
  schemas: isUsed || state.foreignTables.some(({ columns }) => columns.length > 0) ? state.schemas : [],
  servers: state.servers.map((server) => ({ ...server, type: server.type === '' ? undefined : server.type, version: server.version === '' ? undefined : server.version })),
  foreignTables: state.foreignTables.filter(({ columns }) => columns.length > 0).map((table) => ({
    ...table,
    // What an owner is granted on columns it has anyway.
    columnGrants: table.columnGrants?.map(({ privilege, holders }) => ({ privilege, holders: holders.filter(({ role }) => role.kind === 'public' || role.name !== table.owner) })),
  })),
});

describe.each(majors().map((major) => ({ major })))('made by SQL, pulled, and applied elsewhere, major $major', ({ major }) => {
  let first: TestDatabase;
  let second: TestDatabase;
  beforeAll(async () => {
    first = await createDatabase(cluster(major));
    second = await createDatabase(cluster(major));
    await first.query(foundation(roles));
    await second.query(`${foundation([])} DROP FOREIGN DATA WRAPPER anything`);
  });
  afterAll(async () => {
    for (const db of [first, second]) await db.query(roles.map((role) => `DROP OWNED BY ${quoted(role)}`).join('; '));
    await first.query(own.map((role) => `DROP ROLE ${quoted(role)}`).join('; '));
    await first.drop();
    await second.drop();
  });

  it('a database is the same as the first, to readers that share nothing with fdw', async () => {
    const dumps = await canDump(major);
    await fc.assert(
      fc.asyncProperty(databases(roles, major).map(sayable), async (wanted) => {
        try {
          await first.query(creation(wanted));
          await second.query(parentsOf(wanted));
          const pulled = await pull(withStrangeSettings(first.url));
          const env = allSet(pulled, wanted.secret);
          const { said, statements } = wanted.leftovers;
          for (const words of said) expect(pulled.unsaid.join('\n')).toContain(words);
          expect((await planWith(pulled, first.url, env)).changes).toEqual([]);
          await applyWith(pulled, second.url, env);
          // What is an heir's from its parents alone is its own as well in a spec, which spells it out.
          const { bare } = wanted.family;
          expect(without(await dump(second, !bare))).toEqual(without(await dump(first, !bare)));
          if (dumps && !bare && statements.length === 0) expect(await pgDump(second)).toEqual(await pgDump(first));
        } finally {
          await first.query(removal(wanted));
          await second.query(`${removal(wanted)}; DROP FOREIGN DATA WRAPPER IF EXISTS anything CASCADE`);
          for (const db of [first, second]) await db.query(`REVOKE ALL ON FOREIGN DATA WRAPPER file_fdw FROM PUBLIC, ${roles.map(quoted).join(', ')}`);
        }
      }),
      { numRuns, endOnFailure: true },
    );
  }, 60_000 + numRuns * 5_000);
});
