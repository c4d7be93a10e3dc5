import type { Aside, Change, Parting } from '../model/change.ts';
import type { QualifiedName } from '../model/name.ts';
import type { ForeignTable } from '../model/objects.ts';
import { placeAmong } from '../model/partitioned-table.ts';

/** A parent that a foreign table becomes part of. */
interface Join {
  readonly table: ForeignTable;
  readonly parent: QualifiedName;
  /** Of a partition. */
  readonly bound: string | undefined;
  /** Of a partition: that of the parent that takes what no other does. undefined: there is none, or it is this one. */
  readonly besides: QualifiedName | undefined;
}

/** The parents that a change makes a foreign table part of. The partitions of a sharded table are that table's own affair. */
export function joinsOf(change: Change): readonly Join[] {
  if (change.action === 'create') return change.object.kind === 'foreign-table' && change.object.madeByParent !== true ? joins(change.object, change.object) : [];
  if (change.action === 'drop' || change.kind !== 'foreign-table' || change.after.madeByParent === true) return [];
  return change.action === 'replace' ? joins(change.after, change.after) : joins(change.after, { inherits: change.inherit, partitionOf: change.attach });
}

function joins(table: ForeignTable, { inherits = [], partitionOf }: Pick<ForeignTable, 'inherits' | 'partitionOf'>): readonly Join[] {
  const place = placeAmong(partitionOf);
  return [...inherits.map((parent) => ({ table, parent, bound: undefined, besides: undefined })), ...(place === undefined ? [] : [{ table, ...place, besides: place.besides }])];
}

/** The tables that a change takes out of parents. */
export function partsOf(change: Change): readonly Parting[] {
  return 'leave' in change ? (change.leave ?? []) : [];
}

/** The heirs that step aside while a change replaces their parents. */
export function asideOf(change: Change): readonly Aside[] {
  return 'aside' in change ? (change.aside ?? []) : [];
}
