import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import type { RemoteColumn, RemoteRelation } from '../../src/model/remote-relation.ts';
import { type RemoteType, type RemoteTypeUse, useKey } from '../../src/model/remote-type.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { parseSnapshot } from '../../src/snapshot/parse.ts';
import { snapshotText } from '../../src/snapshot/text.ts';

const use = (schema: string, name: string, more: Partial<RemoteTypeUse> = {}): RemoteTypeUse => ({ schema, name, array: false, typmod: -1, builtinOid: undefined, extension: undefined, ...more });

const integer = use('pg_catalog', 'int4', { builtinOid: 23 });
const types: readonly RemoteType[] = [
  { schema: 'public', name: '__proto__', extension: undefined, kind: 'enum', labels: ['a', '"', 'é\n'] },
  { schema: 'public', name: 'citext', extension: 'citext', kind: 'base' },
  { schema: 'public', name: 'pair', extension: undefined, kind: 'composite', rowType: true, attributes: [{ name: 'x', type: integer, collation: undefined }] },
  { schema: 'public', name: 'positive', extension: undefined, kind: 'domain', base: integer, collation: undefined, notNull: true, default: '1', checks: [{ name: 'c', expression: 'VALUE > 0' }], hiddenChecks: ['h'] },
  {
    schema: 'public', name: 'span', extension: undefined, kind: 'range', subtype: use('public', 'positive'), opclass: { schema: 'public', name: 'ops' }, collation: { schema: 'pg_catalog', name: 'C' },
    canonical: { name: 'f', builtin: false }, subdiff: { name: 'g', builtin: true }, multirange: { schema: 'public', name: 'spans' },
  },
  { schema: 'public', name: 'spans', extension: undefined, kind: 'multirange', range: use('public', 'span') },
];
const uses = [integer, use('pg_catalog', 'numeric', { builtinOid: 1700, typmod: 786438 }), ...types.map(({ schema, name, extension }) => use(schema, name, { extension, array: name === 'citext' }))];
const column = (name: string, type: RemoteTypeUse, more: Partial<RemoteColumn> = {}): RemoteColumn => ({ name, type, notNull: false, collation: undefined, default: undefined, generated: undefined, computed: undefined, ...more });
const relations: readonly RemoteRelation[] = [
  { name: '__proto__', kind: 'partition', columns: uses.map((type, index) => column(`c${index}`, type)) },
  { name: 'orders', kind: 'table', columns: [column('id', integer, { notNull: true, default: "nextval('x')", collation: { schema: 'pg_catalog', name: 'C' } }), column('twice', integer, { generated: '(id * 2)', computed: 'stored' })] },
];
const whole: Snapshot = {
  servers: [{
    name: 'constructor', versionNum: 180004, collation: { provider: 'icu', locale: 'de-DE' },
    extensions: new Map([['citext', '1.6'], ['plpgsql', '1.0']]),
    schemas: [{
      remote: { name: 'public', exists: true, names: ['__proto__', 'more', 'orders', 'orders_2'], partitions: ['__proto__', 'orders_2'], relations, types },
      defaults: true,
      keys: new Map([['orders', [{ name: 'orders_pkey', kind: 'primary', columns: ['id'] }, { name: 'u', kind: 'unique', columns: ['twice', 'id'] }]]]),
    }],
    typeTexts: new Map(uses.map((each) => [useKey(each), `${each.schema}.${each.name}(${each.typmod})`] as const).sort(([, a], [, b]) => (a < b ? -1 : 1))),
  }],
};
const text = snapshotText(whole);

test('a file says what was written into it, in the same order, whatever names there are', () => {
  const read = parseSnapshot(text, 'f');
  expect(read).toEqual(whole);
  // Plan files hold hashes of these, which depend on the order of keys.
  expect(JSON.stringify(read)).toBe(JSON.stringify(whole));
  expect(snapshotText(read)).toBe(text);
});

describe('a file that is no snapshot is refused, with the place', () => {
  const edit = (from: string | RegExp, to: string): string => {
    const edited = text.replace(from, to);
    expect(edited).not.toBe(text);
    return edited;
  };
  test.each<readonly [what: string, source: string, why: string]>([
    ['empty', '', 'It is not JSON, or only a part of it'],
    ['cut', text.slice(0, text.length / 2), 'It is not JSON, or only a part of it'],
    ['in conflict', `<<<<<<< HEAD\n${text}`, 'It is not JSON, or only a part of it'],
    ['a list', '[]', 'The file is no object.'],
    ['another file', '{"queries": []}', 'format_version is missing.'],
    ['of a later fdw', edit('"format_version": 1', '"format_version": 2'), 'format_version is 2, and this fdw reads 1.'],
    ['with a part missing', edit(/"schemas": [^]*"types"/, '"types"'), 'servers.constructor.schemas is no object.'],
    ['with a key more', edit('"kind": "table"', '"kind": "table", "rows": []'), 'servers.constructor.schemas.public.relations.orders.rows is no key that belongs here.'],
    ['with an unknown type', edit('"twice", "type": "pg_catalog.int4(-1)"', '"twice", "type": "text"'), 'servers.constructor.schemas.public.relations.orders.columns[1].type is "text", which servers.constructor.uses does not have.'],
    ['with a number for a name', edit('{ "name": "twice"', '{ "name": 5'), 'servers.constructor.schemas.public.relations.orders.columns[1].name is no text.'],
    ['with a NUL', edit('{ "name": "twice"', String.raw`{ "name": "tw\u0000ice"`), 'servers.constructor.schemas.public.relations.orders.columns[1].name has a NUL, which no text of PostgreSQL can have.'],
    ['with a column twice', edit('{ "name": "twice"', '{ "name": "id"'), 'servers.constructor.schemas.public.relations.orders.columns has a column twice.'],
    ['with another kind', edit('"kind": "table"', '"kind": "index"'), 'servers.constructor.schemas.public.relations.orders.kind is none of table, view, materialized-view, foreign-table, partitioned-table, partition.'],
    ['with a broken version', edit('180004', '1.5'), 'servers.constructor.server_version_num is no whole number.'],
    ['with a broken flag', edit('"not_null": true', '"not_null": 1'), 'is neither true nor false.'],
    ['nested without end', '['.repeat(100_000) + ']'.repeat(100_000), 'The file is no object.'],
  ])('%s', (_, source, why) => {
    const refuse = (): unknown => parseSnapshot(source, 'f.json');
    expect(refuse).toThrow(UserError);
    expect(refuse).toThrow(expect.objectContaining({ id: 'snapshot-invalid', why: expect.stringContaining(why) as string }));
  });
});
