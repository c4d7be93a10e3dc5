import { describe, expect, it } from 'vitest';
import type { SpecError } from '../../src/base/spec-error.ts';
import { ident } from '../../src/sql/quote.ts';
import { cluster, createDatabase, majors, uniqueName } from '../servers/index.ts';
import { changesOf, sqlOf, workplace } from './flow.ts';

describe.each(majors().map((major) => ({ major })))('types and schemas that the spec names, major $major', ({ major }) => {
  const spec = (owner: string, { status = '[new, paid]', email = 'VALUE ~~ \'%@%\'', usage = owner } = {}): string => `version: 1
extensions: [file_fdw]
servers: {files: {wrapper: file_fdw}}
schemas:
  app: {owner: '${owner}', comment: 'Ours', usage: ['${usage}'], create: []}
types:
  app.order: {composite: {at: timestamptz, who: app.email, tags: "app.status[]", note: {type: text, collation: C}}}
  app.email:
    domain: {type: text, collation: C, not_null: true, default: "'x@y'", checks: {at_sign: "${email}"}}
    owner: '${owner}'
    comment: An address
    usage: ['${usage}']
  app.loud: {domain: {type: app.email, checks: {status: "VALUE::text <> 'new'::app.status::text"}}}
  app.status: {enum: ${status}, usage: [public]}
  app.times: {range: {subtype: text, collation: C, opclass: text_pattern_ops, multirange: many times}}
  app.days: {range: date}
tables:
  app.orders: {server: files, options: {filename: /x}, columns: {o: app.order, s: "app.status default 'new'", e: app.loud, t: app.times, d: app.days}}
`;

  it('are made in the order they need, kept, and altered in place', async () => {
    await using db = await createDatabase(cluster(major));
    const [owner, reader] = [uniqueName('owner "x"'), uniqueName('reader')];
    await db.query(`CREATE ROLE ${ident(owner)}; CREATE ROLE ${ident(reader)}`);
    await using place = await workplace(db.url);
    await place.write(spec(owner));
    await place.apply();
    expect(changesOf(await place.plan())).toEqual([]);
    const [facts] = await db.query(`SELECT (SELECT typowner::regrole::text FROM pg_type WHERE typname = 'email') AS type_owner, obj_description('app.email'::regtype) AS type_comment,
      has_type_privilege('public', 'app.email', 'USAGE') AS public, nspowner::regrole::text AS schema_owner, obj_description(oid) AS schema_comment,
      (SELECT typname FROM pg_type WHERE oid = (SELECT rngmultitypid FROM pg_range WHERE rngtypid = 'app.days'::regtype)) AS multirange FROM pg_namespace WHERE nspname = 'app'`);
    expect(facts).toEqual({ type_owner: ident(owner), type_comment: 'An address', public: false, schema_owner: ident(owner), schema_comment: 'Ours', multirange: 'days_multirange' });

    await place.write(spec(owner, { status: '[new, packed, paid]', email: "VALUE ~~ '%@%.%'", usage: reader }));
    const plan = await place.plan();
    expect(plan.changes.map(({ address, action, details }) => ({ address, action, details }))).toMatchObject([
      { address: 'schema app', action: 'update', details: [`USAGE: granted to ${ident(reader)}`] },
      { address: 'type app.status', action: 'update', details: ["label 'packed': added after 'new'"] },
      { address: 'type app.email', action: 'update', details: ['check at_sign: dropped', "check at_sign: added, (VALUE ~~ '%@%.%'::text)", `USAGE: granted to ${ident(reader)}`] },
    ]);
    await place.apply({ allow: ['access-lost'] });
    expect(changesOf(await place.plan())).toEqual([]);
  });

  it('go when the spec says so, each before those that it is made of', async () => {
    await using db = await createDatabase(cluster(major));
    await db.query('CREATE SCHEMA app; CREATE TYPE app.a AS ENUM (\'x\'); CREATE DOMAIN app.b AS app.a; CREATE TYPE app.c AS (b app.b)');
    await using place = await workplace(db.url);
    await place.write('version: 1\nschemas: {app: {absent: true}}\ntypes: {app.a: {absent: true}, app.c: {absent: true}, app.b: {absent: true}, app.never: {absent: true}}\n');
    expect(sqlOf(await place.plan())).toEqual(['DROP TYPE app.c', 'DROP DOMAIN app.b', 'DROP TYPE app.a', 'DROP SCHEMA app']);
  });

  const wrong = [
    { what: 'a part that is none', types: 'app.a: {composite: {x: app.nothing}}', message: '"app.nothing" is not a type of the local database: no such type' },
    { what: 'a default that is more', types: 'app.a: {domain: {type: int, default: "0 NOT NULL"}}', message: 'a default or a check of type app.a is not one expression' },
    { what: 'two that are made of each other', types: 'app.a: {composite: {x: app.b}}, app.b: {composite: {x: app.a}}', message: 'these types are made of each other: app.a -> app.b -> app.a' },
    { what: 'a circle of three, and what only waits for it', types: 'app.d: {range: app.c}, app.a: {composite: {x: "app.b[]"}}, app.b: {domain: "app.\\"C c\\""}, "app.C c": {composite: {x: int, y: "app.a[]"}}, app.c: {domain: app.a}', message: 'these types are made of each other: app.a -> app.b -> app."C c" -> app.a' },
    { what: 'one made of itself', types: 'app.a: {composite: {x: "app.a[]"}}', message: 'the type app.a is made of itself' },
    { what: 'what waits for a part that is none', types: 'app.b: {domain: app.a}, app.a: {composite: {x: app.nothing}}', message: '"app.nothing" is not a type of the local database: no such type' },
    { what: 'a check that means nothing', types: 'app.a: {domain: {type: int, checks: {c: nonsense > 0}}}', message: 'type app.a cannot be made here: column "nonsense" does not exist (in nonsense > 0)' },
    { what: 'a check that is more than one', types: 'app.a: {domain: {type: int, checks: {c: "true) CHECK (false"}}}', message: 'a default or a check of type app.a is not one expression' },
    { what: 'what no ALTER does', types: 'app.there: {enum: [y]}', message: 'type app.there: its labels are (x, z), and shall be (y)' },
    { what: 'another kind', types: 'app.there: {range: int}', message: 'type app.there: it is an enum, and shall be a range type' },
    { what: 'a table of that name', types: 'app.t: {enum: [y]}', message: 'type app.t: the name is taken by a table of the local database' },
  ];
  it.each(wrong)('are refused at their place: $what', async ({ types, message }) => {
    await using db = await createDatabase(cluster(major));
    await db.query("CREATE SCHEMA app; CREATE TYPE app.there AS ENUM ('x', 'z'); CREATE TABLE app.t (a int)");
    await using place = await workplace(db.url);
    await place.write(`version: 1\ntypes: {${types}}\n`);
    await expect(place.plan()).rejects.toSatisfy(({ problems: [first, ...more] }: SpecError) => more.length === 0 && first?.message.includes(message) === true && first.at?.line === 2);
  });
});
