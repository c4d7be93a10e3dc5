import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { statementsFor } from '../../src/ddl/statements.ts';
import { diff } from '../../src/diff/diff.ts';
import type { ActualState, DatabaseState } from '../../src/model/objects.ts';
import type { UserType } from '../../src/model/user-types.ts';
import { inOrder } from '../../src/plan/order.ts';
import { connect } from '../../src/postgres/connect.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import type { Session } from '../../src/postgres/session.ts';
import { ident, literal } from '../../src/sql/quote.ts';
import { render } from '../../src/sql/statement.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { empty, prepare, states } from './arbitraries.ts';

/** One type as another one of its kind, as far as there is an ALTER. */
function alterable(type: UserType, other: UserType | undefined): UserType {
  if (type.kind === 'enum') return { ...type, labels: [...type.labels, 'one more, surely'] };
  if (type.kind === 'domain' && other?.kind === 'domain' && other.base === type.base) return { ...other, schema: type.schema, collation: type.collation };
  return type.kind === 'composite' && other?.kind === 'composite' ? { ...type, attributes: other.attributes } : type;
}

const nothing: ActualState = { ...empty, otherRelations: [], versionNum: 18_00_00 };
const noSecret = () => new Secret('');

/* Roles belong to a cluster, so these have names of their own; made before and dropped after. */
const roles = ['fdw_round_trip', 'fdw "round" trip', 'PUBLIC fdw'];

describe.each(majors().map((major) => ({ major })))('model to catalog and back, major $major', ({ major }) => {
  const state = states(roles, major);
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await createDatabase(cluster(major));
    await db.query(`${prepare}; ${roles.map((role) => `CREATE ROLE ${ident(role)}`).join('; ')}`);
    session = await connect(await resolveTarget(db.url, {}), { applicationName: 'test' });
  });
  afterAll(async () => {
    await session.close();
    await db.query(roles.map((role) => `DROP ROLE ${ident(role)}`).join('; '));
    await db.drop();
  });

  const run = async (from: ActualState, to: DatabaseState): Promise<void> => {
    for (const change of inOrder(diff(to, from, noSecret).changes)) {
      for (const statement of statementsFor(change)) await session.queryOne(render(statement, () => literal('')));
    }
  };
  const read = async (of: DatabaseState) => readCatalog(session, { schemas: of.schemas.map(({ name: schema }) => schema) });

  it('a state made by our DDL reads back as that state, whatever it is called', async () => {
    await fc.assert(
      fc.asyncProperty(state, async (wanted) => {
        await session.query('BEGIN');
        try {
          await run(nothing, wanted);
          const { changes, impossible } = diff(wanted, await read(wanted), noSecret);
          expect({ changes, impossible }).toEqual({ changes: [], impossible: [] });
        } finally {
          await session.query('ROLLBACK');
        }
      }),
      { numRuns: 40 },
    );
  });

  it('one state becomes another by the changes between them', async () => {
    await fc.assert(
      fc.asyncProperty(state, state, async (before, other) => {
        const renamed = (server: string): string => (Buffer.byteLength(server) > 60 || other.wrappers.length === 1 ? server : `"to ${server}`);
        // The same schema, servers and tables by place, so that there is something to alter.
        const wanted: DatabaseState = {
          ...before,
          schemas: before.schemas.map((each, index) => ({ ...other.schemas[index], ...each, comment: other.schemas[index]?.comment, owner: other.schemas[index]?.owner })),
          wrappers: before.wrappers.map((wrapper, index) => ({ ...wrapper, definition: wrapper.definition && (other.wrappers[index]?.definition ?? wrapper.definition), grants: other.wrappers[index]?.grants })),
          servers: before.servers.map((server, index) => ({ ...server, name: renamed(server.name), renamedFrom: renamed(server.name) === server.name ? undefined : server.name, grants: other.servers[index]?.grants, options: other.servers[index]?.options ?? [], version: other.servers[index]?.version })),
          userMappings: before.userMappings.map((each) => ({ ...each, server: renamed(each.server) })),
          foreignTables: before.foreignTables.map((each, index) => ({ ...each, server: renamed(each.server), columns: other.foreignTables[index]?.columns ?? [], checks: other.foreignTables[index]?.checks?.filter(({ name }) => name.length % 4 !== 0), columnGrants: other.foreignTables[index]?.columnGrants, grants: other.foreignTables[index]?.grants, options: other.foreignTables[index]?.options ?? [] })),
          types: before.types.map((type, index) => ({ ...alterable(type, other.types[index]), owner: other.types[index]?.owner, comment: other.types[index]?.comment, grants: other.types[index]?.grants })),
        };
        await session.query('BEGIN');
        try {
          await run(nothing, before);
          await run(await read(before), wanted);
          const { changes, impossible } = diff(wanted, await read(wanted), noSecret);
          expect({ changes, impossible }).toEqual({ changes: [], impossible: [] });
        } finally {
          await session.query('ROLLBACK');
        }
      }),
      { numRuns: 40 },
    );
  });
});
