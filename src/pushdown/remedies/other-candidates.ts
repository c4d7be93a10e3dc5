import { ident, qualified } from '../../sql/quote.ts';
import { reasonsOf } from './candidate.ts';
import type { Candidate, Grounds } from './candidate.ts';

/** Remedies by settings and views. */
export function otherCandidates(on: Grounds): readonly Candidate[] {
  return [...settings(on), ...views(on), ...checkOptions(on), ...barriers(on)];
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

/** Views that hide rows until their own conditions have been checked. */
function barriers(on: Grounds): readonly Candidate[] {
  const names = reasonsOf(on, 'security-barrier').map(({ subject }) => subject);
  const views = on.opened.views.filter((view) => names.includes(`${view.schema}.${view.name}`));
  if (views.length === 0) return [];
  return [
    {
      kind: 'command',
      reasons: ['security-barrier'],
      title: 'let conditions pass the view',
      sql: [...new Set(views.map((view) => `ALTER VIEW ${qualified(view)} RESET (security_barrier);`))].join('\n'),
      spec: null,
      changesMeaning: 'whoever may query the view could then learn of rows that it leaves out, by a function or an error in a condition; only where nobody has to be kept from them',
      trial: { change: { everything: true, withoutViewOptions: ['security_barrier'] } },
    },
  ];
}
