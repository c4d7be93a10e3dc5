import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { ident } from '../../src/sql/quote.ts';
import { cluster, createDatabase, majors, uniqueName } from '../servers/index.ts';
import { workplace } from '../scenarios/flow.ts';

const spec = `version: 1
extensions: [postgres_fdw]
servers:
  far:
    options: {host: nowhere.invalid}
    user_mappings: {public: {user: x, password: {env: PW}}}
tables:
  s.one: {server: far, columns: {a: int}}
`;

/** A database, a role that may connect and nothing else, and its place of work. */
async function deployment(major: number) {
  const db = await createDatabase(cluster(major));
  const role = uniqueName('Deploy');
  await db.query(`CREATE ROLE ${ident(role)} LOGIN PASSWORD 'x'; REVOKE TEMPORARY ON DATABASE ${ident(db.name)} FROM PUBLIC`);
  const place = await workplace(db.urlFor({ user: role, password: 'x' }), { PW: 'y' });
  await place.write(spec);
  /** What fdw says is missing, as SQL. */
  const missing = async (): Promise<readonly string[]> => {
    const outcome: unknown = await place.apply({ tryMappings: false }).catch((error: unknown) => error);
    if (!(outcome instanceof UserError)) return [];
    expect(outcome).toMatchObject({ id: 'privileges-missing' });
    return (outcome.todo ?? '').split('\n').slice(1).map((line) => line.replaceAll(ident(role), ':me').replaceAll(ident(db.name), ':db'));
  };
  const run = async (statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await db.query(statement.replaceAll(':me', ident(role)).replaceAll(':db', ident(db.name)));
  };
  return {
    db, role, place, missing, run,
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]();
      await db.query(`REASSIGN OWNED BY ${ident(role)} TO CURRENT_USER; DROP OWNED BY ${ident(role)}`);
      await db.drop();
    },
  };
}

describe.each(majors().map((major) => ({ major })))('what a role lacks, major $major', ({ major }) => {
  it('is named all at once, before anything runs; and what is printed is enough', async () => {
    await using at = await deployment(major);
    const statements = await at.missing();
    expect([...statements].sort()).toEqual([
      'CREATE EXTENSION postgres_fdw;',
      'GRANT CREATE ON DATABASE :db TO :me;',
      'GRANT TEMPORARY ON DATABASE :db TO :me;',
      'GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO :me;',
    ]);
    await at.run([...statements].sort());
    expect(await at.missing()).toEqual([]);
    expect((await at.place.plan()).changes).toEqual([]);
  });

  it('is ownership of what another has made', async () => {
    await using at = await deployment(major);
    const boss = ident(uniqueName('boss'));
    await at.run([
      'GRANT CREATE, TEMPORARY ON DATABASE :db TO :me',
      `CREATE ROLE ${boss}`,
      'CREATE EXTENSION postgres_fdw; CREATE SCHEMA s',
      `GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO :me, ${boss}; GRANT CREATE, USAGE ON SCHEMA s TO ${boss}`,
      `SET ROLE ${boss}; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid'); CREATE FOREIGN TABLE s.one (a bigint) SERVER far; RESET ROLE`,
    ]);
    const [forServer, ...none] = await at.missing();
    expect([forServer, none]).toEqual([`GRANT ${boss} TO :me;`, []]);
    await at.place.write(spec.replace(/ {4}user_mappings.*\n/, ''));
    expect((await at.place.plan()).notices).toContainEqual({
      address: 'foreign table s.one',
      message: `the connected role lacks ownership of foreign table s.one; its owner is ${boss}: GRANT ${boss} TO ${ident(at.role)};`,
    });
    expect(await at.missing()).toEqual(['GRANT USAGE ON SCHEMA s TO :me;', `GRANT ${boss} TO :me;`]);
    await at.run([`GRANT ${boss} TO :me`]);
    expect(await at.missing()).toEqual([]);
    await at.run([`REVOKE ${boss} FROM :me; DROP OWNED BY ${boss} CASCADE; DROP ROLE ${boss}`]);
  });

  it('is no more than its statements ask for: a grant on columns the grant option on them, a new name CREATE, a revoke ownership', async () => {
    await using at = await deployment(major);
    const boss = ident(uniqueName('boss'));
    await at.run([
      'GRANT CREATE, TEMPORARY ON DATABASE :db TO :me',
      `CREATE ROLE ${boss}; CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; GRANT USAGE ON FOREIGN SERVER far TO :me`,
      'CREATE SCHEMA s; CREATE SCHEMA t; CREATE FOREIGN TABLE s.one (a int, b int) SERVER far; CREATE FOREIGN TABLE s.two (a int, b int) SERVER far',
      `GRANT CREATE ON SCHEMA s TO ${boss}; ALTER FOREIGN TABLE s.two OWNER TO ${boss}`,
    ]);
    const tables = (one: string, two: string): string => `version: 1\nservers: {far: }\ntables:\n  s.one: {server: far, columns: {a: int, b: int}, ${one}}\n  ${two}, server: far, columns: {a: int, b: int}}\n`;
    await at.place.write(tables(`column_grants: {select: {pg_monitor: [a], ${at.role}: [a]}}`, `s.two: {grants: {update: [pg_monitor, ${at.role}]}`));
    expect(await at.missing()).toEqual(['GRANT USAGE ON SCHEMA s TO :me;', 'ALTER FOREIGN TABLE s.one OWNER TO :me;', `GRANT ${boss} TO :me;`]);
    await at.run(['GRANT USAGE ON SCHEMA s TO :me', 'GRANT SELECT (a) ON TABLE s.one TO :me WITH GRANT OPTION', 'GRANT UPDATE ON TABLE s.two TO :me WITH GRANT OPTION']);
    expect(await at.missing()).toEqual([]);
    expect((await at.place.plan()).changes).toEqual([]);

    // Who may grant may not take away what the owner has granted.
    await at.run(['GRANT SELECT ON s.two TO pg_monitor; GRANT SELECT ON s.two TO :me WITH GRANT OPTION']);
    await at.place.write(tables('comment: x', 's.two: {grants: {select: []}'));
    expect(await at.missing()).toEqual(['ALTER FOREIGN TABLE s.one OWNER TO :me;', `GRANT ${boss} TO :me;`]);

    await at.run([`GRANT ${boss} TO :me; REVOKE CREATE ON SCHEMA s FROM ${boss}`]);
    await at.place.write(tables('options: {}', 't.two: {renamed_from: s.two'));
    expect(await at.missing()).toEqual(['GRANT CREATE ON SCHEMA t TO :me;']);
    await at.place.write(tables('options: {}', 's.three: {renamed_from: s.two'));
    expect(await at.missing()).toEqual(['GRANT CREATE ON SCHEMA s TO :me;']);
    await at.run(['GRANT CREATE ON SCHEMA s TO :me']);
    expect(await at.missing()).toEqual([]);
    expect((await at.place.plan()).changes).toEqual([]);
    await at.run([`DROP OWNED BY ${boss} CASCADE; DROP ROLE ${boss}`]);
  });

  it('is INHERIT or SET where there is a membership without, or the role inherits nothing; and what is printed is enough', async () => {
    await using at = await deployment(major);
    const [boss, next] = [ident(uniqueName('boss')), ident(uniqueName('next'))];
    await at.run([
      `GRANT CREATE, TEMPORARY ON DATABASE :db TO :me; CREATE ROLE ${boss}; CREATE ROLE ${next}; ALTER ROLE :me NOINHERIT`,
      `CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${next}; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; ALTER SERVER far OWNER TO ${boss}`,
      ...(major >= 16 ? [`GRANT ${boss} TO :me WITH INHERIT FALSE, SET FALSE; GRANT ${next} TO :me WITH SET FALSE`] : [`GRANT ${boss} TO :me`]),
    ]);
    await at.place.write(`version: 1\nservers: {far: {owner: ${JSON.stringify(next.replaceAll('"', ''))}}}\n`);
    const statements = await at.missing();
    expect(statements).toEqual(major >= 16 ? [`GRANT ${boss} TO :me WITH INHERIT TRUE;`, `GRANT ${next} TO :me WITH SET TRUE;`] : [`GRANT ${boss} TO :me;`, 'ALTER ROLE :me INHERIT;', `GRANT ${next} TO :me;`]);
    await at.run(statements);
    expect(await at.missing()).toEqual([]);
    expect((await at.place.plan()).changes).toEqual([]);
    await at.run([`DROP SERVER far; DROP OWNED BY ${boss}, ${next}; DROP ROLE ${boss}; DROP ROLE ${next}`]);
  });

  it('of a superuser is never given away; what only superusers may is said', async () => {
    await using at = await deployment(major);
    await at.run(['GRANT CREATE, TEMPORARY ON DATABASE :db TO :me', "CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid')"]);
    await at.place.write(spec.replace('password: {env: PW}', 'password_required: false'));
    expect(await at.missing()).toEqual([
      'ALTER SERVER far OWNER TO :me;',
      '-- to set password_required to false, connect as a superuser',
      'GRANT USAGE ON FOREIGN SERVER far TO :me;',
    ]);
  });
});
