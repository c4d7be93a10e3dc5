import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { statementsFor } from '../../src/ddl/statements.ts';
import { diff } from '../../src/diff/diff.ts';
import type { ActualState, DatabaseState, ForeignTable, Server } from '../../src/model/objects.ts';
import type { Facets } from '../../src/model/facets.ts';
import { roleKey } from '../../src/model/role.ts';
import { type Options, textOptions } from '../../src/model/option.ts';
import { inOrder } from '../../src/plan/order.ts';
import { connect } from '../../src/postgres/connect.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import type { Session } from '../../src/postgres/session.ts';
import { ident, literal } from '../../src/sql/quote.ts';
import { render } from '../../src/sql/statement.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';

const empty: DatabaseState = { extensions: [], servers: [], userMappings: [], schemas: [], enums: [], foreignTables: [] };
const nothing: ActualState = { ...empty, otherRelations: [] };
const noSecret = () => new Secret('');

/* Any text but NUL and lone surrogates, which PostgreSQL cannot store; names of at most 63 bytes. */
const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => value.replaceAll('\0', ''));
const name = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), fc.constantFrom('select', 'Mixed', 'a.b', 'a"b', "a'b", '%I', ':x', '__proto__', '$1', 'é', '-- x', 'user'))
  .map((value) => value.replaceAll('\0', ''))
  .filter((value) => value !== '' && Buffer.byteLength(value) <= 63 && !value.startsWith('pg_'));
/* The wrapper of these tests has no validator: any option name goes, but for `=` (refused since mid-2025). */
const options: fc.Arbitrary<Options> = fc
  .uniqueArray(fc.tuple(name.filter((value) => !/[=]|passw|secret|token|key|pwd|cred/i.test(value)), text), { selector: ([key]) => key, maxLength: 4 })
  .map(textOptions);

/* Roles belong to a cluster, so these have names of their own; made before and dropped after. */
const roles = ['fdw_round_trip', 'fdw "round" trip'];
const anyRole = fc.oneof(fc.constant({ kind: 'public' } as const), fc.constantFrom(...roles).map((own) => ({ kind: 'role', name: own }) as const));
const facetsWith = (...privileges: readonly string[]): fc.Arbitrary<Facets> =>
  fc.record({
    owner: fc.option(fc.constantFrom('postgres', ...roles), { nil: undefined }),
    comment: fc.option(text, { nil: undefined }),
    grants: fc.option(
      fc.uniqueArray(fc.record({ privilege: fc.constantFrom(...privileges), roles: fc.uniqueArray(anyRole, { selector: roleKey }) }), { selector: ({ privilege }) => privilege }),
      { nil: undefined },
    ),
  });
const withFacets = <T extends object>(object: fc.Arbitrary<T>, ...privileges: readonly string[]): fc.Arbitrary<T & Facets> =>
  fc.tuple(object, facetsWith(...privileges)).map(([each, facets]) => ({ ...each, ...facets }));

const types = ['integer', 'text', 'numeric(12,2)', 'timestamp(3) with time zone', 'character varying(20)[]', 'interval day to second(2)'];
const column = fc.record({
  name,
  type: fc.constantFrom(...types),
  notNull: fc.boolean(),
  collation: fc.constant(undefined),
  default: fc.constant(undefined),
  generated: fc.constant(undefined),
  options,
});
const bareTable: fc.Arbitrary<Omit<ForeignTable, 'schema' | 'server'>> = fc.record({
  kind: fc.constant('foreign-table' as const),
  name,
  options,
  columns: fc.uniqueArray(column, { selector: (each) => each.name, maxLength: 5 }).map((columns) => columns.filter(({ name: own }) => !systemColumns.has(own))),
});
const table = withFacets(bareTable, 'SELECT', 'INSERT', 'TRUNCATE');
const systemColumns = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

const state: fc.Arbitrary<DatabaseState> = fc
  .record({
    servers: fc.uniqueArray(
      withFacets(fc.record({
        kind: fc.constant('server' as const),
        name,
        wrapper: fc.constant('anything'),
        type: fc.option(text, { nil: undefined }),
        version: fc.option(text, { nil: undefined }),
        options,
      }), 'USAGE'),
      { selector: (each) => each.name, minLength: 1, maxLength: 3 },
    ),
    schema: withFacets(fc.record({ kind: fc.constant('schema' as const), name: name.filter((value) => value !== 'public' && value !== 'information_schema') }), 'USAGE', 'CREATE'),
    tables: fc.uniqueArray(table, { selector: (each) => each.name, maxLength: 3 }),
    labels: fc.uniqueArray(text.filter((label) => Buffer.byteLength(label) <= 63), { maxLength: 4 }),
  })
  .map(({ servers, schema, tables, labels }) => ({
    ...empty,
    servers,
    schemas: [schema],
    enums: [{ kind: 'enum', schema: schema.name, name: 'an "enum"', labels }],
    userMappings: servers.map((server: Server) => ({ kind: 'user-mapping', server: server.name, role: { kind: 'public' }, options: [] })),
    foreignTables: tables.map((each, index) => ({ ...each, schema: schema.name, server: servers[index % servers.length]?.name ?? '' })),
  }));

describe.each(majors().map((major) => ({ major })))('model to catalog and back, major $major', ({ major }) => {
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await createDatabase(cluster(major));
    await db.query(`CREATE FOREIGN DATA WRAPPER anything; ${roles.map((role) => `CREATE ROLE ${ident(role)}`).join('; ')}`);
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
        const schema = before.schemas[0]?.name ?? '';
        // The same schema, servers and tables by place, so that there is something to alter.
        const wanted: DatabaseState = {
          ...before,
          schemas: before.schemas.map((each, index) => ({ ...other.schemas[index], ...each, comment: other.schemas[index]?.comment, owner: other.schemas[index]?.owner })),
          servers: before.servers.map((server, index) => ({ ...server, grants: other.servers[index]?.grants, options: other.servers[index]?.options ?? [], version: other.servers[index]?.version })),
          foreignTables: before.foreignTables.map((each, index) => ({ ...each, columns: other.foreignTables[index]?.columns ?? [], options: other.foreignTables[index]?.options ?? [] })),
          enums: [{ kind: 'enum', schema, name: 'an "enum"', labels: [...(before.enums[0]?.labels ?? []), 'one more, surely'] }],
        };
        await session.query('BEGIN');
        try {
          await run(nothing, before);
          await run(await read(before), wanted);
          expect(diff(wanted, await read(wanted), noSecret).changes).toEqual([]);
        } finally {
          await session.query('ROLLBACK');
        }
      }),
      { numRuns: 40 },
    );
  });
});
