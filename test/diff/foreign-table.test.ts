import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { diffForeignTable } from '../../src/diff/foreign-table.ts';
import type { Column, ForeignTable } from '../../src/model/objects.ts';
import { textOptions } from '../../src/model/option.ts';

const comparison = { reveal: () => new Secret(''), wrapper: undefined };
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
    ['an expression cannot be altered on every major', table([column('a', { generated: 'b + 1' })]), table([column('a')]), ['drop-column', 'add-column']],
    ['column options', table([column('a', { options: textOptions([['column_name', 'x']]) })]), table([column('a')]), ['set-options']],
    ['everything at once', table([column('a', { type: 'text', notNull: true, default: "''::text" })]), table([column('a')]), ['set-type', 'set-not-null', 'set-default']],
  ];
  it.each(cases)('%s', (_, desired, actual, kinds) => {
    const change = diffForeignTable(desired, actual, comparison);
    const columns = change?.action === 'update' && change.kind === 'foreign-table' ? change.columns : [];
    expect(columns.map(({ kind }) => kind)).toEqual(kinds);
    expect(change === undefined).toBe(kinds.length === 0);
  });

  it('replaces a table whose server differs: SQL has no ALTER for it', () => {
    expect(diffForeignTable(table([]), table([], { server: 'other' }), comparison)?.action).toBe('replace');
  });
});
