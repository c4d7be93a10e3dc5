import { afterAll, beforeAll } from 'vitest';
import { connect } from '../../src/postgres/connect.ts';
import { resolveTarget } from '../../src/postgres/connection/resolve.ts';
import type { Session } from '../../src/postgres/session.ts';
import { judge } from '../../src/pushdown/judge.ts';
import type { JudgeOptions } from '../../src/pushdown/judge.ts';
import { readQueries } from '../../src/pushdown/queries/read.ts';
import type { PushdownReport, QueryVerdict } from '../../src/pushdown/types.ts';
import type { Workers } from '../../src/postgres/workers.ts';
import { ident } from '../../src/sql/quote.ts';
import { administer, cluster, createDatabase, majors, startCluster, uniqueName } from '../servers/index.ts';
import type { Cluster, PrivateCluster, TestDatabase } from '../servers/index.ts';
import { fixtureSql } from './fixture.ts';

/** A database with the fixture, and the judge on it. */
export interface Shop {
  readonly db: TestDatabase;
  readonly session: Session;
  readonly roles: { readonly owner: string; readonly reader: string };
  judge(text: string, options?: JudgeOptions): Promise<PushdownReport>;
  /** The verdict on the one statement in `sql`. */
  one(sql: string, options?: JudgeOptions): Promise<QueryVerdict>;
}

/** The shop on one major, for the tests of the enclosing `describe`; on a cluster of its own where the run has none of that major. */
export function useShop(major: number): () => Shop {
  let shop: Shop | undefined;
  let own: PrivateCluster | undefined;
  beforeAll(async () => {
    own = majors().includes(major) ? undefined : await startCluster({ major });
    shop = await openShop(own ?? cluster(major));
  });
  afterAll(async () => {
    await shop?.session.close();
    await shop?.db.drop();
    if (own !== undefined) await own.stop();
    else for (const role of Object.values(shop?.roles ?? {})) await administer(cluster(major), `DROP ROLE ${ident(role)}`);
  });
  return () => {
    if (shop === undefined) throw new Error('the shop was not opened');
    return shop;
  };
}

async function openShop(on: Cluster): Promise<Shop> {
  const db = await createDatabase(on);
  const roles = { owner: uniqueName('owner'), reader: uniqueName('reader') };
  const { internalHost: host, internalPort, user, password } = db.cluster;
  await db.query(fixtureSql({ roles, loopback: { host, port: String(internalPort), dbname: db.name, user, password } }));
  const session = await connect(await resolveTarget(db.url, {}), { applicationName: 'fdw/test' });
  const run = (text: string, options?: JudgeOptions): Promise<PushdownReport> => judge(session, readQueries([{ file: 'queries.sql', text }]), options);
  return {
    db,
    session,
    roles,
    judge: run,
    async one(sql, options) {
      const [verdict, ...more] = (await run(sql, options)).queries;
      if (verdict === undefined || more.length > 0) throw new Error(`not one statement: ${sql}`);
      return verdict;
    },
  };
}

/** One session that does all jobs, one after the other. */
export function oneSession(session: Session): Workers {
  return {
    async each<Job, Result>(jobs: readonly Job[], _: number, work: (own: Session, job: Job) => Promise<{ readonly result: Result }>): Promise<readonly Result[]> {
      const results: Result[] = [];
      for (const job of jobs) results.push((await work(session, job)).result);
      return results;
    },
    alone: () => Promise.resolve(),
  };
}

/** The clauses of a verdict on one line each: `local filter blocked mutable-function[now()]`. */
export function clauseLines(verdict: QueryVerdict): readonly string[] {
  return verdict.clauses.map(({ kind, runs, cause, reasons }) =>
    [runs, kind, ...(cause === null ? [] : [cause]), ...reasons.map((reason) => reason.id)].join(' '),
  );
}
