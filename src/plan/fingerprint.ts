import { createHash } from 'node:crypto';
import { objectsOf } from '../model/database-state.ts';
import { identityOf } from '../model/identity.ts';
import type { DatabaseState } from '../model/objects.ts';

/**
 * SHA-256 (hex) of what a plan depends on: of every desired object, whether it exists and what it is now.
 * Objects that the plan does not name do not count, so other people's work does not spoil a saved plan.
 * Secrets come out as `(sensitive)` in it: a rotated password does not either.
 */
export function fingerprintOf(desired: DatabaseState, actual: DatabaseState): string {
  const present = new Map(objectsOf(actual).map((object) => [identityOf(object), object]));
  const hash = createHash('sha256');
  for (const object of objectsOf(desired)) {
    const identity = identityOf(object);
    hash.update(`${identity}\n${JSON.stringify(present.get(identity) ?? null)}\n`);
  }
  return hash.digest('hex');
}
