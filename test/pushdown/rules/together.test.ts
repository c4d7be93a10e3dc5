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

/** The conditions of the table that are blocked by themselves, with their reasons. */
function conditionsOn(major: number): readonly { readonly condition: string; readonly reasons: readonly string[] }[] {
  const rules = [...shippability, ...nodes, ...collation, ...mutability].filter(({ from = 0, to = 99 }) => from <= major && major <= to);
  return rules.flatMap(({ sql, clauses: [only, ...more] }) => {
    if (!sql.startsWith(start) || sql.includes('$') || more.length > 0 || only?.startsWith(blocked) !== true || / (ORDER BY|GROUP BY|LIMIT) /i.test(sql.slice(start.length))) return [];
    const reasons = only.slice(blocked.length).split('; ');
    // What a sub-select that runs before gives has a collation of its own: it is only found where the comparison is the whole condition.
    if (reasons.includes('collation the sub-select')) return [];
    // Two columns that differ are relabelled where their equality is the whole condition; within another one they are sent.
    return reasons.some((reason) => /^collation .*\(.*\), /.test(reason)) ? [] : [{ condition: sql.slice(start.length), reasons }];
  });
}

/** Ways to make one condition of two. */
const ways: Readonly<Record<string, (a: string, b: string) => string>> = {
  or: (a, b) => `(${a}) OR (${b})`,
  case: (a, b) => `CASE WHEN ${a} THEN ${b} ELSE id = 1 END`,
  'case of': (a, b) => `CASE (${a}) WHEN (${b}) THEN id = 1 ELSE id = 2 END`,
  not: (a, b) => `NOT ((${a}) AND (${b}))`,
  array: (a, b) => `ARRAY[(${a}), id = 1] = ARRAY[flag, (${b})]`,
  row: (a, b) => `(flag, (${a})) < ((${b}), id = 1)`,
  rows: (a, b) => `((${a}), id) IN ((flag, n), ((${b}), 2))`,
  equal: (a, b) => `(${a}) = (${b})`,
  distinct: (a, b) => `(${a}) IS DISTINCT FROM (${b})`,
  coalesce: (a, b) => `coalesce((${a}), (${b}))`,
  'not in': (a, b) => `((${a}) OR flag) NOT IN (SELECT vip FROM accounts) OR (${b})`,
};

/** Below NOT the planner turns operators into their negators. */
function withoutComparison(reason: string): string {
  return reason.replace(/ (<|<=|>|>=|=|<>) /, ' ? ');
}

describe('all reasons of a clause are found, not only the first', () => {
  const major = majors().at(-1) ?? 18;
  const shop = useShop(major);
  const conditions = conditionsOn(major);

  test.each(Object.keys(ways))('of two conditions of the table in one, those of both: %s', async (way) => {
    expect(conditions.length).toBeGreaterThan(40);
    const one = fc.constantFrom(...conditions);
    await fc.assert(
      fc.asyncProperty(one, one, async (a, b) => {
        const judged = await shop().one(`${start}${ways[way]?.(a.condition, b.condition) ?? ''}`);
        const found = told(judged).clauses.flatMap((line) => (line.startsWith(blocked) ? line.slice(blocked.length).split('; ') : []));
        expect(found.map(withoutComparison)).toEqual(expect.arrayContaining([...a.reasons, ...b.reasons].map(withoutComparison)));
      }),
      { numRuns: Number(process.env['RUNS'] ?? 12) },
    );
  }, 120_000);
});
