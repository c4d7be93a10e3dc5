import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administer, cluster, createDatabase, majors, serverKind, startCluster, type Cluster, type PrivateCluster, type TestDatabase } from '../servers/index.ts';
import { examined, said } from './examine.ts';

const oldest = majors().at(0) ?? 14;

/** A database of a primary with a streaming standby; and a local one that has servers to both. */
describe.runIf(serverKind() === 'embedded')('a primary and its standby', () => {
  let primary: PrivateCluster;
  let standby: PrivateCluster;
  let local: TestDatabase;

  const addServer = async (name: string, options: Readonly<Record<string, string>>, as = { user: primary.user, password: primary.password }): Promise<void> => {
    const list = Object.entries({ dbname: 'postgres', connect_timeout: '5', ...options }).map(([key, value]) => `${key} '${value}'`);
    await local.query(`CREATE SERVER ${name} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (${list.join(', ')});
      CREATE USER MAPPING FOR PUBLIC SERVER ${name} OPTIONS (user '${as.user}', password '${as.password}')`);
  };
  const at = ({ internalHost, internalPort }: Cluster) => ({ host: internalHost, port: String(internalPort) });

  beforeAll(async () => {
    primary = await startCluster({ major: oldest });
    standby = await startCluster({ standbyOf: primary, settings: { hot_standby_feedback: false } });
    await administer(primary, "CREATE ROLE plain LOGIN PASSWORD 'plain'");
    await administer(primary, 'CREATE TABLE t (x int)');
    local = await createDatabase(cluster());
    await local.query('CREATE EXTENSION postgres_fdw');
    await addServer('a', at(primary));
    await addServer('b', at(standby));
    await addServer('poor', at(primary), { user: 'plain', password: 'plain' });
  }, 120_000);

  afterAll(async () => {
    await local.drop();
    await standby.stop();
    await primary.stop();
  });

  test('which is which, and that commits wait for no standby', async () => {
    const servers = await examined(local);
    expect(said(servers, 'a', 'role')).toEqual(['ok a primary']);
    expect(said(servers, 'a', 'synchronous')).toEqual([expect.stringMatching(/^note commits wait for no standby, so a failover may lose the last ones: standby async, streaming/)]);
    expect(said(servers, 'poor', 'synchronous')).toEqual(['unknown the remote role may not see its standbys']);
    expect(said(servers, 'b', 'role')).toEqual(['ok a standby: it takes no writes']);
    expect(said(servers, 'b', 'standby-conflicts')).toEqual(['note hot_standby_feedback is off: a query that takes longer than … may be cancelled']);
  });

  test('how far it is behind takes a function call, and without dblink that is said', async () => {
    expect(said(await examined(local), 'b', 'lag')).toEqual([
      'unknown how far it is behind is not known: that takes a function call there, and the extension dblink is not installed here',
    ]);
  });

  test('a synchronous standby is waited for', async () => {
    await administer(primary, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    await administer(primary, 'SELECT pg_reload_conf()');
    await expect.poll(async () => said(await examined(local, { servers: ['a'] }), 'a', 'synchronous'), { timeout: 15_000 }).toEqual([expect.stringMatching(/^ok commits wait for a standby: standby sync, streaming/)]);
    await administer(primary, 'ALTER SYSTEM RESET synchronous_standby_names');
    await administer(primary, 'SELECT pg_reload_conf()');
  });

  describe('with dblink', () => {
    beforeAll(async () => {
      await local.query('CREATE EXTENSION dblink');
    });

    test('replayed, then paused', async () => {
      await expect.poll(async () => said(await examined(local), 'b', 'lag'), { timeout: 15_000 }).toEqual(['ok it has replayed everything that it has received']);
      await administer(standby, 'SELECT pg_wal_replay_pause()');
      await administer(primary, 'INSERT INTO t SELECT generate_series(1, 10000)');
      await expect.poll(async () => said(await examined(local), 'b', 'lag'), { timeout: 15_000 }).toEqual([expect.stringMatching(/^warning replay is paused, … and [\d.]+ (?:kB|MB) behind what it has received$/)]);
    });

    test('the spec holds it to a lag', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'fdw-doctor-'));
      const specPath = join(folder, 'fdw.yaml');
      await writeFile(specPath, `version: 1\nservers:\n  b:\n    options: {host: x}\n    expect: {role: standby, max_lag_bytes: 1kB, read_only: true}\n`);
      const servers = await examined(local, { specPath, servers: ['b'] });
      expect(said(servers, 'b', 'expectation')).toEqual(['ok role standby: a standby', expect.stringMatching(/^fail expected max_lag_bytes 1 kB, but it is [\d.]+ (?:kB|MB)$/), 'ok read_only true: read-only']);
      await rm(folder, { recursive: true });
    });

    test('of several hosts, which one answered, before and after a failover', async () => {
      const [a, b] = [at(primary), at(standby)];
      await addServer('either', { host: `${a.host},${b.host}`, port: `${a.port},${b.port}`, target_session_attrs: 'read-write' });
      expect(said(await examined(local), 'either', 'hosts')).toEqual([`ok 2 hosts, tried in order, for one that is read-write; 127.0.0.1, port ${a.port}, answered`]);
      await administer(standby, 'SELECT pg_wal_replay_resume()');
      await primary.stop();
      // What it has received is replayed; that says nothing of how far it is behind.
      await expect.poll(async () => said(await examined(local), 'b', 'lag'), { timeout: 15_000 }).toEqual([expect.stringMatching(/^warning it receives nothing from a primary now; its last commit is … old$/)]);
      await administer(standby, 'SELECT pg_promote()');
      const servers = await examined(local);
      expect(said(servers, 'either', 'hosts')).toEqual([`ok 2 hosts, tried in order, for one that is read-write; 127.0.0.1, port ${b.port}, answered`]);
      expect(said(servers, 'b', 'role')).toEqual(['ok a primary']);
      expect(said(servers, 'a', 'reachable')).toEqual([expect.stringMatching(/^fail The remote of server "a" cannot be reached/)]);
    });
  });
});
