import { describe, expect, it } from 'vitest';
import { likelyRenames } from '../../src/diff/likely-renames.ts';
import type { Column } from '../../src/model/column.ts';
import { withConfirmed } from '../../src/model/likely-rename.ts';
import type { ActualState, DatabaseState, ForeignTable } from '../../src/model/objects.ts';

/** A column of `name type`, `!` behind the type for NOT NULL. */
const column = (text: string): Column => {
  const [name = '', type = ''] = text.split(' ');
  return { name, type: type.replace('!', ''), notNull: type.endsWith('!'), collation: undefined, default: undefined, generated: undefined, options: [] };
};
const table = (name: string, columns: readonly string[], server = 'shop'): ForeignTable => ({ kind: 'foreign-table', schema: 's', name, server, options: [], columns: columns.map(column) });
const state = (foreignTables: readonly ForeignTable[]): DatabaseState => ({ extensions: [], wrappers: [], servers: [], userMappings: [], schemas: [], types: [], foreignTables });
const actual = (foreignTables: readonly ForeignTable[]): ActualState => ({ ...state(foreignTables), versionNum: 18_00_00, otherRelations: [] });

describe('columns that may have been renamed', () => {
  const cases: readonly [what: string, before: readonly string[], after: readonly string[], guesses: readonly string[]][] = [
    ['in the same place, with the same type', ['id int!', 'name text', 'at date'], ['id int!', 'title text', 'at date'], ['name -> title']],
    ['the last one', ['id int', 'name text'], ['id int', 'title text'], ['name -> title']],
    ['two of different types', ['a int', 'b text', 'c date'], ['x int', 'y text', 'c date'], ['a -> x', 'b -> y']],
    ['NOT NULL since', ['id int', 'name text'], ['id int', 'title text!'], ['name -> title']],
    ['another type', ['id int', 'name text'], ['id int', 'title bigint'], []],
    ['in another place', ['name text', 'id int', 'at date'], ['id int', 'at date', 'title text'], []],
    ['less strict', ['id int', 'name text!'], ['id int', 'title text'], []],
    ['one that may be either of two', ['id int', 'name text'], ['id int', 'title text', 'label text'], []],
    ['two that may be the same', ['id int', 'a text', 'b text'], ['id int', 'c text'], []],
    ['only gone', ['id int', 'name text'], ['id int'], []],
    ['only new', ['id int'], ['id int', 'name text'], []],
  ];
  it.each(cases)('%s', (_what, before, after, guesses) => {
    const found = likelyRenames(state([table('t', after)]), actual([table('t', before)]), []);
    expect(found.map((each) => (each.kind === 'column' ? `${each.from} -> ${each.to}` : each.kind))).toEqual(guesses);
  });

  it('says nothing of one that the spec renames already', () => {
    const wanted = withConfirmed(state([table('t', ['id int', 'title text'])]), [{ kind: 'column', table: { schema: 's', name: 't' }, from: 'name', to: 'title' }]);
    expect(wanted.foreignTables[0]?.columns[1]?.renamedFrom).toBe('name');
    expect(likelyRenames(wanted, actual([table('t', ['id int', 'name text'])]), [])).toEqual([]);
  });
});

describe('foreign tables that may have been renamed', () => {
  const orphan = table('old', ['id int!', 'name text']);
  const cases: readonly [what: string, fresh: readonly ForeignTable[], guesses: readonly string[]][] = [
    ['a new one with the same columns', [table('new', ['id int!', 'name text'])], ['old -> new']],
    ['on another server', [table('new', ['id int!', 'name text'], 'crm')], []],
    ['with other columns', [table('new', ['id int!', 'name text', 'at date'])], []],
    ['two', [table('new', ['id int!', 'name text']), table('more', ['id int!', 'name text'])], []],
  ];
  it.each(cases)('%s', (_what, fresh, guesses) => {
    const found = likelyRenames(state(fresh), actual([orphan]), [orphan]);
    expect(found.map((each) => (each.kind === 'foreign-table' ? `${each.from.name} -> ${each.to.name}` : each.kind))).toEqual(guesses);
  });
});
