import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteColumn, RemoteSchema } from '../../src/model/remote-relation.ts';
import type { RemoteTypeUse } from '../../src/model/remote-type.ts';
import { readRemoteSchemas } from '../../src/remote/read-remote-schemas.ts';
import type { RelationSelection } from '../../src/model/remote-relation.ts';
import { pairs } from '../servers/index.ts';
import { hostileNames, longestName, shop, type Shop } from './fixture.ts';
import { open } from './open.ts';

const all: RelationSelection = { kind: 'all' };
const builtin = (name: string, builtinOid: number, typmod = -1): RemoteTypeUse => ({ schema: 'pg_catalog', name, array: false, typmod, builtinOid, extension: undefined });
const defaultCollation = { schema: 'pg_catalog', name: 'default' };
const byCodeUnit = (names: readonly string[]): readonly string[] => [...names].sort((a, b) => (a < b ? -1 : 1));

describe.each(pairs().map((majors) => ({ majors, name: `${majors.local}→${majors.remote}` })))('what stands behind a server, $name', ({ majors }) => {
  let fixture: Shop;
  let orders: RemoteSchema;
  let withDefaults: RemoteSchema;
  beforeAll(async () => {
    fixture = await shop(majors);
    orders = await read('shop', { kind: 'listed', names: ['orders'] });
    withDefaults = await read('shop', { kind: 'listed', names: ['orders'] }, true);
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  async function read(name: string, selection: RelationSelection, defaults = false): Promise<RemoteSchema> {
    await using at = await open(fixture.local);
    const [server] = await readRemoteSchemas(at.session, [{ server: fixture.server, schemas: [{ name, selection, defaults }] }]);
    const schema = server?.schemas[0];
    if (schema === undefined) throw new Error('one schema was asked for');
    return schema;
  }

  const column = (name: string, of = orders): RemoteColumn | undefined => of.relations[0]?.columns.find((one) => one.name === name);

  it('gives every relation that IMPORT FOREIGN SCHEMA would, and its kind', async () => {
    const schema = await read('shop', all);
    expect(schema.exists).toBe(true);
    expect(schema.relations.map(({ name }) => name)).toEqual(byCodeUnit(['orders', 'paid', 'totals', 'events', 'nothing', ...hostileNames]));
    const kinds = new Map(schema.relations.map(({ name, kind }) => [name, kind]));
    expect([kinds.get('orders'), kinds.get('paid'), kinds.get('totals'), kinds.get('events')]).toEqual([
      'table', 'view', 'materialized-view', 'partitioned-table',
    ]);
    expect(schema.names).toEqual(byCodeUnit(['events_1', ...schema.relations.map(({ name }) => name)]));
  });

  it('gives a partition only when it is named', async () => {
    const schema = await read('shop', { kind: 'listed', names: ['events_1', 'no such'] });
    expect(schema.relations.map(({ name, kind, columns }) => [name, kind, columns.map((one) => one.name)])).toEqual([['events_1', 'partition', ['tenant', 'at']]]);
  });

  it('leaves out what is excepted', async () => {
    const schema = await read('shop', { kind: 'except', names: ['orders', 'paid', ...hostileNames] });
    expect(schema.relations.map(({ name }) => name)).toEqual(['events', 'nothing', 'totals']);
  });

  it('knows an empty schema from a missing one', async () => {
    expect(await read('vacant', all)).toEqual({ name: 'vacant', exists: true, names: [], partitions: [], relations: [], types: [] });
    expect(await read('Shop', all)).toEqual({ name: 'Shop', exists: false, names: [], partitions: [], relations: [], types: [] });
  });

  it('gives a relation without columns, and hostile names as they are', async () => {
    const schema = await read('shop', { kind: 'listed', names: ['nothing', ...hostileNames] });
    expect(schema.relations.map(({ name, columns }) => [name, ...columns.map((one) => one.name)])).toEqual(
      byCodeUnit(['nothing', ...hostileNames]).map((name) => (name === 'nothing' ? [name] : [name, name])),
    );
    expect(Buffer.byteLength(longestName)).toBe(63);
  });

  it('gives the columns in order, without dropped ones', async () => {
    const names = orders.relations[0]?.columns.map((one) => one.name) ?? [];
    expect(names.slice(0, 2)).toEqual(['id', 'status']);
    expect(names).not.toContain('gone');
    expect(names.some((name) => name.includes('dropped'))).toBe(false);
  });

  it('gives types by fixed OID, or by name with the extension', async () => {
    expect(column('amount')?.type).toEqual({ schema: 'pg_catalog', name: 'numeric', array: false, typmod: 786438, builtinOid: 1700, extension: undefined });
    expect(column('names')?.type).toEqual({ schema: 'pg_catalog', name: 'varchar', array: true, typmod: 24, builtinOid: 1015, extension: undefined });
    expect(column('statuses')?.type).toEqual({ schema: 'shop', name: 'status', array: true, typmod: -1, builtinOid: undefined, extension: undefined });
    expect(column('mails')?.type).toEqual({ schema: 'ext', name: 'citext', array: true, typmod: -1, builtinOid: undefined, extension: 'citext' });
  });

  it('does not take for an array what only has elements', async () => {
    expect(column('place')?.type).toMatchObject({ name: 'point', array: false, builtinOid: 600 });
    expect(column('oids')?.type).toMatchObject({ name: 'oidvector', array: false, builtinOid: 30 });
  });

  it('gives the types that are not built in, with their labels', async () => {
    expect(orders.types).toEqual([
      { schema: 'ext', name: 'citext', kind: 'base', extension: 'citext' },
      { schema: 'shop', name: 'Mixed Type', kind: 'enum', extension: undefined, labels: ['x'] },
      {
        schema: 'shop', name: 'address', kind: 'composite', extension: undefined, rowType: false,
        attributes: [{ name: 'street', type: builtin('text', 25), collation: defaultCollation }, { name: 'zip', type: builtin('varchar', 1043, 13), collation: defaultCollation }],
      },
      {
        schema: 'shop', name: 'sku', kind: 'domain', extension: undefined, base: builtin('varchar', 1043, 16), collation: { schema: 'pg_catalog', name: 'C' },
        notNull: false, default: undefined, checks: [{ name: 'sku_check', expression: expect.stringMatching(/^\(+VALUE\)::text <> ''::text\)+$/) as string }], hiddenChecks: [],
      },
      {
        schema: 'shop', name: 'span', kind: 'range', extension: undefined, subtype: builtin('float8', 701), opclass: undefined, collation: undefined,
        canonical: undefined, subdiff: undefined, multirange: { schema: 'shop', name: 'span_multirange' },
      },
      { schema: 'shop', name: 'status', kind: 'enum', extension: undefined, labels: ['new', "mid'way", 'paid'] },
    ]);
  });

  it('gives NOT NULL and collations', async () => {
    expect(column('id')?.notNull).toBe(true);
    expect(column('plain')?.notNull).toBe(false);
    const collation = (name: string): string => `${column(name)?.collation?.schema}.${column(name)?.collation?.name}`;
    expect([collation('c_text'), collation('german'), collation('plain'), collation('sku'), collation('id')]).toEqual([
      'pg_catalog.C', 'shop.german', 'pg_catalog.default', 'pg_catalog.C', 'undefined.undefined',
    ]);
  });

  it('gives a stored generated column with its expression; a virtual one is only marked', async () => {
    const doubled = column('doubled');
    expect([doubled?.computed, doubled?.generated, doubled?.default]).toEqual(['stored', expect.stringMatching(/^\(+1 \+ 1\)+(::numeric)?$/), undefined]);
    const tripled = column('tripled');
    expect([tripled?.computed, tripled?.generated]).toEqual(majors.remote >= 18 ? ['virtual', undefined] : [undefined, undefined]);
  });

  it('gives defaults only when they are asked for', async () => {
    expect(column('status')?.default).toBeUndefined();
    expect(column('status', withDefaults)?.default).toBe("'new'::shop.status");
    expect(column('doubled', withDefaults)?.default).toBeUndefined();
  });

  it('reads several schemas, and one twice, in one go', async () => {
    await using at = await open(fixture.local);
    const [server] = await readRemoteSchemas(at.session, [
      {
        server: fixture.server,
        schemas: [
          { name: 'shop', selection: { kind: 'listed', names: ['paid'] }, defaults: false },
          { name: 'vacant', selection: all, defaults: false },
          { name: 'shop', selection: { kind: 'listed', names: ['totals'] }, defaults: true },
        ],
      },
    ]);
    expect(server?.schemas.map(({ name, relations }) => [name, relations.map((one) => one.name)])).toEqual([['shop', ['paid']], ['vacant', []], ['shop', ['totals']]]);
  });

  it('answers nothing to no question', async () => {
    await using at = await open(fixture.local);
    expect(await readRemoteSchemas(at.session, [])).toEqual([]);
    expect(await readRemoteSchemas(at.session, [{ server: fixture.server, schemas: [] }])).toEqual([
      { server: fixture.server, reader: fixture.local.cluster.user, schemas: [] },
    ]);
  });
});
