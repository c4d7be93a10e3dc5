import { describe, expect, it } from 'vitest';
import { cluster, createDatabase, majors, uniqueName } from '../servers/index.ts';
import { sharedRole } from '../servers/shared-role.ts';
import { changesOf, workplace } from './flow.ts';

describe.each(majors().map((major) => ({ major })))('options, major $major', ({ major }) => {
  it('that the server refuses are shown at their line, with its words', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url, { PW: 'x' });
    const problem = async (...lines: readonly string[]): Promise<unknown> => {
      await place.write(`version: 1\nextensions: [postgres_fdw]\nservers:\n  one:\n${lines.map((line) => `    ${line}\n`).join('')}`);
      const error: unknown = await place.plan().catch((caught: unknown) => caught);
      const [first] = (error as { problems?: { message: string; at?: { line: number; column: number }; hint?: string }[] }).problems ?? [];
      return first && `${first.at?.line}:${first.at?.column} ${first.message}${first.hint?.includes('password_required') === true ? ', and a hint' : ''}`;
    };
    expect(await problem('options:', '  host: h', '  fetch_size: many')).toBe('7:7 server one cannot be made: invalid value for integer option "fetch_size": many');
    expect(await problem('user_mappings: {public: {password: {env: PW}, xassword_required: false}}')).toBe('5:51 user mapping for PUBLIC on server one cannot be made: invalid option "xassword_required", and a hint');
    expect(await problem('options: {host: h, zzz: 1}')).toBe('5:24 server one cannot be made: invalid option "zzz"');
    expect(await problem('user_mappings:', '  public: {user: u, zzz: 1, password: {env: PW}}')).toMatch(/^6:25 user mapping for PUBLIC on server one cannot be made: invalid option "zzz"/);
    expect(await problem('user_mappings: {current_user: {user: u}}')).toBe('5:21 user mapping for "current_user" on server one cannot be made: role "current_user" does not exist');
    expect(await problem('options: {extensions: [citext], parallel_commit: true, use_scram_passthrough: true}')).toBe(
      major < 15 ? '5:37 postgres_fdw of PostgreSQL 14 has no option `parallel_commit` here' : major < 18 ? `5:60 postgres_fdw of PostgreSQL ${major} has no option \`use_scram_passthrough\` here` : undefined,
    );
  });

  it('of tables and columns too, though nothing is made for it', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    const problems = async (...tables: readonly string[]): Promise<unknown> => {
      await place.write(`version: 1\nextensions: [postgres_fdw, file_fdw]\nservers: {one: , files: {wrapper: file_fdw}}\ntables:\n${tables.map((table) => `  ${table}\n`).join('')}`);
      const error: unknown = await place.plan().catch((caught: unknown) => caught);
      return (error as { problems?: { message: string; at?: { line: number; column: number } }[] }).problems?.map(({ message, at }) => `${at?.line}:${at?.column} ${message}`);
    };
    expect(await problems('s.a: {server: one, options: {fetch_size: 10, table_name: any}, columns: {id: {type: int, column_name: ID}}}')).toBeUndefined();
    expect(await problems('s.a: {server: one, options: {fetch_size: none}, columns: {id: int}}', 's.b: {server: one, columns: {id: {type: int, options: {zzz: 1}}}}', 's.c: {server: files, columns: {id: int}}')).toEqual([
      '5:32 foreign table s.a: invalid value for integer option "fetch_size": none',
      '6:58 foreign table s.b, column id: invalid option "zzz"',
      '7:3 foreign table s.c: either filename or program is required for file_fdw foreign tables',
    ]);
  });

  it('are compared by what they mean', async () => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url);
    await db.query(`CREATE EXTENSION postgres_fdw; CREATE EXTENSION hstore; CREATE EXTENSION citext;
      CREATE SERVER one FOREIGN DATA WRAPPER postgres_fdw OPTIONS (extensions 'Hstore , citext', updatable 'OFF', fdw_tuple_cost '1e-2', fetch_size '0100')`);
    await place.write('version: 1\nservers: {one: {options: {extensions: [citext, hstore], updatable: false, fdw_tuple_cost: 0.01, fetch_size: 100}}}\n');
    expect(changesOf(await place.plan())).toEqual([]);
    await place.write('version: 1\nservers: {one: {options: {extensions: [citext], updatable: false, fdw_tuple_cost: 0.01, fetch_size: 100}}}\n');
    expect((await place.plan()).changes.map(({ details }) => details)).toEqual([["option extensions: 'Hstore , citext' -> 'citext'"]]);
  });
});

describe('user mappings', () => {
  it.each(majors())('tell PUBLIC from a role of that name, and words of SQL from roles, major %i', async (major) => {
    await using db = await createDatabase(cluster(major));
    await using place = await workplace(db.url, { PW: 'x' });
    const odd = uniqueName('PUBLIC');
    // Roles belong to the cluster, and other tests need these names too: they stay.
    const roles = ['PUBLIC', 'user', 'current_user', odd];
    await db.query(roles.map(sharedRole).join('; '));
    try {
      await db.query('CREATE EXTENSION postgres_fdw');
      const spec = (user: string): string => `version: 1\nservers:\n  one:\n    user_mappings:\n${['public', ...roles].map((role) => `      ${role}: {user: "${user} ${role}", password: {env: PW}}\n`).join('')}`;
      await place.write(spec('first'));
      await place.apply({ tryMappings: false });
      expect(changesOf(await place.plan())).toEqual([]);
      await place.write(spec('second'));
      expect(changesOf(await place.plan())).toEqual([
        'update user mapping for PUBLIC on server one',
        'update user mapping for "PUBLIC" on server one',
        'update user mapping for "user" on server one',
        'update user mapping for "current_user" on server one',
        `update user mapping for "${odd}" on server one`,
      ]);
      await place.apply({ tryMappings: false });
      const stored = await db.query<{ role: string | null; options: string[] }>('SELECT r.rolname AS role, u.umoptions AS options FROM pg_user_mapping u LEFT JOIN pg_roles r ON r.oid = u.umuser ORDER BY u.oid');
      expect(stored.map(({ role, options }) => [role, options.find((option) => option.startsWith('user='))])).toEqual(['public', ...roles].map((role) => [role === 'public' ? null : role, `user=second ${role}`]));
    } finally {
      await db.query(`DROP SERVER IF EXISTS one CASCADE; DROP ROLE "${odd}"`);
    }
  });
});
