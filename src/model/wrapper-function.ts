import { nameKey } from './name.ts';
import type { WrapperFunction } from './objects.ts';

/** Whether a wrapper's function is as wanted; undefined is wanted where the spec does not say. */
export function sameFunction(wanted: WrapperFunction | undefined, actual: WrapperFunction | undefined): boolean {
  if (wanted === undefined || actual === undefined) return wanted === undefined;
  if (wanted === 'none' || actual === 'none') return wanted === actual;
  return nameKey(wanted) === nameKey(actual);
}
