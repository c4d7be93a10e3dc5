import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { remoteDrift, type DriftResult } from '../../src/flows/drift.ts';
import type { DriftFinding } from '../../src/model/drift.ts';
import { ident, literal } from '../../src/sql/quote.ts';
import { administer, pair, pairs, uniqueName, type Pair } from '../servers/index.ts';
import { request } from './drift.ts';
import { cases, localTypes, remoteTypes } from './cases.ts';

/** What a finding is, on one line. */
const line = ({ class: word, id, subject }: DriftFinding): string => [word, id, ...(subject === undefined ? [] : [subject])].join(' ');

/** `@` in a case's SQL. */
const nameOf = (index: number): string => `t${String(index).padStart(2, '0')}`;

describe.each(pairs())('drift of $local before $remote', (majors) => {
  const applicable = cases.map((each, index) => ({ ...each, table: nameOf(index) })).filter(({ from = 0 }) => from <= majors.remote);
  let databases: Pair;
  let reader: string;
  let result: DriftResult;

  beforeAll(async () => {
    databases = await pair(majors);
    reader = uniqueName('reader');
    const fill = (sql: string, table: string): string => sql.replaceAll('@', table).replaceAll('%reader', ident(reader));
    await administer(databases.remote.cluster, `CREATE ROLE ${ident(reader)} LOGIN PASSWORD 'r'`);
    await databases.remote.query(`CREATE EXTENSION citext; ${remoteTypes}; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${ident(reader)};`);
    await databases.remote.query(applicable.map(({ remote, table }) => fill(remote, table)).join(';\n'));
    const options = Object.entries(databases.serverOptions).map(([key, value]) => `${key} ${literal(value)}`).join(', ');
    await databases.local.query(`
      CREATE EXTENSION postgres_fdw; CREATE EXTENSION citext; CREATE SCHEMA here; ${localTypes}
      CREATE SERVER shop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (${options});
      CREATE USER MAPPING FOR PUBLIC SERVER shop OPTIONS (user ${literal(reader)}, password 'r');`);
    await databases.local.query(
      applicable.map(({ local, table }) => fill(`CREATE FOREIGN TABLE here.@ ${local} SERVER shop OPTIONS (schema_name 'public', table_name '@')`, table)).join(';\n'),
    );
    result = await remoteDrift(request({ database: databases.local.url }));
  });
  afterAll(async () => {
    await databases.remote.query(`DROP OWNED BY ${ident(reader)}`);
    await databases[Symbol.asyncDispose]();
    await administer(databases.remote.cluster, `DROP ROLE ${ident(reader)}`);
  });

  test.each(applicable)('$rule ($table)', ({ table, found, mend, says }) => {
    const of = result.report.findings.filter(({ tables }) => tables.some(({ name }) => name === table));
    expect(of.map(line)).toEqual(found.map((each) => each.replaceAll('@', table)));
    if (mend !== undefined) expect(of.flatMap((finding) => finding.mend)).toEqual(mend.map((sql) => sql.replaceAll('@', table)));
    if (says !== undefined) expect(of.map(({ message }) => message).join('\n')).toContain(says.replaceAll('@', table));
  });

  test('nothing is unknown, and it says who read', () => {
    expect(result.report.unknown).toEqual([]);
    expect(result.report.servers).toEqual([{ name: 'shop', tables: applicable.length, readAs: { local: 'postgres', remote: reader }, versionNum: expect.any(Number) as number }]);
    expect(Math.floor((result.report.servers[0]?.versionNum ?? 0) / 10_000)).toBe(majors.remote);
  });

  test('what mends it is taken by the local database, and what is sure then drifts no more', async () => {
    const sure = result.report.findings.filter(({ guess, mend }) => !guess && mend.length > 0);
    for (const { mend } of sure) for (const sql of mend) await databases.local.query(sql);
    const again = await remoteDrift(request({ database: databases.local.url }));
    const key = (finding: DriftFinding): string => `${line(finding)} ${finding.tables.map(({ name }) => name).join(' ')}`;
    const left = new Set(again.report.findings.map(key));
    expect(sure.map(key).filter((each) => left.has(each))).toEqual([]);
  });
});
