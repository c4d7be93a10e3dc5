import { describe, expect, test } from 'vitest';
import { findService, parseServiceFile } from '../../../src/postgres/connection/service-file.ts';
import { temporaryHome, userErrorOf } from '../fixture.ts';
import { caught } from './caught.ts';

const parsed = (text: string, service = 'shop'): Record<string, string> | undefined => {
  const settings = parseServiceFile(text, service, 'f');
  return settings === undefined ? undefined : Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
};

describe('a service file', () => {
  test.each<readonly [string, Record<string, string> | undefined]>([
    ['[shop]\nhost=h\nport=1', { host: 'h', port: '1' }],
    ['# all\n\n[other]\nhost=no\n\n[shop]\n  host=h  \r\n# mine\ndbname=a b=c', { host: 'h', dbname: 'a b=c' }],
    ['[shop]\nhost=first\nhost=second', { host: 'first' }],
    ['[shop]\nhost=h\n[shop]\nport=1', { host: 'h' }],
    ["[shop]\nuser='quoted'", { user: "'quoted'" }],
    ['[shop]', {}],
    ['[other]\nnonsense\n', undefined],
    ['', undefined],
  ])('%j', (text, settings) => {
    expect(parsed(text)).toEqual(settings);
  });

  test.each([
    ['[shop]\nhunter2', 'There is no "=" in line 2 of service file f.'],
    ['[shop]\nservice=other', 'Services cannot be nested: line 2 of service file f names another one.'],
    ['[shop]\nhsot=h', 'Unknown connection parameter in line 2 of service file f. Did you mean "host"?'],
    ['[shop]\nhost = h', 'Unknown connection parameter in line 2 of service file f. No space may stand before the "=".'],
    ['[shop]\nldap://x/y', 'Service "shop" is looked up by LDAP in line 2 of service file f, which fdw cannot do.'],
  ])('%j is refused', (text, message) => {
    const error = caught(() => parsed(text));
    expect([error.message, error.todo].join(' ')).toContain(message);
    expect([error.message, error.why, error.todo].join(' ')).not.toContain('hunter2');
  });

  test('the user’s file, then the machine’s; PGSERVICEFILE in place of the user’s', async () => {
    await using home = await temporaryHome();
    const host = async (service: string, env: NodeJS.ProcessEnv): Promise<string | undefined> => (await findService(service, env)).get('host')?.value;
    await home.write('.pg_service.conf', '[both]\nhost=user\n[own]\nhost=own');
    await home.write('etc/pg_service.conf', '[both]\nhost=machine\n[machine]\nhost=machine');
    const named = await home.write('named', '[both]\nhost=named');
    expect(await host('both', home.env)).toBe('user');
    expect(await host('machine', home.env)).toBe('machine');
    expect(await host('both', { ...home.env, PGSERVICEFILE: named })).toBe('named');
    expect(await host('machine', { ...home.env, PGSERVICEFILE: named })).toBe('machine');

    const unknown = await userErrorOf(findService('nosuch', home.env));
    expect(unknown.message).toBe('The service "nosuch" is not defined.');
    expect(unknown.why).toBe(`Read: ${home.folder}/.pg_service.conf, ${home.folder}/etc/pg_service.conf.`);
    const missing = await userErrorOf(findService('own', { ...home.env, PGSERVICEFILE: '/nonexistent' }));
    expect(missing.message).toBe('The service file /nonexistent that PGSERVICEFILE names does not exist.');
  });
});
