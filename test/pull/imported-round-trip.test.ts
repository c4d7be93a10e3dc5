import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, cluster, pairs, type TestDatabase } from '../servers/index.ts';
import { dump } from './dump.ts';
import { importWorlds, parentSchema } from './imports.ts';
import { quoted, text } from './plain-sql.ts';
import { allSet, applyWith, planWith, pull } from './pull.ts';

/** More of them: FDW_ROUND_TRIPS=200. */
const numRuns = Number(process.env['FDW_ROUND_TRIPS'] ?? 4);
const server = 'the "remote".1';

describe.each(pairs())('schemas imported by SQL, altered, pulled, and applied elsewhere: local $local, remote $remote', (majors) => {
  const roles = [`fdw_import_${majors.remote}`, `fdw import "${majors.remote}"`];
  let remote: TestDatabase;
  let first: TestDatabase;
  let second: TestDatabase;
  beforeAll(async () => {
    remote = await createDatabase(cluster(majors.remote));
    first = await createDatabase(cluster(majors.local));
    second = await createDatabase(cluster(majors.local));
    const { internalHost, internalPort, user, password } = remote.cluster;
    await first.query(`CREATE EXTENSION postgres_fdw; ${roles.map((role) => `CREATE ROLE ${quoted(role)}`).join('; ')};
      CREATE SERVER ${quoted(server)} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ${text(internalHost)}, port '${internalPort}', dbname ${text(remote.name)});
      CREATE USER MAPPING FOR PUBLIC SERVER ${quoted(server)} OPTIONS ("user" ${text(user)}, password ${text(password)})`);
  });
  afterAll(async () => {
    for (const db of [first, second]) await db.query(roles.map((role) => `DROP OWNED BY ${quoted(role)}`).join('; '));
    await first.query(roles.map((role) => `DROP ROLE ${quoted(role)}`).join('; '));
    for (const db of [remote, first, second]) await db.drop();
  });

  it('an import is recognised as one, and makes the same tables', async () => {
    await fc.assert(
      fc.asyncProperty(importWorlds(roles, majors, server), async ({ schema, remote: far, local, parents, lays }) => {
        try {
          await remote.query(far.join(';\n'));
          for (const db of [first, second]) await db.query(parents.join(';\n'));
          await first.query(['BEGIN', ...local, 'COMMIT'].join(';\n'));
          const pulled = await pull(first.url);
          const env = allSet(pulled, remote.cluster.password);
          expect(pulled.unread).toEqual([]);
          if (lays) expect(pulled.counts).toMatchObject({ schemas: 1, tables: 0 });
          expect((await planWith(pulled, first.url, env)).changes.map(({ address, details }) => ({ address, details }))).toEqual([]);
          await applyWith(pulled, second.url, env);
          expect(await dump(second)).toEqual(await dump(first));
        } finally {
          await remote.query(`DROP SCHEMA IF EXISTS ${quoted(schema.remote)} CASCADE`);
          for (const db of [first, second]) await db.query(`ROLLBACK; DROP SCHEMA IF EXISTS ${quoted(schema.local)} CASCADE; DROP SCHEMA IF EXISTS ${quoted(parentSchema)} CASCADE`);
        }
      }),
      { numRuns, endOnFailure: true },
    );
  }, 60_000 + numRuns * 5_000);
});
