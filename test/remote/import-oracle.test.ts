import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localTypeNames } from '../../src/remote/local-types.ts';
import { readRemoteSchemas } from '../../src/remote/read-remote-schemas.ts';
import type { RelationSelection } from '../../src/model/remote-relation.ts';
import { ident } from '../../src/sql/quote.ts';
import { pairs } from '../servers/index.ts';
import { shop, shopTypes, type Shop } from './fixture.ts';
import { open } from './open.ts';

/*
 * IMPORT FOREIGN SCHEMA is the independent witness: what it makes of a remote schema is what our reading, put into local
 * words, must say too.
 */
describe.each(pairs().map((majors) => ({ majors, name: `${majors.local}→${majors.remote}` })))('IMPORT FOREIGN SCHEMA agrees, $name', ({ majors }) => {
  let fixture: Shop;
  beforeAll(async () => {
    fixture = await shop(majors);
    await fixture.local.query(`CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; ${shopTypes}`);
    // Every builtin type that both sides have and a column may have, with its array.
    const builtin = `SELECT t.oid::int AS oid, format_type(t.oid, -1) AS type FROM pg_type AS t LEFT JOIN pg_type AS e ON e.oid = t.typelem
      WHERE t.oid < 10000 AND t.typtype <> 'p' AND t.typrelid = 0 AND coalesce(e.typtype NOT IN ('p', 'c'), true) ORDER BY t.oid`;
    const local = new Set((await fixture.local.query<{ oid: number }>(builtin)).map(({ oid }) => oid));
    const types = (await fixture.remote.query<{ oid: number; type: string }>(builtin)).filter(({ oid }) => local.has(oid));
    expect(types.length).toBeGreaterThan(130);
    await fixture.remote.query(`CREATE TABLE shop.builtin (${types.map(({ oid, type }) => `c${oid} ${type}`).join(', ')})`);
    await fixture.remote.query(`CREATE TABLE shop.modified (
      a numeric(5), b numeric(1000,0)[], c varchar(1), d char, e char(10)[], f bit varying(9), g bit, h time(0), i timetz(6)[], j timestamp(1), k interval(3),
      l interval year, m interval month, n interval hour to minute, o interval minute to second(6)[], p interval second(0)${majors.local >= 15 && majors.remote >= 15 ? ', q numeric(2,-3)' : ''})`);
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  async function imported(limit: string): Promise<readonly string[]> {
    await using at = await open(fixture.local);
    await at.session.query(`SET LOCAL search_path = pg_catalog; CREATE SCHEMA mirror; IMPORT FOREIGN SCHEMA shop ${limit} FROM SERVER ${ident(fixture.server)} INTO mirror`);
    const rows = await at.session.query<{ readonly line: string }>(`
      SELECT concat_ws('|', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, n.nspname || '.' || co.collname, pg_get_expr(d.adbin, d.adrelid)) AS line
        FROM pg_class AS c
        LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
        LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_collation AS co ON co.oid = a.attcollation
        LEFT JOIN pg_namespace AS n ON n.oid = co.collnamespace
       WHERE c.relnamespace = 'mirror'::regnamespace AND c.relkind = 'f' ORDER BY c.relname COLLATE "C", a.attnum`);
    return rows.map(({ line }) => line);
  }

  async function ours(selection: RelationSelection): Promise<readonly string[]> {
    await using at = await open(fixture.local);
    const [server] = await readRemoteSchemas(at.session, [{ server: fixture.server, schemas: [{ name: 'shop', selection, defaults: false }] }]);
    const relations = [...(server?.schemas[0]?.relations ?? [])].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    const columns = relations.flatMap((relation) => relation.columns.map((column, index) => ({ relation, column, position: index + 1 })));
    const types = await localTypeNames(at.session, columns.map(({ column }) => column.type));
    const lines = new Map<string, string[]>(relations.map(({ name }) => [name, []]));
    for (const [index, { relation, column, position }] of columns.entries()) {
      const collation = column.collation === undefined ? [] : [`${column.collation.schema}.${column.collation.name}`];
      const generated = column.generated === undefined ? [] : [column.generated];
      lines.get(relation.name)?.push([relation.name, position, column.name, types[index]?.canonical, column.notNull ? 't' : 'f', ...collation, ...generated].join('|'));
    }
    return [...lines].flatMap(([name, own]) => (own.length === 0 ? [name] : own));
  }

  it.each<{ name: string; limit: string; selection: RelationSelection }>([
    { name: 'all', limit: '', selection: { kind: 'all' } },
    { name: 'listed, a partition and missing names too', limit: 'LIMIT TO (orders, events_1, builtin, nosuch, "Mixed Case")', selection: { kind: 'listed', names: ['orders', 'events_1', 'builtin', 'nosuch', 'Mixed Case'] } },
    { name: 'except', limit: 'EXCEPT (orders, events, nosuch)', selection: { kind: 'except', names: ['orders', 'events', 'nosuch'] } },
  ])('on $name', async ({ limit, selection }) => {
    const theirs = await imported(limit);
    expect(theirs.length).toBeGreaterThan(10);
    expect(await ours(selection)).toEqual(theirs);
  });
});
