import { type Change, objectOf, type Parting } from '../model/change.ts';
import { identityOf } from '../model/identity.ts';
import { nameKey, sameName, type QualifiedName } from '../model/name.ts';
import type { ActualState, DesiredState, FdwObject, ForeignTable } from '../model/objects.ts';
import { placeAmong, type PartitionOf, samePartition } from '../model/partitioned-table.ts';
import { reachesHeirs } from '../model/reaches-heirs.ts';

type TableUpdate = Extract<Change, { action: 'update'; kind: 'foreign-table' }>;

/** Whether the spec says what the table is part of. */
export function managesParents({ partitionOf, inherits, madeByParent }: ForeignTable): boolean {
  return madeByParent !== true && (partitionOf !== undefined || inherits !== undefined);
}

/** The parents that a table leaves and those that it joins. */
export function diffParents(after: ForeignTable, before: ForeignTable): { readonly leave: readonly Parting[]; readonly inherit: readonly QualifiedName[]; readonly attach: PartitionOf | undefined } {
  const place = placeAmong(before.partitionOf);
  const moves = after.partitionOf !== undefined && !samePartition(after.partitionOf, before.partitionOf);
  const wanted = after.inherits ?? before.inherits ?? [];
  const left = (before.inherits ?? []).filter((parent) => !includes(wanted, parent));
  return {
    leave: [
      ...(moves && place !== undefined ? [parting(before, place.parent, true, sameName(place.parent, placeAmong(after.partitionOf)?.parent))] : []),
      ...left.map((parent) => parting(before, parent, false, false)),
    ],
    inherit: wanted.filter((parent) => !includes(before.inherits ?? [], parent)),
    attach: moves ? placeAmong(after.partitionOf) : undefined,
  };
}

/** Whether a table gets a parent that it does not have. */
export function joinsParents(after: ForeignTable, before: ForeignTable): boolean {
  const { inherit, attach } = diffParents(after, before);
  return inherit.length > 0 || attach !== undefined;
}

function includes(names: readonly QualifiedName[], name: QualifiedName): boolean {
  return names.some((each) => sameName(each, name));
}

function parting(table: ForeignTable, parent: QualifiedName, partition: boolean, returns: boolean): Parting {
  return { table: formerName(table), parent, partition, returns };
}

function formerName({ renamedFrom, schema, name }: ForeignTable): QualifiedName {
  return renamedFrom ?? { schema, name };
}

/**
 * Changes with their partings where they can be made: those of tables that only leave a parent by themselves, before all else;
 * the others, with those of partitions that shall be absent and of heirs whose parents change, by the first change that they concern.
 *
 * @param actual under the new names already (`withRenames`)
 * @param covered the identities of what goes and comes back with a server that is replaced
 */
export function withPartings(changes: readonly Change[], desired: DesiredState, actual: ActualState, covered: ReadonlySet<string>): readonly Change[] {
  const present = new Map(actual.foreignTables.map((table) => [nameKey(table), table]));
  const sharded = new Set((desired.partitionedTables ?? []).map(nameKey));
  const again = heirsOfChanging(changes, desired, present).filter(({ after }) => !covered.has(identityOf(after)));
  const all = withHeirs(changes, again).flatMap((change): readonly Change[] => {
    if (!('leave' in change)) return [change];
    const leave = (change.leave ?? []).filter(({ parent, partition }) => !partition || !sharded.has(nameKey(parent)));
    const kept = { ...change, leave: leave.length === 0 ? undefined : leave };
    return kept.action === 'update' && isEmpty(kept) ? [] : [kept];
  });
  const taken = new Set(all.flatMap((change) => placesIn(change).map(({ parent }) => nameKey(parent))));
  const going = absentPartitions(desired, present).filter(({ parent }) => taken.has(nameKey(parent)) && !sharded.has(nameKey(parent)));
  const alone = all.filter(onlyLeaves);
  const rest = all.filter((change) => !onlyLeaves(change));
  const partings = [...rest.flatMap((change) => ('leave' in change ? (change.leave ?? []) : [])), ...again.flatMap(({ table, parents }) => parents.map((parent) => parting(table, parent, false, true))), ...going];
  return [...alone, ...atFirst(rest, partings)].map((change) => underFormerNames(change, present));
}

/** Heirs that the spec names whose parents, foreign tables of the spec too, are replaced or get a change that would be theirs as well. */
function heirsOfChanging(changes: readonly Change[], desired: DesiredState, present: ReadonlyMap<string, ForeignTable>): readonly { readonly table: ForeignTable; readonly after: ForeignTable; readonly parents: readonly QualifiedName[] }[] {
  const changing = new Set(changes.flatMap((change) => (isOfTable(change) && change.action !== 'create' && (change.action === 'replace' || reachesHeirs(change.columns, change.checks)) ? [nameKey(change.after)] : [])));
  if (changing.size === 0) return [];
  return desired.foreignTables.flatMap((after) => {
    const table = present.get(nameKey(after));
    const parents = (after.inherits ?? []).filter((parent) => changing.has(nameKey(parent)) && includes(table?.inherits ?? [], parent));
    return table === undefined || parents.length === 0 ? [] : [{ table, after, parents }];
  });
}

function withHeirs(changes: readonly Change[], again: ReturnType<typeof heirsOfChanging>): readonly Change[] {
  const heirs = new Map(again.map((heir) => [identityOf(heir.after), heir]));
  const changed = changes.map((change): Change => {
    const heir = heirs.get(identityOf(objectOf(change)));
    if (heir === undefined) return change;
    heirs.delete(identityOf(heir.after));
    return change.action === 'update' && change.kind === 'foreign-table' ? { ...change, inheritAgain: heir.parents } : change;
  });
  const more = [...heirs.values()].map(({ after, parents }): TableUpdate => ({ action: 'update', kind: 'foreign-table', after, renamedFrom: undefined, options: [], columns: [], checks: [], facets: [], columnGrants: [], inheritAgain: parents }));
  return [...changed, ...more];
}

function isEmpty({ leave = [], attach, inherit = [], inheritAgain = [], renamedFrom, options, columns, checks, facets, columnGrants }: TableUpdate): boolean {
  return attach === undefined && renamedFrom === undefined && [leave, inherit, inheritAgain, options, columns, checks, facets, columnGrants].every(({ length }) => length === 0);
}

function onlyLeaves(change: Change): boolean {
  return change.action === 'update' && change.kind === 'foreign-table' && (change.leave ?? []).length > 0 && [...(change.inherit ?? []), ...(change.inheritAgain ?? [])].length === 0 && change.attach === undefined;
}

/** The places among partitions that a change takes. */
function placesIn(change: Change): readonly PartitionOf[] {
  const { kind } = objectOf(change);
  if (kind !== 'foreign-table' || change.action === 'drop') return [];
  const taken = change.action === 'update' ? ('attach' in change ? change.attach : undefined) : tableOf(objectOf(change))?.partitionOf;
  const place = placeAmong(taken);
  return place === undefined ? [] : [place];
}

function tableOf(object: FdwObject): ForeignTable | undefined {
  return object.kind === 'foreign-table' ? object : undefined;
}

function absentPartitions({ absent = [] }: DesiredState, present: ReadonlyMap<string, ForeignTable>): readonly Parting[] {
  return absent.flatMap((gone) => {
    const table = gone.kind === 'foreign-table' ? present.get(nameKey(gone)) : undefined;
    const place = placeAmong(table?.partitionOf);
    return table === undefined || place === undefined ? [] : [parting(table, place.parent, true, false)];
  });
}

function atFirst(changes: readonly Change[], partings: readonly Parting[]): readonly Change[] {
  if (partings.length === 0) return changes;
  const concerned = new Set(partings.flatMap(({ table, parent }) => [nameKey(table), nameKey(parent)]));
  const first = changes.findIndex((change) => {
    const table = tableOf(objectOf(change));
    if (table === undefined || change.action === 'drop') return false;
    const names = [table, ...(change.action === 'create' ? [] : 'renamedFrom' in change && change.renamedFrom !== undefined ? [change.renamedFrom] : []), ...placesIn(change).map(({ parent }) => parent)];
    return names.some((name) => concerned.has(nameKey(name)));
  });
  return changes.map((change, index): Change => {
    if (index === first && isOfTable(change)) return { ...change, leave: partings };
    return 'leave' in change ? { ...change, leave: undefined } : change;
  });
}

function isOfTable(change: Change): change is TableUpdate | Extract<Change, { action: 'create' }> | Extract<Change, { action: 'replace'; kind: 'foreign-table' }> {
  return change.action === 'create' || (change.action !== 'drop' && change.kind === 'foreign-table');
}

function underFormerNames(change: Change, present: ReadonlyMap<string, ForeignTable>): Change {
  if (!('leave' in change) || change.leave === undefined) return change;
  const leave = change.leave.map((one): Parting => {
    const parent = present.get(nameKey(one.parent));
    return parent === undefined ? one : { ...one, parent: formerName(parent) };
  });
  return { ...change, leave };
}
