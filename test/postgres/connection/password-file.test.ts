import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findPassword, readPasswordFile } from '../../../src/postgres/connection/password-file.ts';
import { temporaryHome } from '../fixture.ts';

const query = { host: 'db.example.com', port: 5432, database: 'shop', user: 'ann' };

describe('a password file', () => {
  test.each<readonly [string, string | undefined]>([
    ['db.example.com:5432:shop:ann:pw', 'pw'],
    ['db.example.com:5432:shop:ann:pw\r', 'pw'],
    ['*:*:*:*:pw', 'pw'],
    ['# a comment\n\nother:5432:shop:ann:no\n*:5432:*:ann:yes\n*:*:*:*:late', 'yes'],
    ['db.example.com:5433:shop:ann:pw', undefined],
    ['DB.example.com:5432:shop:ann:pw', undefined],
    ['db.example.com:5432:shop:ann', undefined],
    ['db.example.com:5432:sh*p:ann:pw', undefined],
    [String.raw`*:*:*:*:a\:b\\c\d`, String.raw`a:b\cd`],
    ['*:*:*:*:pw:ignored', 'pw'],
    [' *:*:*:*:pw', undefined],
    ['*:*:*:*:', ''],
    ['', undefined],
  ])('%j', (text, password) => {
    expect(findPassword(text, query)?.reveal()).toBe(password);
  });

  test('a folder of sockets is matched as it is, the default ones as localhost', () => {
    const text = '/srv/sockets:*:*:*:own\nlocalhost:*:*:*:default';
    expect(findPassword(text, { ...query, host: '/srv/sockets' })?.reveal()).toBe('own');
    expect(findPassword(text, { ...query, host: '/var/run/postgresql' })?.reveal()).toBe('default');
    expect(findPassword(text, { ...query, host: '/tmp' })?.reveal()).toBe('default');
    expect(findPassword(text, { ...query, host: 'localhost' })?.reveal()).toBe('default');
  });

  test('a star of its own is no wildcard once it is escaped', () => {
    expect(findPassword(String.raw`\*:*:*:*:pw`, query)).toBeUndefined();
    expect(findPassword(String.raw`\*:*:*:*:pw`, { ...query, host: '*' })?.reveal()).toBe('pw');
  });

  test('any escaped fields are found again', () => {
    const escape = (text: string): string => text.replace(/[:\\]/g, '\\$&');
    const field = fc.string({ minLength: 1 }).filter((text) => text !== '*');
    fc.assert(
      fc.property(field, field, field, fc.string(), (host, database, user, password) => {
        fc.pre(!host.startsWith('#') && !['/tmp', '/run/postgresql', '/var/run/postgresql'].includes(host));
        const line = [escape(host), '5432', escape(database), escape(user), escape(password)].join(':');
        expect(findPassword(line, { host, port: 5432, database, user })?.reveal()).toBe(password);
      }),
    );
  });

  test.skipIf(process.platform === 'win32')('others must not be able to read it', async () => {
    await using home = await temporaryHome();
    const open = await home.write('open', '*:*:*:*:pw', 0o640);
    expect(await readPasswordFile(open)).toEqual({
      text: '',
      warning: `The password file ${open} was not read: others may read it (mode 0640). Run: chmod 600 ${open}`,
    });
    expect(await readPasswordFile(home.folder)).toEqual({ text: '', warning: `The password file ${home.folder} was not read: it is not a plain file.` });
    expect(await readPasswordFile(`${home.folder}/missing`)).toEqual({ text: '', warning: undefined });
    expect((await readPasswordFile(await home.write('closed', '*:*:*:*:pw'))).text).toBe('*:*:*:*:pw');
  });
});
