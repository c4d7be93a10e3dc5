import type { Change } from '../model/change.ts';
import { sameName, type QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import { placeAmong } from '../model/partitioned-table.ts';
import { qualified } from '../sql/quote.ts';
import { joinsOf, partsOf } from './joins.ts';
import type { Hazard } from './types.ts';

/** What it does to queries that tables leave parents and join others. */
export function parentHazards(change: Change): readonly Hazard[] {
  const leave = partsOf(change);
  const joins = joinsOf(change);
  return [
    ...leave.filter(({ returns }) => !returns).map(({ table, parent }) => rows(parent, `no longer see the rows of ${qualified(table)}`)),
    ...joins.filter(({ parent, bound }) => !was(change, parent, bound)).map(({ table, parent, bound }) => rows(parent, bound === undefined ? `see the rows of ${qualified(table)} too` : `look for these rows in ${qualified(table)}: ${bound}`)),
  ];
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
