import { describe, expect, it } from 'vitest';
import { ident } from '../../src/sql/quote.ts';
import { workplace } from '../scenarios/flow.ts';
import { debianDesk, missingOfDebian, startDebianPostgres } from '../servers/debian-postgres.ts';
import { createDatabase, logOf, serverKind, uniqueName } from '../servers/index.ts';

const missing = missingOfDebian('pgaudit');
const why = missing.length > 0 ? `not installed: ${missing.join(', ')}` : serverKind() === 'containers' ? 'the run is on containers' : undefined;

/* Everything that pgaudit can log, to the log and to the client. */
const talkative = { shared_preload_libraries: 'pgaudit', 'pgaudit.log': 'all', 'pgaudit.log_parameter': 'on', 'pgaudit.log_relation': 'on', 'pgaudit.log_catalog': 'on' };

/** A database on a server with pgaudit, and a spec with a secret. */
async function audited() {
  const desk = await debianDesk();
  const cluster = await startDebianPostgres(desk, talkative);
  const db = await createDatabase(cluster);
  await db.query('CREATE EXTENSION pgaudit');
  const secret = uniqueName('planted');
  const spec = (tables: string): string => `version: 1\nextensions: [postgres_fdw]\nservers:\n  far: {options: {host: 127.0.0.1}, user_mappings: {public: {user: x, password: {env: PW}}}}\ntables: {${tables}}\n`;
  return {
    db,
    secret,
    spec,
    linesWith: async (text: string): Promise<readonly string[]> => (await logOf(cluster)).split('\n').filter((line) => line.includes(text)),
    [Symbol.asyncDispose]: async () => {
      await db.drop();
      await desk[Symbol.asyncDispose]();
    },
  };
}

describe(`pgaudit${why === undefined ? '' : `, left out because ${why}`}`, () => {
  it.skipIf(why !== undefined)('logs no secret, and what else is done', async () => {
    await using at = await audited();
    const env = { PW: `${at.secret}'1` };
    await using place = await workplace(at.db.url, env);
    await place.write(at.spec('s.one: {server: far, columns: {a: int}}'));
    await place.apply({ tryMappings: false });
    env.PW = `${at.secret}"2`;
    await place.write(at.spec('s.one: {server: far, columns: {a: int}}, s.two: {server: far, columns: {a: int}}'));
    await place.apply({ tryMappings: false });
    expect((await at.db.query<{ umoptions: string[] }>('SELECT umoptions FROM pg_user_mappings'))[0]?.umoptions).toContain(`password=${env.PW}`);
    const logged = (await at.linesWith('AUDIT: ')).join('\n');
    for (const done of ['CREATE EXTENSION', 'CREATE SERVER', 'COPY pg_temp.fdw_secrets', 'DO,,,', 'CREATE FOREIGN TABLE s.one', 'CREATE FOREIGN TABLE s.two']) expect(logged).toContain(done);
    expect(await at.linesWith(at.secret)).toEqual([]);
  });

  it.skipIf(why !== undefined)('is sent no secret where the role may not silence it; with the right to, or with consent, it is', async () => {
    await using at = await audited();
    const role = uniqueName('deploy');
    await at.db.query(`CREATE EXTENSION postgres_fdw; CREATE ROLE ${ident(role)} LOGIN; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO ${ident(role)}`);
    const env = { PW: at.secret };
    await using place = await workplace(at.db.urlFor({ user: role }), env);
    await place.write(at.spec(''));
    const grant = `GRANT SET ON PARAMETER pgaudit.log TO ${role}`;
    await expect(place.plan()).rejects.toMatchObject({
      id: 'secret-would-be-kept',
      why: 'pgaudit would write the statement with the secret to the log (pgaudit.log).',
      todo: `As a superuser:\n${grant}; or ALTER ROLE … SET pgaudit.log = 'none';\nOr send it all the same: --expose-secrets.`,
    });
    expect(await at.linesWith(at.secret)).toEqual([]);
    await at.db.query(grant);
    await place.apply({ tryMappings: false });
    expect(await at.linesWith(at.secret)).toEqual([]);
    await at.db.query(`REVOKE SET ON PARAMETER pgaudit.log FROM ${ident(role)}`);
    env.PW = `${at.secret}, exposed`;
    await place.apply({ tryMappings: false }, { exposeSecrets: true });
    expect(await at.linesWith(env.PW)).not.toEqual([]); // What the refusal is about.
  });
});
