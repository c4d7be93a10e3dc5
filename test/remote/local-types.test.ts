import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteTypeUse } from '../../src/model/remote-type.ts';
import { localTypeNames } from '../../src/remote/local-types.ts';
import { cluster, createDatabase, majors, type TestDatabase } from '../servers/index.ts';
import { shopTypes } from './fixture.ts';
import { open } from './open.ts';

const plain: RemoteTypeUse = { schema: 'pg_catalog', name: '', array: false, typmod: -1, builtinOid: undefined, extension: undefined };
const builtin = (oid: number, typmod = -1): RemoteTypeUse => ({ ...plain, builtinOid: oid, typmod });
const named = (schema: string, name: string, more: Partial<RemoteTypeUse> = {}): RemoteTypeUse => ({ ...plain, schema, name, ...more });

describe.each(majors().map((major) => ({ major })))('what a remote type is called here, PostgreSQL $major', ({ major }) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createDatabase(cluster(major));
    await db.query(`${shopTypes} CREATE SCHEMA "Ext"; CREATE EXTENSION citext SCHEMA "Ext"; CREATE SCHEMA other; CREATE DOMAIN other.citext AS text; CREATE TYPE shop.shell`);
  });
  afterAll(async () => db.drop());

  async function names(uses: readonly RemoteTypeUse[]): Promise<readonly (string | undefined)[]> {
    await using at = await open(db);
    return (await localTypeNames(at.session, uses)).map((type) => type?.canonical);
  }

  it.each<{ what: string; use: RemoteTypeUse; name: string | undefined }>([
    { what: 'a builtin', use: builtin(23), name: 'integer' },
    { what: 'a builtin with a modifier', use: builtin(1700, 786438), name: 'numeric(12,2)' },
    { what: 'an array of a builtin', use: builtin(1015, 24), name: 'character varying(20)[]' },
    { what: 'a builtin that this major lacks', use: builtin(9999), name: undefined },
    { what: 'an enum of the same name', use: named('shop', 'status'), name: 'shop.status' },
    { what: 'an array of it', use: named('shop', 'status', { array: true }), name: 'shop.status[]' },
    { what: 'a domain', use: named('shop', 'sku'), name: 'shop.sku' },
    { what: 'a composite', use: named('shop', 'address', { array: true }), name: 'shop.address[]' },
    { what: 'a mixed-case name', use: named('shop', 'Mixed Type', { array: true }), name: 'shop."Mixed Type"[]' },
    { what: 'a type of an extension that is installed elsewhere', use: named('public', 'citext', { extension: 'citext' }), name: '"Ext".citext' },
    { what: 'an array of one', use: named('public', 'citext', { extension: 'citext', array: true }), name: '"Ext".citext[]' },
    { what: 'a type of that name, not of an extension on the remote', use: named('public', 'citext'), name: undefined },
    { what: 'a type of the same schema and name before one of the extension', use: named('other', 'citext', { extension: 'citext' }), name: 'other.citext' },
    { what: 'a type of another extension', use: named('public', 'citext', { extension: 'hstore' }), name: undefined },
    { what: 'a missing type', use: named('shop', 'nosuch'), name: undefined },
    { what: 'a type in a missing schema', use: named('nosuch', 'status'), name: undefined },
    { what: 'a shell', use: named('shop', 'shell'), name: undefined },
    { what: 'a domain of information_schema', use: named('information_schema', 'sql_identifier'), name: 'information_schema.sql_identifier' },
  ])('$what', async ({ use, name }) => {
    expect(await names([use])).toEqual([name]);
  });

  it('answers many at once, in their order, and nothing to nothing', async () => {
    expect(await names([builtin(23), named('a', 'b'), builtin(25), builtin(23)])).toEqual(['integer', undefined, 'text', 'integer']);
    expect(await names([])).toEqual([]);
  });

  it('gives the collation of the type itself', async () => {
    await using at = await open(db);
    const found = await localTypeNames(at.session, [builtin(25), builtin(19), builtin(23), named('shop', 'sku')]);
    expect(found.map((type) => type?.collation)).toEqual([{ schema: 'pg_catalog', name: 'default' }, { schema: 'pg_catalog', name: 'C' }, undefined, { schema: 'pg_catalog', name: 'C' }]);
  });
});
