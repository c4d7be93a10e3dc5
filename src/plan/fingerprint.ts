import { createHash } from 'node:crypto';
import { objectsOf } from '../model/database-state.ts';
import type { Facets } from '../model/facets.ts';
import { identityOf } from '../model/identity.ts';
import type { DatabaseState, FdwObject } from '../model/objects.ts';

/**
 * SHA-256 (hex) of what a plan depends on: of every desired object, whether it exists and what it is now.
 * Objects that the plan does not name do not count, so other people's work does not spoil a saved plan.
 * Nor do owners, grants and comments that the spec does not manage. Secrets come out as `(sensitive)` in it: a rotated password does not either.
 */
export function fingerprintOf(desired: DatabaseState, actual: DatabaseState): string {
  const present = new Map(objectsOf(actual).map((object) => [identityOf(object), object]));
  const hash = createHash('sha256');
  for (const object of objectsOf(desired)) {
    const identity = identityOf(object);
    hash.update(`${identity}\n${JSON.stringify(relevant(present.get(identity), object))}\n`);
  }
  return hash.digest('hex');
}

function relevant(actual: FdwObject | undefined, desired: FdwObject): unknown {
  const unmanaged = facetNames.filter((name) => !(name in desired) || Reflect.get(desired, name) === undefined);
  return actual === undefined ? null : { ...actual, ...Object.fromEntries(unmanaged.map((name) => [name, undefined])) };
}

const facetNames = ['owner', 'comment', 'grants'] satisfies (keyof Facets)[];
