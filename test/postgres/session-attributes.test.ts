import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administer, majors, serverKind, startCluster, type PrivateCluster } from '../servers/index.ts';
import { open, temporaryHome, userErrorOf, type Home } from './fixture.ts';

// A standby can only be made of an embedded cluster.
describe.runIf(serverKind() === 'embedded').each(majors().map((major) => [major]))('target_session_attrs on %i', (major) => {
  let primary: PrivateCluster;
  let standby: PrivateCluster;
  let home: Home;
  beforeAll(async () => {
    home = await temporaryHome();
    primary = await startCluster({ major });
    await administer(primary, 'CREATE DATABASE reader');
    await administer(primary, 'ALTER DATABASE reader SET default_transaction_read_only = on');
    standby = await startCluster({ standbyOf: primary });
  });
  afterAll(async () => {
    await standby.stop();
    await primary.stop();
    await home[Symbol.asyncDispose]();
  });

  /** Which of the two answered, or the error's id. */
  async function reached(order: readonly PrivateCluster[], attributes: string, dbname = 'postgres'): Promise<string> {
    const { user, password } = primary;
    const host = order.map((server) => server.host).join(',');
    const port = order.map((server) => server.port).join(',');
    const text = `host=${host} port=${port} user=${user} password=${password} dbname=${dbname} target_session_attrs=${attributes}`;
    const session = await open(text, home.env).catch(async (error: unknown) => (await userErrorOf(Promise.reject(error as Error))).id);
    if (typeof session === 'string') return session;
    await session.close();
    return session.facts.port === primary.port ? 'primary' : 'standby';
  }

  test.each([
    ['any', 'standby'],
    ['read-write', 'primary'],
    ['read-only', 'standby'],
    ['primary', 'primary'],
    ['standby', 'standby'],
    ['prefer-standby', 'standby'],
  ])('%s, the standby first', async (attributes, expected) => {
    expect(await reached([standby, primary], attributes)).toBe(expected);
  });

  test.each([
    ['any', 'primary'],
    ['read-write', 'primary'],
    ['read-only', 'standby'],
    ['primary', 'primary'],
    ['standby', 'standby'],
    ['prefer-standby', 'standby'],
  ])('%s, the primary first', async (attributes, expected) => {
    expect(await reached([primary, standby], attributes)).toBe(expected);
  });

  test('only one of the two is there', async () => {
    expect(await reached([primary], 'prefer-standby')).toBe('primary');
    expect(await reached([primary], 'standby')).toBe('wrong-session-attributes');
    expect(await reached([standby], 'read-write')).toBe('wrong-session-attributes');
    const { host, port, user, password } = standby;
    const error = await userErrorOf(open(`host=${host} port=${port} user=${user} password=${password} dbname=postgres target_session_attrs=primary`, home.env));
    expect(error.why).toBe('It answers, but it is a standby (target_session_attrs=primary).');
  });

  test('a primary whose sessions are read-only by default', async () => {
    expect(await reached([primary, standby], 'read-only', 'reader')).toBe('primary');
    expect(await reached([primary], 'read-write', 'reader')).toBe('wrong-session-attributes');
    expect(await reached([primary], 'primary', 'reader')).toBe('primary');
  });
});
