import { expect, test } from 'vitest';
import { chooseDatabase } from '../../../src/postgres/connection/choose.ts';

const env = { FDW_DATABASE_URL: 'fdw', DATABASE_URL: 'url', PGDATABASE: 'pg' };

test.each([
  ['--database', 'flag', { flag: 'flag', spec: 'spec', env }],
  ['FDW_DATABASE_URL', 'fdw', { flag: undefined, spec: 'spec', env }],
  ['the spec', 'spec', { flag: undefined, spec: 'spec', env: { ...env, FDW_DATABASE_URL: '' } }],
  ['DATABASE_URL', 'url', { flag: undefined, spec: undefined, env: { DATABASE_URL: 'url' } }],
  ['PG* variables', undefined, { flag: undefined, spec: undefined, env: { DATABASE_URL: '', PGDATABASE: 'pg' } }],
])('%s chooses %j', (chosenBy, connection, sources) => {
  expect(chooseDatabase(sources)).toEqual({ connection, chosenBy });
});

test('an empty --database is refused: it would lead to another database than was meant', () => {
  expect(() => chooseDatabase({ flag: '', spec: 'spec', env })).toThrow('--database is empty.');
});
