import { describe, expect, test } from 'vitest';
import { loadParser } from '../../src/pushdown/parser.ts';
import { conjuncts } from '../../src/pushdown/plan/conjuncts.ts';
import { readRelations } from '../../src/pushdown/plan/relations.ts';
import { shapeKey } from '../../src/pushdown/places/tree.ts';
import { readRemoteSql } from '../../src/pushdown/plan/remote-sql.ts';

describe('the AND-ed parts of a condition', () => {
  test.each([
    ['(a.x > 1)', ['a.x > 1']],
    ['((a.x > 1) AND (b.y = 2))', ['a.x > 1', 'b.y = 2']],
    ['(((a.x > 1) AND (b.y = 2)) AND (c.z IS NULL))', ['a.x > 1', 'b.y = 2', 'c.z IS NULL']],
    ['((a.x > 1) OR (b.y = 2))', ['(a.x > 1) OR (b.y = 2)']],
    ["((note = ') AND ('::text) AND (\"a AND b\" = 1))", ["note = ') AND ('::text", '"a AND b" = 1']],
    ['(CASE WHEN ((a > 1) AND (b > 1)) THEN c ELSE d END AND e)', ['CASE WHEN ((a > 1) AND (b > 1)) THEN c ELSE d END', 'e']],
    ['((NOT (hashed SubPlan 1)) AND (x = (InitPlan 1).col1))', ['NOT (hashed SubPlan 1)', 'x = (InitPlan 1).col1']],
    ['flag', ['flag']],
  ])('%s', (condition, parts) => {
    expect(conjuncts(condition)).toEqual(parts);
  });
});

describe('the relations of a Foreign Scan', () => {
  const orders = { schema: 'f', name: 'orders', alias: 'o' };
  test.each([
    ['(f.orders o) INNER JOIN (f.customers)', { relations: [orders, { schema: 'f', name: 'customers', alias: 'customers' }], joins: ['INNER'], aggregate: false }],
    ['Aggregate on (f.orders o)', { relations: [orders], joins: [], aggregate: true }],
    [
      'Aggregate on (((f.orders o) INNER JOIN ("Größe"."a ""b"" (c) JOIN" "on")) LEFT JOIN (f.items i))',
      {
        relations: [orders, { schema: 'Größe', name: 'a "b" (c) JOIN', alias: 'on' }, { schema: 'f', name: 'items', alias: 'i' }],
        joins: ['INNER', 'LEFT'],
        aggregate: true,
      },
    ],
    ['("Aggregate"."on" x) SEMI JOIN (f.orders o)', { relations: [{ schema: 'Aggregate', name: 'on', alias: 'x' }, orders], joins: ['SEMI'], aggregate: false }],
  ])('%s', (text, read) => {
    expect(readRelations(text)).toEqual(read);
  });
});

describe('what a Remote SQL does', () => {
  const nothing = { statement: 'select', filters: [], having: [], groups: false, sortKeys: [], limit: undefined, lock: undefined, crossProduct: false, joins: false, byCtid: false };
  test.each([
    ['SELECT id FROM public.orders', nothing],
    [
      'SELECT id FROM public.orders WHERE ((id > 5)) AND ((note = \' ORDER BY \'::text)) ORDER BY id ASC NULLS LAST LIMIT 5::bigint OFFSET 3::bigint FOR UPDATE',
      { ...nothing, filters: ['id > 5', "note = ' ORDER BY '::text"], sortKeys: ['id ASC NULLS LAST'], limit: 'LIMIT 5::bigint OFFSET 3::bigint', lock: 'FOR UPDATE' },
    ],
    ['SELECT a, count(*) FROM public.t GROUP BY 1 HAVING ((count(*) > 3))', { ...nothing, groups: true, having: ['count(*) > 3'] }],
    ['SELECT r1.id FROM (public.a r1 INNER JOIN public.b r2 ON (((r1.id = r2.id))))', { ...nothing, joins: true }],
    ['SELECT r1.id FROM (public.a r1 INNER JOIN public.b r2 ON (TRUE))', { ...nothing, joins: true, crossProduct: true }],
    [
      'SELECT s4.c1 FROM ((SELECT id FROM public.a WHERE ((id < 3))) s4(c1) FULL JOIN public.b r2 ON (((s4.c1 = r2.id))))',
      { ...nothing, joins: true, filters: ['id < 3'] },
    ],
    ['DELETE FROM public.orders WHERE ctid = $1', { ...nothing, statement: 'delete', filters: ['ctid = $1'], byCtid: true }],
    ['UPDATE public.orders r1 SET total = 1 FROM public.c r2 WHERE ((r1.id = r2.id)) RETURNING r1.id', { ...nothing, statement: 'update', filters: ['r1.id = r2.id'], joins: true }],
    ['not SQL at all', undefined],
  ])('%s', async (sql, work) => {
    const parser = await loadParser();
    const found = readRemoteSql(parser, sql);
    if (found === undefined || work === undefined) {
      expect(found).toBe(work);
      return;
    }
    const { trees, sortNodes, ...read } = found;
    expect(sortNodes).toHaveLength(read.sortKeys.length);
    expect(read).toEqual(work);
    expect([...trees.keys()]).toEqual(sql.includes('FULL JOIN') ? [] : work.filters);
    for (const [text, tree] of trees) expect(shapeKey(tree)).toBe(shapeKey(parser.expression(text)));
  });
});
