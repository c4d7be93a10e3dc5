import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Clause, PushdownReport, QueryVerdict } from '../../src/pushdown/types.ts';
import { pushdownJson } from '../../src/report/pushdown-json.ts';
import { pushdownText } from '../../src/report/pushdown-text.ts';
import { plain } from './plans.ts';

function query(parts: Pick<QueryVerdict, 'name' | 'verdict'> & Partial<QueryVerdict>): QueryVerdict {
  return { file: 'queries/orders.sql', line: 1, sql: 'SELECT 1', clauses: [], scans: [], error: undefined, missed: [], ...parts };
}

function clause(parts: Pick<Clause, 'kind' | 'text' | 'runs'> & Partial<Clause>): Clause {
  return { cause: null, reasons: [], remedies: [], ...parts };
}

const source = { file: 'queries/orders.sql', text: 'selec 1' };

const report: PushdownReport = {
  queries: [
    query({ name: 'held to full', verdict: 'partial', line: 12, missed: ['expected full, is partial: a filter runs here'] }),
    query({
      name: 'broken',
      verdict: 'error',
      line: 9,
      error: { message: 'syntax error at or near "selec"', hint: 'did you mean SELECT?', at: { source, line: 9, column: 1, endColumn: 6 } },
    }),
    query({
      name: 'recent orders',
      verdict: 'none',
      line: 3,
      clauses: [
        clause({
          kind: 'filter',
          text: "created_at > (now() - '1 day'::interval)",
          runs: 'local',
          cause: 'blocked',
          reasons: [{ id: 'mutable-function', subject: 'now()', message: 'now() is stable: the remote might compute another value than this server would, so PostgreSQL keeps it.' }],
          remedies: [{ sql: "SELECT id FROM shop.orders WHERE created_at > (SELECT now() - interval '1 day')", proved: true }],
        }),
        clause({ kind: 'limit', text: '10', runs: 'local', cause: 'not-chosen' }),
      ],
      scans: [{ server: 'shop', relations: ['shop.orders'], remoteSql: 'SELECT id, created_at FROM public.orders', filter: "(created_at > (now() - '1 day'::interval))", estimatedRows: 2275, operation: 'select' }],
    }),
    query({ name: 'queries/orders.sql:1', verdict: 'full', clauses: [clause({ kind: 'aggregate', text: 'count(*)', runs: 'remote' })] }),
    query({ name: '--query', verdict: 'no-foreign', file: undefined }),
    query({ name: 'evil\n\u001B[2K', verdict: 'danger', line: 20 }),
  ],
  summary: { full: 1, partial: 1, none: 1, danger: 1, 'no-foreign': 1, error: 1, missed: 1 },
};

const none: PushdownReport = { queries: [], summary: { full: 0, partial: 0, none: 0, danger: 0, 'no-foreign': 0, error: 0, missed: 0 } };

test('as text, the most important last', () => {
  expect(pushdownText(report, plain)).toMatchSnapshot();
  expect(pushdownText(none, plain)).toBe('0 queries.');
});

test('as JSON, in the order of the queries and to its schema', () => {
  const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync('schema/check-pushdown.schema.json', 'utf8')) as object);
  for (const one of [report, none]) {
    const json = JSON.parse(JSON.stringify(pushdownJson(one, []))) as object;
    expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
    expect(json).toMatchSnapshot();
  }
});
