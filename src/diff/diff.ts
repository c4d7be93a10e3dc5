import { objectsOf } from '../model/database-state.ts';
import { identityOf } from '../model/identity.ts';
import { nameKey } from '../model/name.ts';
import { parentsFirst } from '../model/parents-first.ts';
import { withRenames } from '../model/renames.ts';
import type { ActualState, DesiredState, FdwObject, OtherRelation, UserMapping } from '../model/objects.ts';
import { type Change, type Difference, objectOf } from '../model/change.ts';
import { isType } from '../model/user-types.ts';
import { takenNames, unknownNames } from './former-names.ts';
import { diffFacets } from './facets.ts';
import { diffForeignTable } from './foreign-table.ts';
import { inheritedParts } from './inherited.ts';
import { withPartings } from './parents.ts';
import { detachments, diffPartitionedTable, takenAlong } from './partitioned-table.ts';
import { diffReplacedServers, diffServer } from './server.ts';
import { diffWrapper } from './wrapper.ts';
import { type Comparison, diffOptions, type Reveal, type TableComparison } from './options.ts';
import { diffType } from './types/type.ts';

/** What to do with user mappings whose options this role may not see. */
export type HiddenMappings = 'leave' | 'rewrite';

/**
 * What has to change for every desired object to be as desired, and for those that shall be absent to be gone.
 * Objects that only `actual` has are nobody's business here: fdw owns what the spec names.
 */
export function diff(desired: DesiredState, found: ActualState, reveal: Reveal, hidden: HiddenMappings = 'leave'): Difference {
  const actual = withRenames(desired, found);
  const present = new Map(objectsOf(actual).map((object) => [identityOf(object), object]));
  const servers = new Map([...actual.servers, ...desired.servers].map(({ name, wrapper }) => [name, wrapper]));
  const taken = new Map([...actual.otherRelations, ...foreignOnes(desired, actual)].map((relation) => [nameKey(relation), relation]));
  const leaving = detachments(desired, actual);
  const comparisons = new Map<string | undefined, TableComparison>();
  const comparisonOf = (object: FdwObject): TableComparison => {
    const wrapper = wrapperOf(object, servers);
    const comparison = comparisons.get(wrapper) ?? { reveal, wrapper, versionNum: actual.versionNum, asWanted: new Map() };
    comparisons.set(wrapper, comparison);
    return comparison;
  };
  const replaced = diffReplacedServers(desired, actual, comparisonOf);
  const differences = objectsOf(desired).map((object) => {
    const other = obstacleTo(object, taken);
    const comparison = comparisonOf(object);
    if (replaced.covered.has(identityOf(object))) return {};
    if (other !== undefined) return nameTaken(object, other);
    const before = present.get(identityOf(object));
    if (object.kind === 'partitioned-table' && before?.kind === 'partitioned-table') return diffPartitionedTable(object, before, leaving.get(nameKey(object)) ?? [], comparison);
    return diffObject(object, before, comparison, hidden);
  });
  const changes = withPartings(differences.flatMap((each) => each.changes ?? []), desired, actual, replaced.covered);
  return {
    changes: [...changes, ...replaced.difference.changes, ...dropped(desired, present).filter((change) => !replaced.covered.has(identityOf(objectOf(change))))],
    unknown: [...differences.flatMap(({ unknown }) => unknown ?? []), ...strayNames(desired, actual), ...unknownNames(desired, actual)],
    impossible: [...differences.flatMap(({ impossible }) => impossible ?? []), ...replaced.difference.impossible, ...inheritedParts([...changes, ...replaced.difference.changes], actual, leaving), ...takenNames(desired, actual), ...takenAlong(desired, present)],
  };
}

function dropped({ absent }: DesiredState, present: ReadonlyMap<string, FdwObject>): readonly Change[] {
  const objects = (absent ?? []).flatMap((name) => present.get(identityOf(name)) ?? []);
  const tables = objects.filter((object) => object.kind === 'foreign-table');
  // The last are dropped first.
  return [...objects.filter((object) => object.kind !== 'foreign-table'), ...parentsFirst(tables)].map((object) => ({ action: 'drop', object }));
}

function diffObject(after: FdwObject, before: FdwObject | undefined, comparison: TableComparison, hidden: HiddenMappings): Partial<Difference> {
  if (after.kind === 'wrapper') return one(diffWrapper(after, before?.kind === 'wrapper' ? before : undefined, comparison));
  if (before === undefined) return { changes: [{ action: 'create', object: after }] };
  if (after.kind === 'server' && before.kind === 'server') return diffServer(after, before, comparison);
  if (after.kind === 'user-mapping' && before.kind === 'user-mapping') return diffUserMapping(after, before, comparison, hidden);
  if (after.kind === 'foreign-table' && before.kind === 'foreign-table') {
    return one(diffForeignTable(after, before, comparison));
  }
  if (after.kind === 'schema' && before.kind === 'schema') {
    const facets = diffFacets(after, before);
    return one(facets.length === 0 ? undefined : { action: 'update', kind: 'schema', after, facets });
  }
  if (after.kind === 'extension' && before.kind === 'extension') {
    const same =
      (after.schema === undefined || after.schema === before.schema) &&
      (after.version === undefined || after.version === before.version);
    return one(same ? undefined : { action: 'update', kind: 'extension', before, after });
  }
  return isType(after) && isType(before) ? diffType(after, before) : {};
}

/** Foreign tables that have the name of a desired partitioned one. */
function foreignOnes(desired: DesiredState, actual: ActualState): readonly OtherRelation[] {
  const wanted = new Set((desired.partitionedTables ?? []).map(nameKey));
  return actual.foreignTables.filter((table) => wanted.has(nameKey(table))).map(({ schema, name }) => ({ schema, name, what: 'foreign table' }));
}

/** The relation that has the name of a desired one, or of a desired type. */
function obstacleTo(object: FdwObject, taken: ReadonlyMap<string, OtherRelation>): OtherRelation | undefined {
  if (object.kind !== 'foreign-table' && object.kind !== 'partitioned-table' && !isType(object)) return undefined;
  const other = taken.get(nameKey(object));
  if (other === undefined || (object.kind === 'partitioned-table' && other.what === 'partitioned table')) return undefined;
  return isType(object) && !hasRowType(other) ? undefined : other;
}

/** Relations with rows have a type of their own name, so they meet types too; a composite type is compared as such. */
function hasRowType({ what }: OtherRelation): boolean {
  return what !== 'index' && what !== 'sequence' && what !== 'composite type';
}

/** The wrapper that reads an object's options. */
function wrapperOf(object: FdwObject, wrappers: ReadonlyMap<string, string>): string | undefined {
  if (object.kind === 'wrapper') return object.name;
  if (object.kind === 'server') return object.wrapper;
  return 'server' in object ? wrappers.get(object.server) : undefined;
}

function nameTaken(object: FdwObject, { what }: OtherRelation): Partial<Difference> {
  const message = `the name is taken by a ${what} of the local database`;
  return { impossible: [{ object, message, todo: 'Give one of them another name, or leave the foreign table out of the spec.' }] };
}

/** Servers that exist under both names: which of them is meant cannot be known. */
function strayNames(desired: DesiredState, actual: ActualState): Difference['unknown'] {
  const present = new Set(actual.servers.map(({ name }) => name));
  return desired.servers.flatMap((object) =>
    object.renamedFrom !== undefined && present.has(object.renamedFrom)
      ? [{ object, message: `server ${object.renamedFrom}, which it is renamed from, exists too: nothing is renamed. Drop it, or leave out renamed_from` }]
      : [],
  );
}

function one(change: Change | undefined): Partial<Difference> {
  return change === undefined ? {} : { changes: [change] };
}

function diffUserMapping(after: UserMapping, before: UserMapping, comparison: Comparison, hidden: HiddenMappings): Partial<Difference> {
  if (after.options === 'unknown') return {};
  if (before.options === 'unknown') {
    if (hidden === 'rewrite') return one({ action: 'update', kind: 'user-mapping', after, options: 'rewrite' });
    return {
      unknown: [{ object: after, message: 'its options are hidden from this role: not compared, left as they are (--set-secrets writes them all the same)' }],
    };
  }
  const options = diffOptions(after.options, before.options, comparison);
  return one(options.length === 0 ? undefined : { action: 'update', kind: 'user-mapping', after, options });
}
