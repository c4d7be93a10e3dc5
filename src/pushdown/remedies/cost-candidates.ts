import { ident, literal, qualified } from '../../sql/quote.ts';
import type { RelationFacts, ServerFacts } from '../facts/relations.ts';
import { foreignTables, reasonsOf, serversOf } from './candidate.ts';
import type { Candidate, Grounds } from './candidate.ts';

/** Remedies for what may be sent and was cheaper here by estimate: better estimates first, then other costs. */
export function costCandidates(on: Grounds): readonly Candidate[] {
  if (reasonsOf(on, 'not-chosen-cost').length === 0) return [];
  return [...statistics(on), ...estimates(on), ...serversOf(foreignTables(on)).flatMap((server) => dearer(on, server))];
}

function statistics(on: Grounds): readonly Candidate[] {
  return reasonsOf(on, 'never-analyzed').map(({ subject }) => {
    const table = foreignTables(on).find((each) => `${each.schema}.${each.name}` === subject);
    return {
      kind: 'command',
      reasons: ['never-analyzed'],
      title: 'give the planner statistics',
      sql: `ANALYZE ${table === undefined ? subject : qualified(table)};`,
      spec: null,
      changesMeaning: null,
      trial: { change: { sizes: 'remote' } },
      asksRemote: 'ANALYZE reads the remote table and writes statistics, which checking does not; --remote tries it with the number of rows that the remote tells',
      failing: 'with the number of rows that the remote tells, the planner chooses no other way; what the columns hold may change that',
    };
  });
}

/** Costs that the remote itself tells. */
function estimates(on: Grounds): readonly Candidate[] {
  return serversOf(foreignTables(on)).map((server) => {
    const tables = foreignTables(on).filter((table) => table.server?.oid === server.oid);
    return {
      kind: 'option',
      reasons: ['not-chosen-cost'],
      title: `ask the remote for its costs when planning`,
      sql: tables.map((table) => `ALTER FOREIGN TABLE ${qualified(table)} OPTIONS (ADD use_remote_estimate 'true');`).join('\n'),
      spec: tables.map((table) => ({ path: ['tables', `${table.schema}.${table.name}`, 'options', 'use_remote_estimate'], value: 'true' })),
      changesMeaning: 'each time it plans, the planner then asks the remote: that takes round trips, and fails while the remote does not answer',
      trial: { change: { tables: new Map(tables.map((table: RelationFacts) => [table.oid, { options: { use_remote_estimate: 'true' } }])) } },
      asksRemote: 'the remote would have to be asked; --remote does',
    };
  });
}

/** What is tried, from the mildest on; beyond, rows would be held dearer than they are on any network. */
const tupleCosts = [0.2, 0.5, 1, 2, 5, 10, 20];
const startupCosts = [200, 500, 1000, 2000];

/** PostgreSQL's own: DEFAULT_FDW_STARTUP_COST, and DEFAULT_FDW_TUPLE_COST, which 17 has raised (cac169d686). */
const usualStartup = 100;

/** Rows or requests made dearer, so that the planner would rather have the work done there. */
function dearer(on: Grounds, { name, tupleCost, startupCost }: ServerFacts): readonly Candidate[] {
  const usualTuple = on.versionNum >= 170000 ? 0.2 : 0.01;
  const ladderOf = (key: string): string => `${key} ${name}`;
  const option = (key: string, now: number | undefined, usual: number, values: readonly number[], why: string): readonly Candidate[] =>
    values.filter((value) => value > (now ?? usual)).map((value) => ({
      kind: 'option',
      reasons: ['not-chosen-cost'],
      title: `${why} server ${name}`,
      sql: `ALTER SERVER ${ident(name)} OPTIONS (${now === undefined ? 'ADD' : 'SET'} ${key} ${literal(String(value))});`,
      spec: [{ path: ['servers', name, 'options', key], value: String(value) }],
      changesMeaning: `every query over server ${name} is then planned with it instead of ${now ?? usual}, and others may change too; raise it where the network is slow, not for one query alone`,
      trial: { change: { servers: { [name]: { [key]: String(value) } } } },
      ladder: ladderOf(key),
      needsStatistics: true,
    }));
  return [
    ...option('fdw_tuple_cost', tupleCost, usualTuple, tupleCosts, 'reckon more for each row from'),
    ...option('fdw_startup_cost', startupCost, usualStartup, startupCosts, 'reckon more for each request to').map((step) => ({ ...step, unless: ladderOf('fdw_tuple_cost') })),
  ];
}
