import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { diffForeignTable } from '../../src/diff/foreign-table.ts';
import type { Column } from '../../src/model/column.ts';
import type { ForeignTable } from '../../src/model/objects.ts';
import { textOptions } from '../../src/model/option.ts';

const comparison = { reveal: () => new Secret(''), wrapper: undefined, versionNum: 18_00_00, asWanted: new Map() };
const column = (name: string, rest: Partial<Column> = {}): Column => ({
  name,
  type: 'integer',
  notNull: false,
  collation: undefined,
  default: undefined,
  generated: undefined,
  options: [],
  ...rest,
});
const table = (columns: readonly Column[], rest: Partial<ForeignTable> = {}): ForeignTable => ({
  kind: 'foreign-table',
  schema: 's',
  name: 't',
  server: 'shop',
  options: [],
  columns,
  ...rest,
});

const stored = (expression: string) => ({ expression, kind: 'stored', uses: ['b'] }) as const;
const settings: Partial<Column> = { statistics: 100, nDistinct: -0.5, nDistinctInherited: 7, storage: { mode: 'external', isDefault: false }, comment: 'x' };

describe('diffForeignTable', () => {
  const cases: readonly [name: string, desired: ForeignTable, actual: ForeignTable, kinds: readonly string[]][] = [
    ['equal', table([column('a')]), table([column('a')]), []],
    ['the order of columns does not count', table([column('a'), column('b')]), table([column('b'), column('a')]), []],
    ['a new column', table([column('a'), column('b')]), table([column('a')]), ['add-column']],
    ['a column that is gone', table([column('a')]), table([column('a'), column('b')]), ['drop-column']],
    ['a renamed column is dropped and added, drops first', table([column('b')]), table([column('a')]), ['drop-column', 'add-column']],
    ['another type', table([column('a', { type: 'bigint' })]), table([column('a')]), ['set-type']],
    ['another collation', table([column('a', { collation: { schema: 'pg_catalog', name: 'C' } })]), table([column('a')]), ['set-type']],
    ['NOT NULL', table([column('a', { notNull: true })]), table([column('a')]), ['set-not-null']],
    ['a default', table([column('a', { default: '0' })]), table([column('a')]), ['set-default']],
    ['a plain column that shall be generated', table([column('a', { generated: stored('b + 1') })]), table([column('a')]), ['drop-column', 'add-column']],
    ['another expression', table([column('a', { generated: stored('b + 1') })]), table([column('a', { generated: stored('b') })]), ['set-expression']],
    ['a generated column that shall be plain', table([column('a', { default: '0' })]), table([column('a', { generated: stored('b') })]), ['drop-expression', 'set-default']],
    ['a virtual one that shall be plain', table([column('a')]), table([column('a', { generated: { expression: 'b', kind: 'virtual' } })]), ['drop-column', 'add-column']],
    ['a virtual one that shall be stored', table([column('a', { generated: stored('b') })]), table([column('a', { generated: { expression: 'b', kind: 'virtual' } })]), ['drop-column', 'add-column']],
    [
      'a column under a generated one gets another type: that goes first and comes back last',
      table([column('a', { generated: stored('b') }), column('b', { type: 'bigint' })]),
      table([column('b'), column('a', { generated: stored('b') })]),
      ['drop-column', 'set-type', 'add-column'],
    ],
    ['a default under a new type', table([column('a', { type: 'text', default: "'1'::text" })]), table([column('a', { default: '1' })]), ['set-default', 'set-type', 'set-default']],
    ['an identity for a default', table([column('a', { notNull: true, identity: 'always' })]), table([column('a', { default: '1' })]), ['set-not-null', 'set-default', 'set-identity']],
    ['no identity any more', table([column('a')]), table([column('a', { notNull: true, identity: 'always' })]), ['set-identity', 'set-not-null']],
    ['what the spec leaves open', table([column('a')]), table([column('a', settings)]), []],
    ['what the spec does not', table([column('a', settings)]), table([column('a')]), ['set-number', 'set-number', 'set-number', 'set-storage', 'set-column-comment']],
    ['storage after another type', table([column('a', { type: 'text', ...settings })]), table([column('a', settings)]), ['set-type', 'set-storage']],
    ['column options', table([column('a', { options: textOptions([['column_name', 'x']]) })]), table([column('a')]), ['set-options']],
    ['everything at once', table([column('a', { type: 'text', notNull: true, default: "''::text" })]), table([column('a')]), ['set-type', 'set-not-null', 'set-default']],
  ];
  it.each(cases)('%s', (_, desired, actual, kinds) => {
    const change = diffForeignTable(desired, actual, comparison);
    const columns = change?.action === 'update' && change.kind === 'foreign-table' ? change.columns : [];
    expect(columns.map(({ kind }) => kind)).toEqual(kinds);
    expect(change === undefined).toBe(kinds.length === 0);
  });

  it('drops and adds a generated column before 17, with what the spec leaves open', () => {
    const change = diffForeignTable(table([column('a', { generated: stored('b + 1') })]), table([column('a', { generated: stored('b'), ...settings })]), { ...comparison, versionNum: 16_00_00 });
    expect(change).toMatchObject({ columns: [{ kind: 'drop-column' }, { kind: 'add-column', column: settings }] });
  });

  it('replaces a table whose server differs: SQL has no ALTER for it', () => {
    expect(diffForeignTable(table([]), table([], { server: 'other' }), comparison)?.action).toBe('replace');
  });
});
