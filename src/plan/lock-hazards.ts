import type { Change } from '../model/change.ts';
import type { Families, Family } from '../model/family.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { FdwObject } from '../model/objects.ts';
import { placeAmong } from '../model/partitioned-table.ts';
import { reachesHeirs } from '../model/reaches-heirs.ts';
import { qualified } from '../sql/quote.ts';
import { asideOf, joinsOf, partsOf } from './joins.ts';
import type { Hazard } from './types.ts';

/** A relation that is locked in ACCESS EXCLUSIVE mode, by the name that it has before the change; why, where that does not go without saying. */
interface Locked {
  readonly table: QualifiedName;
  readonly why?: string;
}

type TableUpdate = Extract<Change, { action: 'update'; kind: 'foreign-table' }>;

/** The locks that queries have to wait for, each relation once. Sources: commands/tablecmds.c, catalog/heap.c and the manual's pages of the statements, 14 to 18; tried on all. */
export function lockHazards(change: Change, families: Families): readonly Hazard[] {
  const found = new Map<string, Locked>();
  for (const locked of locksOf(change, families)) if (!found.has(nameKey(locked.table))) found.set(nameKey(locked.table), locked);
  return [...found.values()].map(({ table, why }) => ({ id: 'lock-taken', message: `ACCESS EXCLUSIVE on ${qualified(table)}${why === undefined ? '' : `, ${why},`} until the transaction ends: queries on it wait.` }));
}

/** The relations whose families have a say in what a change locks. */
export function concernedBy(change: Change): readonly QualifiedName[] {
  return [...takenOf(change), ...alteredBy(change), ...partsOf(change).map(({ table }) => table), ...madeOf(change).map(({ parent }) => parent)];
}

function alteredBy(change: Change): readonly QualifiedName[] {
  if (change.action !== 'update') return [];
  if (change.kind === 'partitioned-table') return [change.after];
  return change.kind === 'foreign-table' ? [change.renamedFrom ?? change.after, ...(change.attach === undefined ? [] : [change.attach.parent])] : [];
}

function locksOf(change: Change, families: Families): readonly Locked[] {
  const of = (table: QualifiedName): Family | undefined => families.get(nameKey(table));
  return [
    ...(change.action === 'update' && change.kind === 'foreign-table' ? ofUpdate(change, of) : []),
    ...(change.action === 'update' && change.kind === 'partitioned-table' ? ofPartitioned(change, of) : []),
    ...takenOf(change).flatMap((table) => [{ table }, ...ofPlace(of(table))]),
    ...partsOf(change).flatMap(({ table, partition }) => [{ table }, ...(partition ? ofPlace(of(table)) : [])]),
    ...asideOf(change).map(({ heir }) => ({ table: heir, why: 'which inherits from what is replaced' })),
    ...madeOf(change).flatMap(({ parent }) => (of(parent) === undefined ? [] : [{ table: parent, why: 'which gets a partition' }, ...ofRest(of(parent)?.takesRest, parent)])),
    ...joinsOf(change).flatMap(({ besides, parent }) => ofRest(besides, parent)),
  ];
}

/* COMMENT, GRANT, SET STATISTICS and SET (n_distinct) take locks that reading does not mind (commands/tablecmds.c, AlterTableGetLockLevel, 14 to 18). */
function ofUpdate(change: TableUpdate, of: (table: QualifiedName) => Family | undefined): readonly Locked[] {
  const { after, renamedFrom, attach, columns, checks } = change;
  const joins = attach !== undefined || joinsOf(change).length > 0 || change.inheritAgain !== undefined;
  const alters = change.options.length > 0 || checks.length > 0 || columns.some(({ kind }) => kind !== 'set-number' && kind !== 'set-column-comment') || change.facets.some(({ facet }) => facet === 'owner');
  if (renamedFrom === undefined && !joins && !alters) return [];
  const table = renamedFrom ?? after;
  return [{ table }, ...(alters && reachesHeirs(columns, checks) ? ofDescendants(of(table), 'which inherits from it') : []), ...(attach === undefined || after.madeByParent !== true ? [] : ofRest(of(attach.parent)?.takesRest, attach.parent))];
}

function ofPartitioned({ after, columns, detach }: Extract<Change, { action: 'update'; kind: 'partitioned-table' }>, of: (table: QualifiedName) => Family | undefined): readonly Locked[] {
  if (columns.length === 0 && detach.length === 0) return [];
  const own = of(after);
  return [{ table: after }, ...(reachesHeirs(columns) ? ofDescendants(own, 'which is part of it') : []), ...detach.map((table) => ({ table })), ...(detach.length > 0 ? ofRest(own?.takesRest, after) : [])];
}

function ofDescendants(family: Family | undefined, why: string): readonly Locked[] {
  return (family?.descendants ?? []).map((table) => ({ table, why }));
}

/** A partition that goes takes its parent and the default partition with it into the lock: heap_drop_with_catalog, ATExecDetachPartition. */
function ofPlace(family: Family | undefined): readonly Locked[] {
  if (family?.partitionOf === undefined) return [];
  const { partitionOf: parent, besides } = family;
  return [{ table: parent, why: 'which a partition leaves' }, ...ofRest(besides, parent)];
}

/** Where a partition comes, the default one is looked through for rows of its. */
function ofRest(table: QualifiedName | undefined, parent: QualifiedName): readonly Locked[] {
  return table === undefined ? [] : [{ table, why: `the default partition of ${qualified(parent)}, whose rows here are read through` }];
}

/** The tables that a change drops, whether or not they come back, by the names that they have. */
function takenOf(change: Change): readonly QualifiedName[] {
  const gone: readonly FdwObject[] = change.action === 'drop' ? [change.object] : change.action !== 'replace' ? [] : change.kind === 'server' ? change.gone : [change.before];
  return gone.flatMap((object) => (object.kind === 'foreign-table' ? (object.renamedFrom ?? object) : object.kind === 'partitioned-table' ? object : []));
}

/** The places of what a change makes by PARTITION OF, which takes more of a lock than ATTACH. */
function madeOf(change: Change): readonly { readonly parent: QualifiedName }[] {
  const made: readonly FdwObject[] = change.action === 'create' ? [change.object] : change.action !== 'replace' ? [] : change.kind === 'server' ? change.back : [change.after];
  return made.flatMap((object) => (object.kind === 'foreign-table' && object.madeByParent === true ? (placeAmong(object.partitionOf) ?? []) : []));
}
