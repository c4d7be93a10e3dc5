import { setFlagsFromString } from 'node:v8';

/** From so many tables on, what is in the heap counts. */
const many = 2000;

/**
 * Has V8 clean up when the heap has grown by a third since it did so last, instead of when it has doubled, where there are many tables: of ten thousand
 * whose columns are all called differently, a plan takes 80 MB less for it, and a fiftieth more time at most. V8 reads the flag whenever it
 * decides when to clean up next (`MemoryController::GrowingFactor` in its src/heap; seen in Node 20 with --trace-gc).
 */
export function growSlowly(tables: number): void {
  if (tables >= many) setFlagsFromString('--heap-growing-percent=33');
}
