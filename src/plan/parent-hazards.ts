import { someInLine } from '../base/some-of.ts';
import type { Aside, Change } from '../model/change.ts';
import { sameName, type QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import { placeAmong } from '../model/partitioned-table.ts';
import { ident, qualified } from '../sql/quote.ts';
import { asideOf, joinsOf, partsOf } from './joins.ts';
import type { Hazard } from './types.ts';

/** What it does to queries that tables leave parents and join others. */
export function parentHazards(change: Change): readonly Hazard[] {
  const leave = partsOf(change);
  const joins = joinsOf(change);
  return [
    ...leave.filter(({ returns }) => !returns).map(({ table, parent }) => rows(parent, `no longer see the rows of ${qualified(table)}`)),
    ...asideOf(change).flatMap(heirHazards),
    ...joins.filter(({ parent, bound }) => !was(change, parent, bound)).map(({ table, parent, bound }) => rows(parent, bound === undefined ? `see the rows of ${qualified(table)} too` : `look for these rows in ${qualified(table)}: ${bound}`)),
  ];
}

function heirHazards({ heir, what, again, ownFromThen, misfits }: Aside): readonly Hazard[] {
  const name = `${what} ${qualified(heir)}`;
  if (misfits.length > 0) return [{ id: 'not-recreated', message: `${name} could not inherit from ${qualified(again)} again: ${misfits.join(', ')}. Change the columns and checks in an apply of its own, before.` }];
  return ownFromThen.length === 0 ? [] : [{ id: 'columns-its-own', message: `${name} keeps ${someInLine(ownFromThen.map(ident))}, should ${qualified(again)} lose such a column.` }];
}

function rows(parent: QualifiedName, what: string): Hazard {
  return { id: 'parent-rows', message: `Queries on ${qualified(parent)} ${what}.` };
}

/** Whether a table that is replaced was the same part of the parent before. */
function was(change: Change, parent: QualifiedName, bound: string | undefined): boolean {
  if (change.action !== 'replace' || change.kind !== 'foreign-table') return false;
  const { inherits = [], partitionOf }: ForeignTable = change.before;
  const place = placeAmong(partitionOf);
  return bound === undefined ? inherits.some((one) => sameName(one, parent)) : place?.bound === bound && sameName(place.parent, parent);
}
