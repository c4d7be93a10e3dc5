import { describe, expect, it } from 'vitest';
import { isSecretOption, type OptionHolder } from '../../src/model/secret-options.ts';

const cases: readonly (readonly [string, OptionHolder, string, boolean])[] = [
  ['postgres_fdw', 'user-mapping', 'password', true],
  ['postgres_fdw', 'user-mapping', 'sslpassword', true],
  ['postgres_fdw', 'user-mapping', 'pasword', true],
  ['postgres_fdw', 'user-mapping', 'user', false],
  ['postgres_fdw', 'user-mapping', 'password_required', false],
  ['postgres_fdw', 'user-mapping', 'sslcert', false],
  ['postgres_fdw', 'user-mapping', 'use_scram_passthrough', false],
  ['dblink_fdw', 'user-mapping', 'password', true],
  ['dblink_fdw', 'user-mapping', 'user', false],
  ['mysql_fdw', 'user-mapping', 'username', false],
  ['mysql_fdw', 'user-mapping', 'password', true],
  ['some_fdw', 'user-mapping', 'anything', true],
  ['some_fdw', 'user-mapping', 'sslmode', true],
  ['postgres_fdw', 'server', 'host', false],
  ['postgres_fdw', 'server', 'password_required', false],
  ['postgres_fdw', 'server', 'passfile', false],
  ['postgres_fdw', 'server', 'fetch_size', false],
  ['postgres_fdw', 'server', 'password', true],
  ['some_fdw', 'server', 'API_KEY', true],
  ['some_fdw', 'server', 'auth_token', true],
  ['some_fdw', 'server', 'aws_secret_access_key', true],
  ['some_fdw', 'server', 'url', false],
  ['some_fdw', 'foreign-table', 'table_name', false],
  ['some_fdw', 'foreign-table', 'rowid_column', false],
  ['some_fdw', 'column', 'key', false],
];

describe('whether an option is secret', () => {
  it.each(cases)('%s, %s, %s: %s', (wrapper, holder, name, secret) => {
    expect(isSecretOption(wrapper, holder, name)).toBe(secret);
  });
});
