import { expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { DatabaseError } from '../../src/postgres/errors.ts';
import { asUserError, complaintAbout } from '../../src/remote/errors.ts';

/** Errors as servers 14 to 18 gave them, but for names and the language of the words around a remote command. */
const said = [
  { code: '08001', message: 'could not connect to server "shop"', detail: 'connection to server at "10.0.0.1", port 5432 failed: Connection refused' },
  { code: '08001', message: 'could not connect to server "shop"', detail: 'connection to server at "10.0.0.1", port 5432 failed: FATAL:  password authentication failed for user "shop_ro"' },
  { code: '2F003', message: 'password or GSSAPI delegated credentials required', detail: 'Non-superusers must delegate GSSAPI credentials or provide a password in the user mapping.' },
  { code: '42704', message: 'user mapping not found for user "app", server "shop"' },
  { code: '42501', message: 'permission denied for foreign server shop' },
  { code: '42501', message: 'permission denied for table pg_class', where: 'Fern-SQL-Befehl: SELECT oid FROM pg_catalog.pg_class WHERE ((oid = 1::oid))' },
  { code: '42703', message: 'column "attgenerated" does not exist', where: 'remote SQL command: DECLARE c1 CURSOR FOR\nSELECT attgenerated FROM pg_catalog.pg_attribute' },
  { code: '25006', message: 'cannot execute CREATE FOREIGN TABLE in a read-only transaction' },
  { code: '22P05', message: 'character with byte sequence 0xe5 0x90 0x8d in encoding "UTF8" has no equivalent in encoding "LATIN1"', where: 'remote SQL command: FETCH 50000 FROM c1' },
  { code: '57014', message: 'canceling statement due to statement timeout', where: 'remote SQL command: FETCH 50000 FROM c1' },
  { code: '57P01', message: 'terminating connection due to administrator command', where: 'remote SQL command: FETCH 50000 FROM c1' },
];

it('says what went wrong, why and what to do, with the name of the server', () => {
  const texts = said.map((one) => {
    const error = asUserError('shop', 'app', new DatabaseError(one));
    return error instanceof UserError ? [error.id, error.message, error.why, error.todo].join('\n  ') : String(error);
  });
  expect(texts.join('\n')).toMatchInlineSnapshot(`
    "remote-unreachable
      The remote of server "shop" cannot be reached from the database.
      could not connect to server "shop": connection to server at "10.0.0.1", port 5432 failed: Connection refused
      Check host, port and sslmode of server "shop": it is the database's machine, not this one, that connects.
    remote-login-failed
      The remote of server "shop" refused the login.
      could not connect to server "shop": connection to server at "10.0.0.1", port 5432 failed: FATAL: password authentication failed for user "shop_ro"
      Check dbname of server "shop", user and password of its user mapping for "app" (or public), and the remote's pg_hba.conf.
    remote-password-required
      Role "app" may not connect to the remote of server "shop" without a password.
      password or GSSAPI delegated credentials required: Non-superusers must delegate GSSAPI credentials or provide a password in the user mapping.
      Put a password into the user mapping for "app" (or public) on server "shop", and let the remote ask for it.
    no-user-mapping
      What stands behind server "shop" cannot be read.
      user mapping not found for user "app", server "shop"
      Add a user mapping for "app" or for public.
    permission-denied
      Role "app" may not read through server "shop".
      permission denied for foreign server shop
      GRANT USAGE ON FOREIGN SERVER shop and TEMPORARY on the database, or connect as a role that has both.
    remote-catalog-unreadable
      The remote of server "shop" does not let its catalogs be read.
      permission denied for table pg_class
      Give the remote user SELECT on pg_catalog, as PostgreSQL does by default.
    remote-catalog-unreadable
      The catalogs of the remote of server "shop" cannot be read as those of PostgreSQL 14 to 18.
      column "attgenerated" does not exist
      Spell its foreign tables out under "tables" instead of importing a schema.
    database-read-only
      What stands behind server "shop" cannot be read from this database.
      cannot execute CREATE FOREIGN TABLE in a read-only transaction
      Connect to a primary, in a read-write transaction: temporary tables are needed, nothing is kept of them.
    remote-encoding
      What stands behind server "shop" has names that this database's encoding cannot write.
      character with byte sequence 0xe5 0x90 0x8d in encoding "UTF8" has no equivalent in encoding "LATIN1"
      Import from a schema without such names, or into a database with encoding UTF8.
    remote-timeout
      Reading the remote of server "shop" took too long or was cancelled.
      canceling statement due to statement timeout
      Raise the statement timeout, or see on the remote what it waits for.
    remote-connection-lost
      The connection to the remote of server "shop" was lost.
      terminating connection due to administrator command
      Try again."
  `);
});

it('leaves other errors as they are', () => {
  for (const error of [new Error('a bug'), new UserError('interrupted', 'Interrupted.'), new DatabaseError({ code: '42P01', message: 'relation "x" does not exist' })]) {
    expect(asUserError('shop', 'app', error)).toBe(error);
  }
});

it('takes only complaints about a statement for complaints about it', () => {
  expect(complaintAbout(new DatabaseError({ code: '42601', message: 'syntax error' }))).toBe('syntax error');
  for (const code of ['08006', '53200', '57014', '58030', 'XX000']) expect(complaintAbout(new DatabaseError({ code, message: 'no' }))).toBeUndefined();
  expect(complaintAbout(new Error('a bug'))).toBeUndefined();
});
