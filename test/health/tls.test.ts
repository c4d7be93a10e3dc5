import { afterAll, beforeAll, expect, test } from 'vitest';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateText } from '../postgres/fixture.ts';
import { createDatabase, serverKind, startCluster, type PrivateCluster, type TestDatabase } from '../servers/index.ts';
import { examined, said } from './examine.ts';

let remote: PrivateCluster;
let local: TestDatabase;
let folder: string;

beforeAll(async () => {
  // Where the local server's own user can read it.
  folder = await mkdtemp(join(tmpdir(), 'fdw-authority-'));
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'authority.crt'), await certificateText('authority.crt'));
  remote = await startCluster({ tls: { cert: await certificateText('server.crt'), key: await certificateText('server.key') } });
  local = await createDatabase();
  await local.query('CREATE EXTENSION postgres_fdw');
  const authority = `sslrootcert '${join(folder, 'authority.crt')}'`;
  for (const [name, options] of Object.entries({ verified: `sslmode 'verify-full', ${authority}`, named: `sslmode 'verify-ca', ${authority}`, blind: "sslmode 'require'", open: "sslmode 'disable'" })) {
    await local.query(`CREATE SERVER ${name} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost', port '${remote.port}', dbname 'postgres', ${options});
      CREATE USER MAPPING FOR PUBLIC SERVER ${name} OPTIONS (user '${remote.user}', password '${remote.password}')`);
  }
});

afterAll(async () => {
  await local.drop();
  await remote.stop();
  await rm(folder, { recursive: true });
});

test.runIf(serverKind() === 'embedded')('says how a connection is encrypted, and whether the certificate is verified', async () => {
  const servers = await examined(local);
  expect(said(servers, 'verified', 'tls')).toEqual([expect.stringMatching(/^ok TLSv1\.3, TLS_\w+, the certificate and its name are verified$/)]);
  expect(said(servers, 'named', 'tls')).toEqual([expect.stringMatching(/^note .*, the certificate is verified, the name in it is not$/)]);
  expect(said(servers, 'blind', 'tls')).toEqual([expect.stringMatching(/^note .*, but the certificate is not verified \(sslmode require\)$/)]);
  expect(said(servers, 'open', 'tls')).toEqual(['ok not encrypted, on the same machine']);
});
