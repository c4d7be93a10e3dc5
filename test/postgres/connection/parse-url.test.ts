import { describe, expect, test } from 'vitest';
import { parseConnection } from '../../../src/postgres/connection/parse.ts';
import { caught } from './caught.ts';

const parsed = (text: string): Record<string, string> =>
  Object.fromEntries([...parseConnection(text, '--database')].map(([name, { value }]) => [name, value]));

// Many of these stand in PostgreSQL's own test of URLs (src/interfaces/libpq/t/001_uri.pl).
const accepted: readonly (readonly [string, Record<string, string>])[] = [
  ['postgresql://uri-user:secret@host:12345/db', { user: 'uri-user', password: 'secret', host: 'host', port: '12345', dbname: 'db' }],
  ['postgresql://uri-user@host:12345/db', { user: 'uri-user', host: 'host', port: '12345', dbname: 'db' }],
  ['postgresql://uri-user@host/db', { user: 'uri-user', host: 'host', dbname: 'db' }],
  ['postgresql://host:12345/db', { host: 'host', port: '12345', dbname: 'db' }],
  ['postgresql://host/db', { host: 'host', dbname: 'db' }],
  ['postgresql://uri-user@host:12345/', { user: 'uri-user', host: 'host', port: '12345' }],
  ['postgresql://host:12345', { host: 'host', port: '12345' }],
  ['postgresql://', {}],
  ['postgres://', {}],
  ['postgres:///', {}],
  ['postgres:///db', { dbname: 'db' }],
  ['postgres://?host=/path/to/socket/dir', { host: '/path/to/socket/dir' }],
  ['postgresql://?host=/run&user=u&port=1', { host: '/run', user: 'u', port: '1' }],
  ['postgresql://%2Fvar%2Flib%2Fpostgresql/dbname', { host: '/var/lib/postgresql', dbname: 'dbname' }],
  ['postgres://u@/db', { user: 'u', dbname: 'db' }],
  ['postgres://u:p@/db?host=%2Ftmp', { user: 'u', password: 'p', dbname: 'db', host: '/tmp' }],
  ['postgres://:p@h', { password: 'p', host: 'h' }],
  ['postgres://u:@h', { user: 'u', host: 'h' }],
  ['postgresql://[::1]:54/db', { host: '::1', port: '54', dbname: 'db' }],
  ['postgresql://[2001:db8::1234]/', { host: '2001:db8::1234' }],
  ['postgresql://h1,h2:2,[::1]:3/db', { host: 'h1,h2,::1', port: ',2,3', dbname: 'db' }],
  ['postgresql://h1:1,:2/db?target_session_attrs=any', { host: 'h1,', port: '1,2', dbname: 'db', target_session_attrs: 'any' }],
  ['postgresql://host/db?sslmode=require&application_name=my%20app', { host: 'host', dbname: 'db', sslmode: 'require', application_name: 'my app' }],
  ['postgresql://host/db?ssl=true', { host: 'host', dbname: 'db', sslmode: 'require' }],
  ['postgresql://host?user=%75ri-user', { host: 'host', user: 'uri-user' }],
  ['postgresql://host/db?', { host: 'host', dbname: 'db' }],
  ['postgresql://u:p%40ss%2Fw%3Ard@h/d%20b', { user: 'u', password: 'p@ss/w:rd', host: 'h', dbname: 'd b' }],
  ['postgresql://u:p?#ss@h/db', { user: 'u', password: 'p?#ss', host: 'h', dbname: 'db' }],
  ['postgresql://j%C3%B6rg:%C3%A4@h', { user: 'jörg', password: 'ä', host: 'h' }],
  ['postgresql://h/db?options=-c%20a%3Db', { host: 'h', dbname: 'db', options: '-c a=b' }],
  ['mydb', { dbname: 'mydb' }],
  ['', {}],
];

describe('a URL', () => {
  test.each(accepted)('%s', (text, settings) => {
    expect(parsed(text)).toEqual(settings);
  });

  test.each([
    ['postgresql://host/db?sslmde=require', 'Unknown connection parameter "sslmde" in --database. Did you mean "sslmode"?'],
    ['postgresql://host/db?zzzzzz=1', 'Unknown connection parameter "zzzzzz" in --database.'],
    ['postgresql://host?sslmode', 'A parameter after the "?" of --database has no "=".'],
    ['postgresql://host?user=a=b', 'A parameter after the "?" of --database has more than one "=".'],
    ['postgresql://h?sslmode=a&', 'A parameter after the "?" of --database has no "=".'],
    ['postgresql://u:hunter2%@h', '--database has a "%" that is not followed by two hexadecimal digits.'],
    ['postgresql://u:hunter2%zz@h', '--database has a "%" that is not followed by two hexadecimal digits.'],
    ['postgresql://u:hunter2%00@h', '--database holds %00, which no value may.'],
    ['postgresql://[::1', 'An IPv6 address in --database has no closing "]".'],
    ['postgresql://me:p@hunter2@host/db', '--database has an "@" in a host or a database\'s name.'],
    ['postgresql://me:12/hunter2@host/db', '--database has an "@" in a host or a database\'s name.'],
    ['postgresql://me:a/b?hunter2=1@host/db', 'Unknown connection parameter in --database.'],
    ['postgresql://[]', 'An IPv6 address in --database is empty.'],
    ['postgresql://[::1]hunter2', 'After the "]" of an IPv6 address'],
  ])('%s is refused', (text, message) => {
    const error = caught(() => parsed(text));
    expect([error.message, error.todo].filter(Boolean).join(' ')).toContain(message);
    expect(JSON.stringify([error.message, error.why, error.todo])).not.toContain('hunter2');
  });
});
