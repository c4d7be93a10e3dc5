import type { Rebuild } from '../model/rebuild.ts';
import { aclShape } from './acl-again.ts';
import { hashOf } from './fingerprints.ts';

/** What it takes to make it, as a short hash. */
export function foundHash({ statements, acl }: Rebuild): string {
  return hashOf([statements, acl === undefined ? [] : aclShape(acl)]);
}

/** What of it has to be there again. */
export function shapeOf({ shape, acl }: Pick<Rebuild, 'shape' | 'acl'>): readonly string[] {
  return [...shape, ...(acl === undefined ? [] : aclShape(acl))];
}
