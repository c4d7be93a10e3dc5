import type { Check, CheckChange } from '../model/check.ts';
import type { ForeignTable } from '../model/objects.ts';
import { joinsParents, managesParents } from './parents.ts';

/**
 * What turns the actual checks into the desired ones. A column that is dropped takes the checks on it along
 * (seen on 14 to 18), so that those that stay are added again; so are those of a column that comes back.
 *
 * Where the spec says what the table is part of, it has the checks that its parents ask for, too: those of parents that it leaves
 * are its own then.
 *
 * @param dropped columns of the actual table that are dropped
 */
export function diffChecks(after: ForeignTable, before: ForeignTable, dropped: ReadonlySet<string>): readonly CheckChange[] {
  if ([after.checks, before.checks, after.handedDown, before.handedDown].every((checks = []) => checks.length === 0)) return [];
  const managed = managesParents(after);
  const asked = managed ? (after.handedDown ?? []) : [];
  const askedNames = new Set(asked.map(({ name }) => name));
  const columns = new Set(after.columns.map(({ name }) => name));
  const actual = [...(before.checks ?? []), ...(managed ? (before.handedDown ?? []) : [])];
  const lost = (check: Check): boolean => (check.columns ?? []).some((column) => dropped.has(column));
  const own = after.checks ?? actual.filter((check) => (check.columns ?? []).every((column) => columns.has(column)));
  const left = new Map(actual.filter((check) => !lost(check)).map((check) => [check.name, check]));
  const joins = managed && joinsParents(after, before);
  const wanted = [...own.filter(({ name }) => !askedNames.has(name)), ...asked.map((check) => asMerged(check, left.get(check.name), joins))];
  const names = new Set(wanted.map(({ name }) => name));
  const drops = [...left.keys()].filter((name) => !names.has(name)).map((name): CheckChange => ({ kind: 'drop-check', name }));
  return [...drops, ...wanted.flatMap((check) => diffCheck(check, left.get(check.name)))];
}

/**
 * A check that parents ask for, where the table has it from parents already: it may say more than they do, and be not valid as theirs was
 * when they got it. What joins a parent must be valid (commands/tablecmds.c, MergeConstraintsIntoExisting, 14 to 18).
 */
function asMerged(check: Check, present: Check | undefined, joins: boolean): Check {
  if (present?.inherited !== true) return check;
  return { ...check, notValid: !joins && present.notValid, notEnforced: check.notEnforced && present.notEnforced };
}

function diffCheck(after: Check, before: Check | undefined): readonly CheckChange[] {
  const { name } = after;
  if (before === undefined) return [{ kind: 'add-check', check: after }];
  const same = after.expression === before.expression && after.noInherit === before.noInherit && after.notEnforced === before.notEnforced;
  if (same && after.notValid === before.notValid) return [];
  if (same && before.notValid) return [{ kind: 'validate-check', name }];
  return [{ kind: 'drop-check', name }, { kind: 'add-check', check: after }];
}
