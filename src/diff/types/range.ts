import { sameName } from '../../model/name.ts';
import type { RangeType } from '../../model/user-types.ts';

/** What is another in two range types, in words; SQL has no ALTER for any of it (postgresql.org/docs/18/sql-altertype.html). */
export function diffRange(after: RangeType, before: RangeType): readonly string[] {
  return [
    ...(after.subtype === before.subtype ? [] : ['subtype']),
    ...(sameName(after.opclass, before.opclass) ? [] : ['operator class']),
    ...(sameName(after.collation, before.collation) ? [] : ['collation']),
    ...(sameName(after.canonical, before.canonical) ? [] : ['canonical function']),
    ...(after.subdiff === undefined || sameName(after.subdiff, before.subdiff) ? [] : ['subdiff function']),
    ...(after.multirange === undefined || sameName(after.multirange, before.multirange) ? [] : ['multirange type']),
  ];
}
