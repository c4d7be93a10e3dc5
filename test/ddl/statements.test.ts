import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { DomainType, RangeType } from '../../src/model/user-types.ts';
import { statementsFor } from '../../src/ddl/statements.ts';
import type { Change } from '../../src/model/change.ts';
import type { Column } from '../../src/model/column.ts';
import type { ForeignTable } from '../../src/model/objects.ts';
import { type Option, textOptions } from '../../src/model/option.ts';
import { render } from '../../src/sql/statement.ts';

const password: Option = { name: 'password', value: { kind: 'reference', reference: { source: 'env', name: 'PW' } } };
const column = (name: string, type: string, rest: Partial<Column> = {}): Column => ({
  name,
  type,
  notNull: false,
  collation: undefined,
  default: undefined,
  generated: undefined,
  options: [],
  ...rest,
});
const orders: ForeignTable = {
  kind: 'foreign-table',
  schema: 'shop',
  name: 'orders',
  server: 'shop',
  options: textOptions([['schema_name', 'public'], ['table_name', 'orders']]),
  columns: [
    column('id', 'bigint', { notNull: true, options: textOptions([['column_name', 'id']]) }),
    column('Mixed "Case"', 'text', { collation: { schema: 'pg_catalog', name: 'C' }, default: "''::text" }),
    column('double', 'integer', { generated: { expression: '(id * 2)', kind: 'stored' } }),
  ],
};

const sku: DomainType = {
  kind: 'domain',
  schema: 'shop',
  name: 'sku',
  base: 'character varying(12)',
  collation: { schema: 'pg_catalog', name: 'C' },
  notNull: true,
  default: "'it''s'::character varying",
  checks: [{ name: 'filled', expression: "((VALUE)::text <> ''::text)" }],
};
const span: RangeType = {
  kind: 'range',
  schema: 'shop',
  name: 'span',
  subtype: 'double precision',
  opclass: undefined,
  collation: undefined,
  canonical: undefined,
  subdiff: undefined,
  multirange: { schema: 'shop', name: 'Spans' },
};

describe('statementsFor', () => {
  const cases: readonly [name: string, change: Change][] = [
    ['extension', { action: 'create', object: { kind: 'extension', name: 'uuid-ossp', schema: 'ext', version: '1.1' } }],
    [
      'extension moved and updated',
      {
        action: 'update',
        kind: 'extension',
        before: { kind: 'extension', name: 'citext', schema: 'public', version: '1.5' },
        after: { kind: 'extension', name: 'citext', schema: 'ext', version: '1.6' },
      },
    ],
    [
      'server',
      {
        action: 'create',
        object: { kind: 'server', name: 'shop', wrapper: 'postgres_fdw', type: 'a', version: "b'c", options: textOptions([['host', 'h\\1'], ['port', '5432']]) },
      },
    ],
    ['server without options', { action: 'create', object: { kind: 'server', name: 'Shop', wrapper: 'file_fdw', type: undefined, version: undefined, options: [] } }],
    [
      'server altered',
      {
        action: 'update',
        kind: 'server',
        before: { kind: 'server', name: 'shop', wrapper: 'postgres_fdw', type: undefined, version: '1', options: [] },
        after: { kind: 'server', name: 'shop', wrapper: 'postgres_fdw', type: undefined, version: '2', options: [] },
        options: [
          { verb: 'add', option: { name: 'host', value: { kind: 'text', text: 'x' } } },
          { verb: 'set', option: { name: 'port', value: { kind: 'text', text: '1' } }, before: { kind: 'text', text: '2' } },
          { verb: 'drop', name: 'dbname' },
        ],
        facets: [],
      },
    ],
    [
      'server renamed and altered',
      {
        action: 'update',
        kind: 'server',
        before: { kind: 'server', name: 'Shop', renamedFrom: 'my "shop"', wrapper: 'postgres_fdw', type: undefined, version: undefined, options: [] },
        after: { kind: 'server', name: 'Shop', wrapper: 'postgres_fdw', type: undefined, version: '2', options: [] },
        options: [],
        facets: [],
      },
    ],
    ['user mapping for PUBLIC', { action: 'create', object: { kind: 'user-mapping', server: 'shop', role: { kind: 'public' }, options: [password] } }],
    ['user mapping for a role named PUBLIC', { action: 'create', object: { kind: 'user-mapping', server: 'shop', role: { kind: 'role', name: 'PUBLIC' }, options: [] } }],
    ['user mapping for a role named user', { action: 'create', object: { kind: 'user-mapping', server: 'shop', role: { kind: 'role', name: 'user' }, options: [] } }],
    [
      'user mapping altered',
      {
        action: 'update',
        kind: 'user-mapping',
        after: { kind: 'user-mapping', server: 'shop', role: { kind: 'role', name: 'etl' }, options: [] },
        options: [{ verb: 'set', option: password, before: { kind: 'secret', secret: new Secret('old') } }],
      },
    ],
    [
      'wrapper',
      {
        action: 'create',
        object: {
          kind: 'wrapper',
          name: 'My "wrapper"',
          definition: { handler: { schema: 'ext', name: 'a.b' }, validator: 'none', options: textOptions([['debug', 'it\'s']]) },
          owner: 'root',
          grants: [{ privilege: 'USAGE', roles: [{ kind: 'public' }] }],
          comment: 'x',
        },
      },
    ],
    ['wrapper without a word about its functions', { action: 'create', object: { kind: 'wrapper', name: 'w', definition: { handler: undefined, validator: undefined, options: [] } } }],
    [
      'wrapper altered',
      {
        action: 'update',
        kind: 'wrapper',
        before: { kind: 'wrapper', name: 'w', definition: { handler: { schema: 'ext', name: 'h' }, validator: 'none', options: [] } },
        after: { kind: 'wrapper', name: 'w', definition: { handler: 'none', validator: { schema: 'ext', name: 'v' }, options: [] } },
        options: [{ verb: 'drop', name: 'debug' }],
        facets: [{ facet: 'comment', after: '' }],
      },
    ],
    [
      'wrapper of an extension granted',
      {
        action: 'update',
        kind: 'wrapper',
        before: undefined,
        after: { kind: 'wrapper', name: 'postgres_fdw', definition: undefined },
        options: [],
        facets: [{ facet: 'revoke', privilege: 'USAGE', role: { kind: 'role', name: 'user' } }],
      },
    ],
    [
      'server with owner, grants and comment',
      {
        action: 'create',
        object: {
          kind: 'server',
          name: 'shop',
          wrapper: 'postgres_fdw',
          type: undefined,
          version: undefined,
          options: [],
          owner: 'current_user',
          comment: "the shop's",
          grants: [{ privilege: 'USAGE', roles: [{ kind: 'public' }, { kind: 'role', name: 'PUBLIC' }] }],
        },
      },
    ],
    [
      'schema altered',
      {
        action: 'update',
        kind: 'schema',
        after: { kind: 'schema', name: 'shop' },
        facets: [
          { facet: 'owner', before: 'a', after: 'b' },
          { facet: 'grant', privilege: 'USAGE', role: { kind: 'role', name: 'c d' } },
          { facet: 'revoke', privilege: 'CREATE', role: { kind: 'public' } },
          { facet: 'comment', after: 'x' },
        ],
      },
    ],
    ['schema', { action: 'create', object: { kind: 'schema', name: 'select' } }],
    ['schema dropped', { action: 'drop', object: { kind: 'schema', name: 'select' } }],
    ['domain dropped', { action: 'drop', object: sku }],
    ['user mapping dropped', { action: 'drop', object: { kind: 'user-mapping', server: 'a b', role: { kind: 'role', name: 'user' }, options: 'unknown' } }],
    ['enum', { action: 'create', object: { kind: 'enum', schema: 'shop', name: 'mood', labels: ['ok', "it's"] } }],
    [
      'enum with labels added',
      {
        action: 'update',
        kind: 'enum', facets: [],
        after: { kind: 'enum', schema: 'shop', name: 'mood', labels: ['z', 'ok', 'x'] },
        changes: [
          { kind: 'rename-label', before: "it's", after: 'ok' },
          { kind: 'add-label', label: 'z', after: undefined },
          { kind: 'add-label', label: 'x', after: 'ok' },
        ],
      },
    ],
    ['domain', { action: 'create', object: sku }],
    ['plain domain', { action: 'create', object: { ...sku, collation: undefined, notNull: false, default: undefined, checks: undefined } }],
    [
      'domain altered',
      {
        action: 'update',
        kind: 'domain', facets: [],
        after: sku,
        changes: [
          { kind: 'rename-check', before: 'old "name"', after: 'filled' },
          { kind: 'drop-check', name: 'gone' },
          { kind: 'add-check', check: { name: 'short', expression: '(length((VALUE)::text) < 9)' } },
          { kind: 'set-not-null', notNull: false },
          { kind: 'set-default', before: "'x'::character varying", after: undefined },
          { kind: 'set-default', before: undefined, after: "'x'::character varying" },
        ],
      },
    ],
    [
      'composite',
      {
        action: 'create',
        object: { kind: 'composite', schema: 'shop', name: 'Address', attributes: [{ name: 'zip code', type: 'character varying(9)', collation: { schema: 'pg_catalog', name: 'C' } }, { name: 'sku', type: 'shop.sku[]', collation: undefined }] },
      },
    ],
    [
      'composite altered',
      {
        action: 'update',
        kind: 'composite', facets: [],
        after: { kind: 'composite', schema: 'shop', name: 'Address', attributes: [] },
        changes: [
          { kind: 'drop-attribute', name: 'zip code' },
          { kind: 'set-type', before: { name: 'a', type: 'integer', collation: undefined }, after: { name: 'a', type: 'text', collation: { schema: 'pg_catalog', name: 'C' } } },
          { kind: 'add-attribute', attribute: { name: 'zip code', type: 'text', collation: undefined } },
        ],
      },
    ],
    ['range', { action: 'create', object: span }],
    ['range with everything', { action: 'create', object: { ...span, opclass: { schema: 'pg_catalog', name: 'float8_ops' }, collation: { schema: 'pg_catalog', name: 'C' }, canonical: { schema: 'x', name: 'f' }, subdiff: { schema: 'pg_catalog', name: 'float8mi' } } }],
    ['foreign table', { action: 'create', object: orders }],
    ['foreign table with a check', { action: 'create', object: { ...orders, columns: [], checks: [{ name: 'c', expression: 'true', noInherit: false, notValid: false, notEnforced: false }] } }],
    ['foreign table without columns', { action: 'create', object: { ...orders, columns: [], options: [] } }],
    ['foreign table moved to another server', { action: 'replace', kind: 'foreign-table', before: orders, after: { ...orders, server: 'other', columns: [] } }],
    [
      'foreign table altered',
      {
        action: 'update',
        kind: 'foreign-table',
        after: orders,
        renamedFrom: { schema: 'Old', name: 'old orders' },
        options: [{ verb: 'drop', name: 'fetch_size' }],
        checks: [
          { kind: 'drop-check', name: 'no more' },
          { kind: 'add-check', check: { name: 'Positive', expression: '(id > 0)', noInherit: true, notValid: true, notEnforced: false } },
          { kind: 'add-check', check: { name: 'believed', expression: '(id > 0)', noInherit: false, notValid: false, notEnforced: true } },
          { kind: 'validate-check', name: 'late' },
        ],
        columns: [
          { kind: 'rename-column', from: 'Old', name: 'now' },
          { kind: 'drop-column', name: 'gone' },
          { kind: 'add-column', column: column('new', 'text', { options: textOptions([['column_name', 'neu']]) }) },
          { kind: 'set-type', before: column('a', 'integer'), after: column('a', 'text', { collation: { schema: 'pg_catalog', name: 'C' } }) },
          { kind: 'set-not-null', name: 'b', notNull: true },
          { kind: 'set-not-null', name: 'c', notNull: false },
          { kind: 'set-default', name: 'd', before: undefined, after: '0' },
          { kind: 'set-default', name: 'e', before: '0', after: undefined },
          { kind: 'set-options', name: 'f', options: [{ verb: 'drop', name: 'column_name' }] },
          { kind: 'set-expression', name: 'g', before: { expression: '(a + 1)', kind: 'stored' }, after: { expression: '(a + 2)', kind: 'stored' } },
          { kind: 'drop-expression', name: 'h' },
          { kind: 'set-identity', name: 'i', before: undefined, after: 'by default' },
          { kind: 'set-identity', name: 'j', before: 'by default', after: 'always' },
          { kind: 'set-identity', name: 'k', before: 'always', after: undefined },
          { kind: 'set-number', name: 'l', setting: 'statistics', before: -1, after: 500 },
          { kind: 'set-number', name: 'm', setting: 'nDistinct', before: 0, after: -0.5 },
          { kind: 'set-number', name: 'n', setting: 'nDistinctInherited', before: 7, after: 0 },
          { kind: 'set-storage', name: 'o', before: undefined, after: { mode: 'external', isDefault: false } },
          { kind: 'set-column-comment', name: 'p', after: "it's" },
          { kind: 'set-column-comment', name: 'q', after: '' },
          { kind: 'add-column', column: column('r', 'text', { statistics: 0, comment: 'new', storage: { mode: 'main', isDefault: false } }) },
        ],
        facets: [{ facet: 'comment', after: '' }],
        columnGrants: [
          { verb: 'grant', privilege: 'SELECT', role: { kind: 'role', name: 'An Alyst' }, columns: ['a', 'B'] },
          { verb: 'revoke', privilege: 'UPDATE', role: { kind: 'public' }, columns: ['a'] },
        ],
      },
    ],
  ];
  it.each(cases)('%s', (_, change) => {
    const text = statementsFor(change).map((statement) => `${render(statement, ({ variable }) => `:'${variable}'`)};`);
    expect(text.join('\n')).toMatchSnapshot();
  });
});
