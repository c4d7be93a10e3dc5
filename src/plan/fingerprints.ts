import { createHash } from 'node:crypto';
import { objectsOf } from '../model/database-state.ts';
import type { Facets } from '../model/facets.ts';
import { identityOf } from '../model/identity.ts';
import type { ActualState, DesiredState, FdwObject, ObjectName } from '../model/objects.ts';
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
  return Object.fromEntries([...objectsOf(desired), ...(desired.absent ?? [])].map((object) => [addressOf(object), fingerprintOf(present.get(identityOf(object)), object)]));
}

function fingerprintOf(actual: FdwObject | undefined, desired: ObjectName): string {
  if (actual === undefined) return absent;
  const unmanaged = facetNames.filter((name) => !(name in desired) || Reflect.get(desired, name) === undefined);
  return hashOf({ ...actual, ...Object.fromEntries(unmanaged.map((name) => [name, undefined])) });
}

const facetNames = ['owner', 'comment', 'grants'] satisfies (keyof Facets)[];

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
