import { expect, test } from 'vitest';
import { SpecError } from '../../src/base/spec-error.ts';
import { createDatabase } from '../servers/index.ts';
import { changesOf, workplace } from './flow.ts';

test('what takes the names of each other is refused with the way out: afterwards nothing could tell one from the other', async () => {
  await using db = await createDatabase();
  await using place = await workplace(db.url);
  await db.query(`CREATE EXTENSION postgres_fdw; CREATE SERVER a FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER b FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'b'); CREATE SCHEMA s; CREATE SCHEMA r;
    CREATE FOREIGN TABLE s.t (x int, y int) SERVER a; CREATE FOREIGN TABLE r.t (x int, y int) SERVER b; CREATE FOREIGN TABLE s.u (x int, y int) SERVER a`);
  const refused = async (spec: string): Promise<unknown> => {
    await place.write(`version: 1\n${spec}`);
    const error: unknown = await place.plan().catch((thrown: unknown) => thrown);
    return error instanceof SpecError ? error.problems.map(({ message, at, hint }) => [at?.line, message, hint?.split(':')[0]]) : error;
  };
  const way = 'names go round one at a time';
  const columns = 'columns: {x: int, y: int}';
  expect(await refused('servers: {a: {renamed_from: b, options: {host: b}}, b: {renamed_from: a}}\n')).toEqual([
    [2, 'the spec has a server `b`, so that is no former name', way],
    [2, 'the spec has a server `a`, so that is no former name', way],
  ]);
  expect(await refused(`servers: {a: , b: }\ntables:\n  s.t: {server: b, renamed_from: r.t, ${columns}}\n  r.t: {server: a, renamed_from: s.t, ${columns}}\n`)).toEqual([
    [4, 'the spec has a table `r.t`, so that is no former name', way],
    [5, 'the spec has a table `s.t`, so that is no former name', way],
  ]);
  expect(await refused('servers: {a: }\ntables:\n  s.u: {server: a, columns: {x: {type: int, renamed_from: y}, y: {type: int, renamed_from: x}}}\n')).toEqual([
    [4, 'the table has a column `y`, so that is no former name of `x`', way],
    [4, 'the table has a column `x`, so that is no former name of `y`', way],
  ]);

  // The way out.
  const tables = async (first: string, second: string): Promise<readonly string[]> => {
    await place.write(`version: 1\nservers: {a: , b: {options: {host: b}}}\ntables:\n  ${first}, ${columns}}\n  ${second}, ${columns}}\n`);
    const changes = changesOf(await place.plan());
    await place.apply();
    return changes;
  };
  expect(await tables('s.middle: {server: a, renamed_from: s.t', 'r.t: {server: b')).toEqual(['update foreign table s.middle']);
  expect(await tables('s.middle: {server: a', 's.t: {server: b, renamed_from: r.t')).toEqual(['update foreign table s.t']);
  expect(await tables('r.t: {server: a, renamed_from: s.middle', 's.t: {server: b')).toEqual(['update foreign table r.t']);
});
