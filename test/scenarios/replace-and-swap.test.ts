import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, storyMajors } from '../servers/index.ts';
import { changesOf, workplace } from './flow.ts';

describe.each(storyMajors().map((major) => ({ major })))('partitions, major $major', ({ major }) => {
  const bounds = `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound, s.srvtype AS type FROM pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid JOIN pg_foreign_server s ON s.oid = t.ftserver ORDER BY 1`;

  it('take the places of each other while their server is replaced', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; CREATE SCHEMA s; CREATE TABLE s.events (id int NOT NULL, note text) PARTITION BY LIST (id); CREATE TABLE s.rest PARTITION OF s.events DEFAULT`);
    const tables = (a: number, b: number, type: string): string => `version: 1
servers: {one: {${type}}}
tables:
  s.a: {server: one, partition_of: {table: s.events, values: [${a}]}, columns: {id: int not null, note: text}}
  s.b: {server: one, partition_of: {table: s.events, values: [${b}]}, columns: {id: int not null, note: text}}
`;
    await place.write(tables(1, 2, ''));
    await place.apply();
    await place.write(tables(2, 1, 'type: new'));
    await place.apply({ allow: ['server-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await db.query(bounds)).toEqual([{ name: 'a', bound: 'FOR VALUES IN (2)', type: 'new' }, { name: 'b', bound: 'FOR VALUES IN (1)', type: 'new' }]);
  });

  it('of a sharded table take the places of each other while the server of one is replaced', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const sharded = (a: number, b: number, type: string): string => `version: 1
extensions: [postgres_fdw]
servers: {one: {${type}}, two: }
sharded_tables:
  s.events: {partition_by: list (id), columns: {id: int not null, note: text}, partitions: {a: {server: one, values: [${a}]}, b: {server: two, values: [${b}]}}}
`;
    await place.write(sharded(1, 2, ''));
    await place.apply();
    await place.write(sharded(2, 1, 'type: new'));
    await place.apply({ allow: ['server-replaced'] });
    expect(changesOf(await place.plan())).toEqual([]);
    expect(await db.query(bounds)).toEqual([{ name: 'a', bound: 'FOR VALUES IN (2)', type: 'new' }, { name: 'b', bound: 'FOR VALUES IN (1)', type: null }]);
  });

  it('keep the NOT NULL of their parent, and a plan that takes it off says so at its place', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw; CREATE SERVER two FOREIGN DATA WRAPPER postgres_fdw; CREATE SCHEMA s; CREATE TABLE s.events (id int NOT NULL, note text) PARTITION BY LIST (id);
      CREATE FOREIGN TABLE s.a PARTITION OF s.events (note NOT NULL) FOR VALUES IN (1) SERVER one`);
    for (const server of ['one', 'two']) {
      await place.write(`version: 1\nservers: {one: , two: }\ntables:\n  s.a: {server: ${server}, columns: {id: int, note: text not null}}\n`);
      await expect(place.plan()).rejects.toMatchObject({ id: 'plan-impossible', problems: [{ message: 'foreign table s.a: its column id is NOT NULL in its parent, and so in the table itself', at: { line: 4, column: 3 } }] });
    }
    // Its own is its own affair.
    await place.write('version: 1\nservers: {one: , two: }\ntables:\n  s.a: {server: one, columns: {id: int not null, note: text}}\n');
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
  });
});
