import type { Clause, PushdownReport, QueryVerdict, Remedy } from '../../src/pushdown/types.ts';

/** A query's verdict with what a test leaves open. */
export function query(parts: Pick<QueryVerdict, 'name' | 'verdict'> & Partial<QueryVerdict>): QueryVerdict {
  const line = parts.line ?? 1;
  const steady = parts.verdict === 'error' ? undefined : parts.verdict;
  const held = (parts.missed ?? []).map((missed) => ({ what: 'full', missed }));
  return { file: 'queries/orders.sql', line, region: { line, column: 1, endLine: line, endColumn: 9 }, sql: 'SELECT 1', steady, seconds: 0.0125, clauses: [], scans: [], returnedRows: undefined, plan: undefined, otherPlan: undefined, notes: [], remedies: [], error: undefined, held, missed: [], ...parts };
}

function clause(parts: Pick<Clause, 'kind' | 'text' | 'runs'> & Partial<Clause>): Clause {
  return { cause: null, place: undefined, costs: undefined, reasons: [], remedies: [], ...parts };
}

function remedy(parts: Pick<Remedy, 'sql' | 'title'> & Partial<Remedy>): Remedy {
  return { kind: 'rewrite', spec: null, proved: true, unproved: null, changesMeaning: null, remoteSql: [], remaining: [], effect: null, ...parts };
}

const source = { file: 'queries/orders.sql', text: 'selec 1' };

/** A bit of everything. */
export const report: PushdownReport = {
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
      sql: "SELECT id\nFROM orders_view\nWHERE created_at > now() - interval '1 day'\nLIMIT 10",
      plan: 'generic',
      otherPlan: { mode: 'custom', verdict: 'full', clauses: [], scans: [] },
      notes: [{ id: 'opaque-function', subject: 'shop.report()', message: 'shop.report() is written in plpgsql: what it does with foreign tables cannot be seen' }],
      clauses: [
        clause({
          kind: 'filter',
          text: "created_at > (now() - '1 day'::interval)",
          runs: 'local',
          cause: 'blocked',
          place: { range: { start: 33, end: 70 }, region: { line: 5, column: 7, endLine: 5, endColumn: 44 }, view: undefined },
          reasons: [{ id: 'mutable-function', subject: 'now()', message: 'now() is stable: the remote might compute another value than this server would, so PostgreSQL keeps it.' }],
          remedies: [
            remedy({
              title: 'compute it once, in a sub-select of its own',
              sql: "SELECT id FROM shop.orders WHERE created_at > (SELECT now() - interval '1 day')",
              remoteSql: ['SELECT id FROM public.orders WHERE ((created_at > $1::timestamp with time zone))'],
              effect: { before: { rows: 2275, bytes: 36_400, roundTrips: 3 }, after: { rows: 1, bytes: 8, roundTrips: 3 } },
            }),
            remedy({
              kind: 'option',
              title: 'list citext in the option extensions of server shop',
              sql: "ALTER SERVER shop OPTIONS (ADD extensions 'citext');",
              spec: 'servers:\n  shop:\n    options:\n      extensions: [citext]',
              proved: false,
              unproved: 'permission denied for foreign-data wrapper postgres_fdw',
              changesMeaning: 'you promise that the remote has the extension too',
              remaining: ['sort status'],
            }),
          ],
        }),
        clause({ kind: 'limit', text: '10', runs: 'local', cause: 'not-chosen', costs: { here: 245.5, sent: 120 }, place: { range: { start: 71, end: 79 }, region: { line: 6, column: 1, endLine: 6, endColumn: 9 }, view: { kind: 'view', name: 'shop.recent', text: 'LIMIT 10' } } }),
      ],
      scans: [{ server: 'shop', relations: ['shop.orders'], remoteSql: 'SELECT id, created_at FROM public.orders', filter: "(created_at > (now() - '1 day'::interval))", estimatedRows: 2275, estimatedBytes: 36_400, loops: 1, roundTrips: 23, rowsPerTrip: 100, operation: 'select' }],
      returnedRows: 10,
    }),
    query({ name: 'queries/orders.sql:1', verdict: 'full', clauses: [clause({ kind: 'aggregate', text: 'count(*)', runs: 'remote' })] }),
    query({ name: '--query', verdict: 'no-foreign', file: undefined }),
    query({ name: 'evil\n\u001B[2K', verdict: 'danger', line: 20 }),
  ],
  summary: { full: 1, partial: 1, none: 1, danger: 1, 'no-foreign': 1, error: 1, missed: 1 },
};

export const none: PushdownReport = { queries: [], summary: { full: 0, partial: 0, none: 0, danger: 0, 'no-foreign': 0, error: 0, missed: 0 } };

/** A report of these queries. */
export function reportOf(queries: readonly QueryVerdict[]): PushdownReport {
  const of = (word: QueryVerdict['verdict']): number => queries.filter((each) => each.verdict === word).length;
  const missed = queries.filter((each) => each.missed.length > 0).length;
  return { queries, summary: { full: of('full'), partial: of('partial'), none: of('none'), danger: of('danger'), 'no-foreign': of('no-foreign'), error: of('error'), missed } };
}
