import { type Change, objectOf } from '../model/change.ts';
import type { FdwObject } from '../model/objects.ts';

/** What must exist before what: an extension may need a schema, a table its server and its types. */
const order: Record<FdwObject['kind'], number> = {
  schema: 0,
  extension: 1,
  server: 2,
  'user-mapping': 3,
  enum: 4,
  domain: 4,
  composite: 4,
  range: 4,
  'foreign-table': 5,
};

/** Changes in the order in which they can run. Within a kind, the order of the desired objects stays. */
export function inOrder(changes: readonly Change[]): readonly Change[] {
  return [...changes].sort((a, b) => order[objectOf(a).kind] - order[objectOf(b).kind]);
}
