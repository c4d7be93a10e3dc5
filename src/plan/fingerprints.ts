import { createHash } from 'node:crypto';
import type { Column } from '../model/column.ts';
import { objectsOf } from '../model/database-state.ts';
import type { Facets } from '../model/facets.ts';
import { identityOf } from '../model/identity.ts';
import type { ActualState, DesiredState, FdwObject, ForeignTable, ObjectName } from '../model/objects.ts';
import { withRenames } from '../model/renames.ts';
import { addressOf } from './address.ts';

/** What objects were, by their addresses: a short hash, or `absent`. */
export type Fingerprints = Readonly<Record<string, string>>;

const absent = 'absent';

/**
 * What a plan depends on: of every desired object and of those that shall be absent, whether it exists and what it is now.
 * Objects that the plan does not name do not count, so other people's work does not spoil a saved plan.
 * Nor do owners, grants and comments that the spec does not manage. Secrets come out as `(sensitive)` in it: a rotated password does not either.
 */
export function fingerprintsOf(desired: DesiredState, actual: ActualState): Fingerprints {
  const present = new Map(objectsOf(withRenames(desired, actual)).map((object) => [identityOf(object), object]));
  const was = (object: ObjectName, part: (actual: FdwObject) => unknown): readonly [string, string] => {
    const found = present.get(identityOf(object));
    return [addressOf(object), found === undefined ? absent : hashOf(part(found))];
  };
  return Object.fromEntries([
    ...objectsOf(desired).map((object) => was(object, (actual) => relevant(actual, object))),
    ...(desired.absent ?? []).map((name) => was(name, (actual) => managedPart(actual, name, objectParts))),
  ]);
}

function relevant(actual: FdwObject, desired: FdwObject): unknown {
  const managed = managedPart(actual, desired, objectParts);
  // Each partition that the plan speaks of counts by itself.
  if (actual.kind === 'partitioned-table') return { ...managed, partitions: undefined };
  if (actual.kind !== 'foreign-table' || desired.kind !== 'foreign-table') return managed;
  const wanted = new Map(desired.columns.map((column) => [column.name, column]));
  return { ...managed, columns: actual.columns.map((column) => managedPart(column, wanted.get(column.name) ?? column, columnParts)) };
}

/** The actual object without those of its parts that the desired one leaves open. */
function managedPart(actual: object, desired: object, parts: readonly string[]): object {
  const managed = { ...actual };
  // Only keys that are there: each key added to a copy would give that copy a shape of its own in V8, half a kilobyte for each of a million columns.
  for (const name of parts) if (name in managed && Reflect.get(desired, name) === undefined) Reflect.set(managed, name, undefined);
  return managed;
}

const objectParts = ['owner', 'comment', 'grants', 'columnGrants', 'checks'] satisfies (keyof Facets | keyof ForeignTable)[];
/* Whose a column is changes where its parent is replaced. */
const columnParts = ['statistics', 'nDistinct', 'nDistinctInherited', 'storage', 'comment', 'handedDown', 'notNullAbove'] satisfies (keyof Column)[];

/** 16 hexadecimal digits that tell two values apart as JSON does. Against accidents, not against forgers. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** The objects that are not as they were, and what has become of them. */
export function differences(before: Fingerprints, now: Fingerprints): readonly { readonly address: string; readonly what: 'created' | 'dropped' | 'altered' }[] {
  return Object.entries(now).flatMap(([address, hash]) => {
    const was = before[address] ?? absent;
    if (was === hash) return [];
    return [{ address, what: was === absent ? 'created' : hash === absent ? 'dropped' : 'altered' } as const];
  });
}
