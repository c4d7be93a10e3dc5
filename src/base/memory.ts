import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { UserError } from './user-error.ts';

/** The part of Node's heap above which there is no room. */
const most = 0.8;

/** Of that what V8 keeps for new objects (three semi-spaces of 16 MB), where nothing can stay. Bytes. */
const young = 48 * 1024 * 1024;

/** What was in use after the last collection, bytes: below that and half of what was free then, another one would find nothing. */
let kept = 0;

/**
 * To be asked every now and then by what keeps something for each of any number of things: Node itself would end with a trace that says
 * nothing to anybody.
 *
 * @throws UserError `out-of-memory` where Node's heap is nearly full, garbage not counted
 */
export function ensureMemory(): void {
  const { used_heap_size: used, heap_size_limit: whole } = getHeapStatistics();
  const limit = whole - young;
  const full = limit * most;
  if (used < full || used < kept + (limit - kept) / 2) return;
  collect();
  kept = getHeapStatistics().used_heap_size;
  if (kept < full) return;
  const megabytes = Math.round(limit / 1024 / 1024);
  throw new UserError('out-of-memory', 'There is more to remember than memory for it.', {
    why: `Node lets fdw have ${megabytes} MB.`,
    todo: `Ask for less at once, or give it more: NODE_OPTIONS=--max-old-space-size=${2 * megabytes}.`,
  });
}

/** What counts as used holds garbage too, which only a collection tells apart. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  setFlagsFromString('--no-expose-gc');
}
