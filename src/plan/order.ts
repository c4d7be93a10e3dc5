import { type Change, objectOf } from '../model/change.ts';
import type { FdwObject } from '../model/objects.ts';

/** What must exist before what: an extension may need a schema, a wrapper functions that an extension brings, a table its server and its types. */
const order: Record<FdwObject['kind'], number> = {
  schema: 0,
  extension: 1,
  wrapper: 2,
  server: 3,
  'user-mapping': 4,
  enum: 5,
  domain: 5,
  composite: 5,
  range: 5,
  'partitioned-table': 6,
  'foreign-table': 7,
};

/**
 * Changes in the order in which they can run. Within a kind, the order of the desired objects stays. What is dropped
 * goes last, when nothing stands on it any more, and the other way round.
 */
export function inOrder(changes: readonly Change[]): readonly Change[] {
  const drops = changes.filter(({ action }) => action === 'drop');
  const others = changes.filter(({ action }) => action !== 'drop');
  return [...others.sort(byKind), ...drops.sort(byKind).reverse()];
}

function byKind(a: Change, b: Change): number {
  return placeOf(a) - placeOf(b);
}

/** A server that is replaced brings tables back, which need their types and parents, and goes before what comes new to it. */
function placeOf(change: Change): number {
  return change.action === 'replace' && change.kind === 'server' ? order['partitioned-table'] + 0.5 : order[objectOf(change).kind];
}
