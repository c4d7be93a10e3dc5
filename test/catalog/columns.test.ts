import { expect, test } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import type { Column } from '../../src/model/column.ts';
import { cluster, createDatabase, majors } from '../servers/index.ts';
import { open } from '../apply/small-plan.ts';

const plain: Column = {
  name: 'plain', type: 'text', notNull: false, collation: undefined, default: undefined, generated: undefined, identity: undefined, options: [],
  statistics: -1, nDistinct: 0, nDistinctInherited: 0, storage: { mode: 'extended', isDefault: true }, comment: '',
};

/** Each column has one thing beside its name and type. */
const columns: readonly (readonly [sql: string, Omit<Partial<Column>, 'name'>])[] = [
  ['plain text', {}],
  ['not_null text NOT NULL', { notNull: true }],
  [`option text OPTIONS (column_name 'a=b,"c"')`, { options: [{ name: 'column_name', value: { kind: 'text', text: 'a=b,"c"' } }] }],
  ['collated text COLLATE "C"', { collation: { schema: 'pg_catalog', name: 'C' } }],
  [`defaulted text DEFAULT 'x'`, { default: `'x'::text` }],
  [`generated text GENERATED ALWAYS AS (upper(plain)) STORED`, { generated: { expression: 'upper(plain)', kind: 'stored', uses: ['plain'] } }],
  ['identity bigint GENERATED ALWAYS AS IDENTITY', { type: 'bigint', notNull: true, identity: 'always', storage: { mode: 'plain', isDefault: true } }],
  ['targeted text', { statistics: 0 }],
  ['varied text', { nDistinct: -0.5 }],
  ['stored text', { storage: { mode: 'external', isDefault: false } }],
  ['commented text', { comment: 'with "quotes"' }],
  ['granted text', {}],
];

test.each(majors().map((major) => ({ major })))('the catalog gives what a column has by itself, major $major', async ({ major }) => {
  await using db = await createDatabase(cluster(major));
  await db.query(`
    CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s;
    CREATE TABLE parent (inherited text);
    CREATE FOREIGN TABLE s.child () INHERITS (parent) SERVER far;
    CREATE FOREIGN TABLE s.t (${columns.map(([sql]) => sql).join(', ')}) SERVER far;
    ALTER FOREIGN TABLE s.t ALTER targeted SET STATISTICS 0, ALTER varied SET (n_distinct = -0.5), ALTER stored SET STORAGE EXTERNAL;
    COMMENT ON COLUMN s.t.commented IS 'with "quotes"';
    GRANT SELECT (granted) ON s.t TO PUBLIC`);
  const session = await open(db.url);
  await session.query('BEGIN');
  const [child, table] = (await readCatalog(session, { schemas: ['s'] })).foreignTables;
  await session.close();
  expect(child?.columns).toEqual([{ ...plain, name: 'inherited', inherited: true, handedDown: true }]);
  expect(table?.columns).toEqual(columns.map(([sql, own]) => ({ ...plain, name: sql.split(' ')[0], ...own })));
  expect(table?.columnGrants).toEqual([{ privilege: 'SELECT', holders: [{ role: { kind: 'public' }, columns: ['granted'] }] }]);
});
