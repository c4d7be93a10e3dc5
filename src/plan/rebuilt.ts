import type { Rebuild } from '../model/rebuild.ts';
import { aclShape } from './acl-again.ts';
import { hashOfNotNulls } from './not-nulls-again.ts';
import { sequenceShape } from './sequences-again.ts';
import { hashOf } from './fingerprints.ts';

/** What it takes to make it, as a short hash. */
export function foundHash({ statements, acl, sequences, notNulls, labels }: Rebuild): string {
  return hashOf([statements, acl === undefined ? [] : aclShape(acl), sequences.map(sequenceShape), hashOfNotNulls(notNulls), labels]);
}

/** What of it has to be there again. */
export function shapeOf({ shape, acl, sequences, labels }: Pick<Rebuild, 'shape' | 'acl' | 'sequences' | 'labels'>): readonly string[] {
  return [...shape, ...(acl === undefined ? [] : aclShape(acl)), ...sequences.flatMap(sequenceShape), ...labels.map(({ provider, label, column = '', sequence = '' }) => JSON.stringify([provider, label, column, sequence])).sort()];
}
