import type { Plan } from '../plan/types.ts';
import { render } from '../sql/statement.ts';
import { summaryLine } from './plan-summary.ts';
import { inert } from './psql/inert.ts';
import { secretVariables, setVariable } from './psql/secrets.ts';
import { visible } from './text.ts';

/** One line of comment; nothing in it can end the line. */
function comment(text: string): string {
  return `-- ${visible(text)}`.trimEnd();
}

/**
 * A plan as a script for psql (14 and later, with a POSIX shell): all in one transaction, stops at the first
 * error, waits at most five seconds for a lock. No secret is in it: psql takes each from where the spec says it
 * is, or from `psql -v`.
 */
export function planScript(plan: Plan): string {
  const { database, changes, notices } = plan;
  const { variables, nameOf } = secretVariables(plan);
  const head = [
    comment(`fdw plan for the database ${database.name} on ${database.host}:${database.port}`),
    comment(summaryLine(plan)),
    ...notices.map(({ address, message }) => comment(`Worth knowing: ${address}: ${message}`)),
    ...(variables.length > 0
      ? [comment("Passwords are sent as part of the statements: a server with log_statement = 'ddl' or 'all' logs them.")]
      : []),
  ];
  if (changes.length === 0) return head.join('\n');
  const body = changes.flatMap((change) => [
    '',
    comment(change.address),
    ...change.hazards.map(({ id, message }) => comment(`! ${id}: ${message}`)),
    ...change.statements.map((statement) => `${script(statement.parts, nameOf)};`),
  ]);
  return [
    ...head,
    '',
    '\\set ON_ERROR_STOP on',
    '\\encoding UTF8',
    ...variables.map(setVariable),
    '',
    'BEGIN;',
    "SET LOCAL lock_timeout = '5s';",
    ...body,
    '',
    'COMMIT;',
    ...variables.map(({ name }) => `\\unset ${name}`),
  ].join('\n');
}

/** A statement's text, a psql variable in place of each secret. */
function script(parts: Plan['changes'][number]['statements'][number]['parts'], nameOf: ReturnType<typeof secretVariables>['nameOf']): string {
  // Only text between secrets can hold something that psql would replace; a slot stands outside of any quotes.
  return render({ parts: parts.map((part) => (typeof part === 'string' ? inert(part) : part)) }, (slot) => `:'${nameOf(slot)}'`);
}
