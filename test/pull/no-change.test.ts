import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ident } from '../../src/sql/quote.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { creation, databases, foundation, removal } from './databases.ts';
import { allSet, planWith, pull } from './pull.ts';

/* Roles belong to a cluster, so these have names of their own. */
const roles = ['fdw_pull', 'fdw ${env:PULL} "1"'];

describe.each(majors().map((major) => ({ major })))('a pulled spec plans to nothing, major $major', ({ major }) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createDatabase(cluster(major));
    await db.query(foundation(roles));
  });
  afterAll(async () => {
    await db.query(roles.map((role) => `DROP OWNED BY ${ident(role)}; DROP ROLE ${ident(role)}`).join('; '));
    await db.drop();
  });

  it('whatever the objects are called and hold, and without a secret in it', async () => {
    await fc.assert(
      fc.asyncProperty(databases(roles, major), async (wanted) => {
        try {
          await db.query(creation(wanted));
          const pulled = await pull(db.url);
          expect(pulled.text).not.toContain('$ecret');
          expect(pulled.counts.servers).toBe(wanted.extensions.servers + wanted.state.servers.length);
          expect(pulled.counts.tables).toBe(wanted.extensions.tables + Math.min(wanted.leftovers.statements.length, 1) + wanted.family.count + wanted.state.foreignTables.filter(({ columns }) => columns.length > 0).length);
          expect((await planWith(pulled, db.url, allSet(pulled, wanted.secret))).changes.map(({ address, details }) => ({ address, details }))).toEqual([]);
          expect((await pull(db.url)).text).toBe(pulled.text);
        } finally {
          await db.query(removal(wanted));
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
