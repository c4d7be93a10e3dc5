import { ident, qualified } from '../../sql/quote.ts';
import { foreignTables, reasonsOf } from './candidate.ts';
import type { Candidate, Grounds } from './candidate.ts';

/** Remedies by settings, views and statistics. */
export function otherCandidates(on: Grounds): readonly Candidate[] {
  return [...settings(on), ...views(on), ...checkOptions(on), ...statistics(on), ...estimates(on)];
}

function settings(on: Grounds): readonly Candidate[] {
  return reasonsOf(on, 'partitionwise-off').map(({ subject }) => ({
    kind: 'setting',
    reasons: ['partitionwise-off'],
    title: `plan partition by partition`,
    sql: `SET ${subject} = on;`,
    spec: null,
    changesMeaning: null,
    trial: { settings: { [subject]: 'on' } },
  }));
}

/** Views that are read as their owner. */
function views(on: Grounds): readonly Candidate[] {
  if (reasonsOf(on, 'different-user').length === 0 || on.opened.views.length === 0) return [];
  const invoker = on.versionNum >= 150000;
  return [
    {
      kind: 'command',
      reasons: ['different-user'],
      title: invoker ? 'read the view as the role that queries it' : `let ${on.user} own the view`,
      sql: on.opened.views.map((view) => `ALTER VIEW ${qualified(view)} ${invoker ? 'SET (security_invoker = true)' : `OWNER TO ${ident(on.user)}`};`).join('\n'),
      spec: null,
      changesMeaning: 'the privileges and the user mapping of that role count then, instead of those of the owner',
      trial: { change: { everything: true } },
    },
  ];
}

function checkOptions(on: Grounds): readonly Candidate[] {
  if (reasonsOf(on, 'check-option').length === 0) return [];
  return [
    {
      kind: 'command',
      reasons: ['check-option'],
      title: 'write to the foreign table, or to the view without its CHECK OPTION',
      sql: on.opened.views.filter((view) => view.checkOption).map((view) => `ALTER VIEW ${qualified(view)} RESET (check_option);`).join('\n'),
      spec: null,
      changesMeaning: 'rows that the view does not show can then be written through it; a CHECK constraint on the remote can forbid them',
      trial: { change: { everything: true, withoutViewOptions: ['check_option'] } },
    },
  ];
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
      trial: 'ANALYZE reads the remote table and writes statistics, which checking does not',
    };
  });
}

/** Costs that the remote itself tells. */
function estimates(on: Grounds): readonly Candidate[] {
  if (reasonsOf(on, 'not-chosen-cost').length === 0) return [];
  const servers = [...new Set(foreignTables(on).flatMap(({ server }) => server?.name ?? []))];
  return servers.map((server) => ({
    kind: 'option',
    reasons: ['not-chosen-cost'],
    title: `ask the remote for its costs when planning`,
    sql: foreignTables(on).filter((table) => table.server?.name === server).map((table) => `ALTER FOREIGN TABLE ${qualified(table)} OPTIONS (ADD use_remote_estimate 'true');`).join('\n'),
    spec: foreignTables(on).filter((table) => table.server?.name === server).map((table) => ({ path: ['tables', `${table.schema}.${table.name}`, 'options', 'use_remote_estimate'], value: 'true' })),
    changesMeaning: null,
    trial: { change: { tables: new Map(foreignTables(on).map((table) => [table.oid, { options: { use_remote_estimate: 'true' } }])) } },
  }));
}
