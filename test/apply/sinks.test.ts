import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ident, literal } from '../../src/sql/quote.ts';
import { bareEnv, root, temporaryFolder } from '../commands/fdw.ts';
import { workplace } from '../scenarios/flow.ts';
import { cluster as clusterOf, createDatabase, logOf, startCluster, storyMajors, uniqueName } from '../servers/index.ts';

/* Everything that PostgreSQL and its own extensions can keep of a statement, kept. */
const talkative = {
  shared_preload_libraries: 'pg_stat_statements,auto_explain',
  'pg_stat_statements.track': 'all',
  'auto_explain.log_min_duration': 0,
  'auto_explain.log_nested_statements': 'on',
  log_statement: 'all',
  log_min_duration_statement: 0,
  log_error_verbosity: 'verbose',
  log_parameter_max_length_on_error: -1,
  log_min_error_statement: 'debug5',
  debug_print_parse: 'on',
  debug_print_plan: 'on',
  log_lock_waits: 'on',
};
/* What the log shows the context of: the server's own words, and those of an event trigger. */
const debugging = { log_min_messages: 'debug5', client_min_messages: 'debug5' };
const talker = `CREATE FUNCTION talk() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'noted'; RAISE WARNING 'warned'; RAISE LOG 'logged'; END $$;
  CREATE EVENT TRIGGER first ON ddl_command_start EXECUTE FUNCTION talk(); CREATE EVENT TRIGGER last ON ddl_command_end EXECUTE FUNCTION talk()`;

/** Runs the command line with all the debugging that Node's modules know, and looks at its arguments while it runs. */
async function talk(args: readonly string[], folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'bin', 'run.js'), ...args], { cwd: folder, env: bareEnv({ DEBUG: '*', FDW_DEBUG: '1', ...env }), stdio: 'pipe' });
  let all = await readFile(`/proc/${child.pid}/cmdline`, 'utf8').catch(() => '');
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (all += text));
  await new Promise((resolve) => child.on('close', resolve));
  return all;
}

describe.each(storyMajors().map((major) => ({ major })))('a planted secret, major $major', ({ major }) => {
  it('is in no sink: not on success, not on failure, whoever looks', async () => {
    await using cluster = await startCluster({ major, settings: { ...talkative, ...debugging } });
    await using db = await createDatabase(cluster);
    await db.query(`CREATE EXTENSION pg_stat_statements; ${talker}`);
    await using folder = await temporaryFolder();
    const secret = uniqueName('planted');
    const env = { FDW_DATABASE_URL: db.url, PW: `${secret}'1`, PW2: `${secret}"2` };
    const spec = `version: 1
extensions: [postgres_fdw]
servers:
  far:
    options: {host: 127.0.0.1, port: 1}
    user_mappings: {public: {user: x, password: {env: PW}}}
tables:
  s.one: {server: far, columns: {a: int}}
`;
    const write = (text: string): Promise<void> => writeFile(join(folder.path, 'fdw.yaml'), text);
    await write(spec);
    const said = [
      await talk(['plan'], folder.path, env),
      await talk(['plan', '--json'], folder.path, env),
      await talk(['plan', '--format', 'sql'], folder.path, env),
      await talk(['plan', '--out', 'fdw.plan'], folder.path, env),
      await talk(['apply', 'fdw.plan', '--yes'], folder.path, env),
    ];
    said.push(await readFile(join(folder.path, 'fdw.plan'), 'utf8'));
    const [stored] = await db.query<{ umoptions: string[] }>('SELECT umoptions FROM pg_user_mappings');
    expect(stored?.umoptions).toContain(`password=${env.PW}`); // It did get there.
    await write(spec.replace('env: PW', 'env: PW2'));
    said.push(await talk(['apply', '--yes', '--json'], folder.path, env));
    await write(spec.replace('user: x', 'user: x, nosuch: y').replace('env: PW', 'env: PW2'));
    said.push(await talk(['apply', '--yes'], folder.path, env), await talk(['apply', '--yes', '--json'], folder.path, env));
    expect(said.at(-2)).toContain('nosuch');

    const kept = await db.query<{ query: string }>('SELECT query FROM pg_stat_statements');
    expect(kept.some(({ query }) => query.includes('fdw_secrets'))).toBe(true); // It does keep statements, those of fdw too.
    const sinks = { said: said.join('\n'), log: await logOf(cluster), statements: kept.map(({ query }) => query).join('\n'), activity: JSON.stringify(await db.query('SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()')) };
    for (const [sink, text] of Object.entries(sinks)) expect(text.split('\n').filter((line) => line.includes(secret)), sink).toEqual([]);
  });

  it('is not sent where the role may not prevent that it is kept; with the right to, or with consent, it is', async () => {
    await using cluster = await startCluster({ major, settings: talkative });
    await using db = await createDatabase(cluster);
    const role = uniqueName('deploy');
    await db.query(`
      CREATE EXTENSION pg_stat_statements; CREATE EXTENSION postgres_fdw; CREATE ROLE ${ident(role)} LOGIN PASSWORD ${literal('x')};
      GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${ident(role)}`);
    const secret = uniqueName('planted');
    await using place = await workplace(db.urlFor({ user: role, password: 'x' }), { PW: secret });
    await place.write('version: 1\nextensions: [postgres_fdw]\nservers:\n  far: {options: {host: 127.0.0.1}, user_mappings: {public: {user: x, password: {env: PW}}}}\n');
    const kept = async (): Promise<boolean> => (await db.query('SELECT FROM pg_stat_statements WHERE query LIKE $1', [`%${secret}%`])).length > 0;

    const grant = `GRANT SET ON PARAMETER pg_stat_statements.track_utility TO ${role}`;
    await expect(place.plan()).rejects.toMatchObject({
      id: 'secret-would-be-kept',
      why: 'pg_stat_statements would keep the statement with the secret (pg_stat_statements.track = all).',
      todo: `As a superuser:\n${major >= 15 ? `${grant}; or ` : ''}ALTER SYSTEM SET pg_stat_statements.track = 'top';\nOr send it all the same: --expose-secrets.`,
    });
    expect(await kept()).toBe(false);
    if (major >= 15) {
      await db.query(grant);
      await place.apply({ tryMappings: false });
      expect(await kept()).toBe(false);
      return;
    }
    await place.apply({ tryMappings: false }, { exposeSecrets: true });
    expect(await kept()).toBe(true); // What the refusal is about.
  });

  it('is not sent where the log would have it as the context of debugging messages, and the role may not prevent that', async () => {
    await using db = await createDatabase(clusterOf(major));
    const role = uniqueName('deploy');
    await db.query(`CREATE EXTENSION postgres_fdw; CREATE ROLE ${ident(role)} LOGIN PASSWORD 'x'; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${ident(role)};
      ALTER ROLE ${ident(role)} SET log_min_messages = debug1`);
    await using place = await workplace(db.urlFor({ user: role, password: 'x' }), { PW: 'any' });
    await place.write('version: 1\nextensions: [postgres_fdw]\nservers:\n  far: {options: {host: 127.0.0.1}, user_mappings: {public: {user: x, password: {env: PW}}}}\n');
    await expect(place.plan()).rejects.toMatchObject({ id: 'secret-would-be-kept', why: 'the log would have the statement with the secret as the context of debugging messages (log_min_messages).', todo: expect.stringContaining("ALTER ROLE … SET log_min_messages = 'warning';") as string });
    await db.query(`ALTER ROLE ${ident(role)} SET log_min_messages = warning`);
    const of = async (address: string): Promise<readonly string[]> => (await place.plan()).notices.flatMap((notice) => (notice.address === address ? [notice.message] : []));
    expect(await of('its secrets')).toEqual([]);
    await db.query(talker);
    expect(await of('its secrets')).toEqual([expect.stringMatching(/^if an event trigger here writes to the log .* and this role may not prevent that\. A superuser may: .*carry the plan out yourself\.$/)]);
    expect((await place.plan()).changes).toHaveLength(2);
    await db.query(`DROP OWNED BY ${ident(role)}; DROP ROLE ${ident(role)}`);
  });
});
