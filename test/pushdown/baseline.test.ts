import { expect, test } from 'vitest';
import { compareWithBaseline, updatedBaseline } from '../../src/pushdown/baseline/compare.ts';
import type { BaselineEntry } from '../../src/pushdown/baseline/entry.ts';
import { baselineText, parseBaseline } from '../../src/pushdown/baseline/text.ts';
import { holdAll } from '../../src/pushdown/held.ts';
import type { Clause, QueryVerdict } from '../../src/pushdown/types.ts';
import { query, reportOf } from '../report/pushdown-reports.ts';

const options = { pathOf: (file: string): string => file, complete: true };
const file = 'queries/orders.sql';

function blocked(kind: Clause['kind'], id: Clause['reasons'][number]['id']): Clause {
  return { kind, text: 'x', runs: 'local', cause: 'blocked', place: undefined, costs: undefined, reasons: [{ id, subject: 'x', message: 'x' }], remedies: [] };
}

const full: BaselineEntry = { file, name: 'q', verdict: 'full', blocked: [] };
const partial: BaselineEntry = { file, name: 'q', verdict: 'partial', blocked: [{ kind: 'filter', reasons: ['mutable-function'] }] };
const filter = blocked('filter', 'mutable-function');

test.each<[string, BaselineEntry, Partial<QueryVerdict>, { missed?: string; improved?: string }]>([
  ['the same', partial, { steady: 'partial', clauses: [filter] }, {}],
  ['a worse word', full, { steady: 'partial', clauses: [filter] }, { missed: 'the baseline has the verdict full, but it is partial now' }],
  ['danger', partial, { steady: 'danger', clauses: [filter] }, { missed: 'the baseline has the verdict partial, but it is danger now' }],
  ['one more kind', partial, { steady: 'partial', clauses: [filter, blocked('sort', 'collation')] }, { missed: 'in the baseline nothing keeps sort here, but something does now' }],
  ['a better word', partial, { steady: 'full', clauses: [] }, { improved: 'q: the baseline has the verdict partial, and it is full now' }],
  ['another reason for the same', partial, { steady: 'partial', clauses: [blocked('filter', 'collation')] }, {}],
  ['here only by cost', full, { steady: 'full', verdict: 'none', clauses: [{ ...filter, cause: 'not-chosen' }] }, {}],
])('held to the baseline: %s', (_, entry, now, { missed, improved }) => {
  const verdict = query({ name: 'q', verdict: 'partial', ...now });
  const { report, changes } = compareWithBaseline(reportOf([verdict]), { entries: [entry] }, options);
  expect(report.queries.map((each) => each.missed)).toEqual([missed === undefined ? [] : [missed]]);
  expect(changes).toEqual({ added: [], gone: [], improved: improved === undefined ? [] : [improved] });
});

test('what is new, what is gone, and what an update makes of it', () => {
  const report = reportOf([
    query({ name: 'held', verdict: 'full', missed: ['expected none'] }),
    query({ name: 'q', verdict: 'full' }),
    query({ name: `${file}:9`, verdict: 'full', line: 9, sql: 'SELECT\n 1' }),
    query({ name: '--query', verdict: 'full', file: undefined }),
  ]);
  const old = { entries: [{ ...full, name: 'gone' }, { ...full, file: 'other.sql' }, partial] };
  const { changes } = compareWithBaseline(report, old, options);
  expect({ ...changes, added: changes.added.map(({ name }) => name) }).toEqual({ added: [`${file}:9`], improved: ['q: the baseline has the verdict partial, and it is full now'], gone: [`${file}: gone`, 'other.sql: q'] });
  // Of a part of the suite only that part is judged.
  expect(compareWithBaseline(report, old, { ...options, complete: false }).changes.gone).toEqual([`${file}: gone`]);
  const text = baselineText(updatedBaseline(report, old, options));
  expect(text).toMatchSnapshot();
  expect(baselineText(parseBaseline(text, 'b.json'))).toBe(text);
  // A query without a name may move in its file.
  const moved = reportOf([query({ name: `${file}:1`, verdict: 'full', line: 1, sql: 'SELECT 1' })]);
  expect(compareWithBaseline(moved, parseBaseline(text, 'b.json'), options).changes.added).toEqual([]);
});

test('a query that cannot be judged keeps its entry', () => {
  const report = reportOf([query({ name: `${file}:1`, verdict: 'error' })]);
  expect(updatedBaseline(report, { entries: [partial] }, options).entries).toEqual([partial]);
});

test.each(['', '[]', '{"format_version": 2, "queries": []}', '{"format_version": 1, "queries": [{}]}', '{"format_version": 1, "queries": [{"file": "a", "name": "b", "verdict": "fine", "blocked": []}]}'])('%j is no baseline', (text) => {
  expect(() => parseBaseline(text, 'b.json')).toThrow('b.json is no baseline of fdw.');
});

test('what --fail-on holds every query to', () => {
  const report = reportOf([query({ name: 'q', verdict: 'danger', clauses: [filter] }), query({ name: 'fine', verdict: 'full' }), query({ name: 'broken', verdict: 'error' })]);
  const missed = (...failOn: ('blocked' | 'danger' | 'new')[]): unknown => holdAll(report, failOn, report.queries.slice(1, 2)).queries.map((each) => each.missed);
  expect(missed()).toEqual([[], [], []]);
  expect(missed('blocked')).toEqual([['nothing may be blocked, but filter is'], [], []]);
  expect(missed('danger')).toEqual([['it locks more rows on the remote than it writes or returns'], [], []]);
  expect(missed('new')).toEqual([[], ['it is not in the baseline'], []]);
  expect(holdAll(report, ['blocked', 'danger'], []).summary.missed).toBe(1);
});
