import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { majors } from '../../servers/index.ts';
import { useShop } from '../judging.ts';
import { collation } from './collation.ts';
import { mutability } from './mutability.ts';
import { nodes } from './nodes.ts';
import { told } from './rule.ts';
import { shippability } from './shippability.ts';

const start = 'SELECT id FROM shop.orders WHERE ';
const blocked = 'local filter blocked: ';

/** The conditions of the table that are blocked by themselves, with their reasons; without sub-selects, and what pgsql-deparser cannot print, of which the parts cannot be asked about. */
function conditionsOn(major: number): readonly { readonly condition: string; readonly reasons: readonly string[] }[] {
  const rules = [...shippability, ...nodes, ...collation, ...mutability].filter(({ from = 0, to = 99 }) => from <= major && major <= to);
  return rules.flatMap(({ sql, clauses: [only, ...more] }) => {
    if (!sql.startsWith(start) || sql.includes('$') || more.length > 0 || only?.startsWith(blocked) !== true || / (ORDER BY|GROUP BY|LIMIT) |SELECT |xml|json_/i.test(sql.slice(start.length))) return [];
    const reasons = only.slice(blocked.length).split('; ');
    // Two columns that differ are relabelled where their equality is the whole condition; within another one they are sent.
    return reasons.some((reason) => /^collation .*\(.*\), /.test(reason)) ? [] : [{ condition: sql.slice(start.length), reasons }];
  });
}

describe('all reasons of a clause are found, not only the first', () => {
  const major = majors().at(-1) ?? 18;
  const shop = useShop(major);
  const conditions = conditionsOn(major);

  test('of two conditions of the table in one, those of both', async () => {
    expect(conditions.length).toBeGreaterThan(30);
    const one = fc.constantFrom(...conditions);
    // Below NOT, the planner would turn operators into their negators.
    const joined = fc.constantFrom((a: string, b: string) => `(${a}) OR (${b})`, (a: string, b: string) => `CASE WHEN ${a} THEN ${b} ELSE id = 1 END`);
    await fc.assert(
      fc.asyncProperty(one, one, joined, async (a, b, join) => {
        const judged = await shop().one(`${start}${join(a.condition, b.condition)}`);
        const found = told(judged).clauses.flatMap((line) => (line.startsWith(blocked) ? line.slice(blocked.length).split('; ') : []));
        expect(found).toEqual(expect.arrayContaining([...a.reasons, ...b.reasons]));
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
