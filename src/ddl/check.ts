import type { Check, CheckChange } from '../model/check.ts';
import { ident } from '../sql/quote.ts';
import type { Statement } from '../sql/statement.ts';

/** A check as CREATE FOREIGN TABLE and ADD take it. Its expression is the server's own words (pg_get_expr), never the user's. */
export function checkDefinition({ name, expression, noInherit, notValid, notEnforced }: Check): string {
  return `CONSTRAINT ${ident(name)} CHECK (${expression})${noInherit ? ' NO INHERIT' : ''}${notValid ? ' NOT VALID' : ''}${notEnforced ? ' NOT ENFORCED' : ''}`;
}

/** The subcommand of ALTER FOREIGN TABLE for one change of a check. */
export function checkAction(change: CheckChange): Statement['parts'] {
  switch (change.kind) {
    case 'add-check':
      return [`ADD ${checkDefinition(change.check)}`];
    case 'drop-check':
      return [`DROP CONSTRAINT ${ident(change.name)}`];
    case 'validate-check':
      return [`VALIDATE CONSTRAINT ${ident(change.name)}`];
  }
}
