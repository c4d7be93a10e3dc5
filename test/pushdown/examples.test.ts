import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ruleExamples } from '../../src/model/rule-examples.ts';
import { askRemotes } from '../../src/pushdown/answers/ask.ts';
import type { QueryVerdict, Reason } from '../../src/pushdown/types.ts';
import { majors } from '../servers/index.ts';
import type { TestDatabase } from '../servers/index.ts';
import { fillShop } from './filled.ts';
import { oneSession, useShop } from './judging.ts';
import { misfits } from './misfits.ts';

// The pages of `fdw rules`: what they say of their example is what check-pushdown says.
describe.each(majors())('the examples of the rules on PostgreSQL %i', (major) => {
  const shop = useShop(major);
  let remote: TestDatabase | undefined;
  beforeAll(async () => {
    remote = await fillShop(shop());
    await misfits(shop(), remote);
    await shop().db.query('CREATE EXTENSION dblink');
  });
  afterAll(async () => {
    await shop().db.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [remote?.name]);
    await remote?.drop();
  });

  async function judged(sql: string, asking: boolean): Promise<QueryVerdict> {
    const report = await shop().judge(sql);
    const options = { role: undefined, statementTimeoutMs: 5_000, lockTimeoutMs: 1_000 };
    const [verdict] = (asking ? await askRemotes(oneSession(shop().session), report, options) : report).queries;
    if (verdict === undefined) throw new Error('no verdict');
    expect(verdict.error).toBeUndefined();
    return verdict;
  }

  const here = Object.entries(ruleExamples).filter(([, { from = 14, to = 18 }]) => from <= major && major <= to);

  test.each(here)('%s', async (id, { sql, says, remedy, instead, remote: asking = false }) => {
    const verdict = await judged(sql, asking);
    const found = reasonsOf(verdict).filter((reason) => reason.id === id);
    expect(found.map(({ message }) => message.replace(shop().roles.owner, 'owner'))).toContain(says);
    const cured = [...verdict.clauses.filter(({ reasons }) => reasons.some((reason) => reason.id === id)).flatMap((clause) => clause.remedies), ...verdict.remedies];
    if (remedy !== undefined) expect(cured.map((each) => each.sql)).toContain(remedy);
    if (instead !== undefined) expect(reasonsOf(await judged(instead, asking)).map((reason) => reason.id)).not.toContain(id);
  });
});

function reasonsOf({ clauses, notes }: QueryVerdict): readonly Reason[] {
  return [...clauses.flatMap(({ reasons }) => reasons), ...notes];
}
