import type { RuleExample } from '../model/rule-examples.ts';

/** What the page of a rule says around its example, in every form. */
export const exampleWords = {
  says: ({ remote }: RuleExample): string => `\`fdw check-pushdown${remote === true ? ' --remote' : ''}\` says:`,
  remedy: 'It offers:',
  instead: 'Without it:',
} as const;

/** ` (PostgreSQL 17 and later)`; empty where an example holds on all majors. */
export function heldOn({ from, to }: RuleExample): string {
  if (from !== undefined) return ` (PostgreSQL ${from} and later)`;
  return to === undefined ? '' : ` (up to PostgreSQL ${to})`;
}
