import type { Change } from '../model/change.ts';
import type { Wrapper } from '../model/objects.ts';
import { sameFunction } from '../model/wrapper-function.ts';
import { diffFacets } from './facets.ts';
import { type Comparison, diffOptions } from './options.ts';

/**
 * What turns the actual wrapper into the desired one. One that the spec does not define is never created: an
 * extension that is created before brings it, and then nobody but its owner has anything on it.
 */
export function diffWrapper(after: Wrapper, before: Wrapper | undefined, comparison: Comparison): Change | undefined {
  if (before === undefined && after.definition !== undefined) return { action: 'create', object: after };
  const { definition } = after;
  const options = definition === undefined ? [] : diffOptions(definition.options, before?.definition?.options ?? [], comparison);
  const facets = diffFacets(after, before ?? {});
  const same = sameFunction(definition?.handler, before?.definition?.handler) && sameFunction(definition?.validator, before?.definition?.validator);
  if (same && options.length === 0 && facets.length === 0) return undefined;
  return { action: 'update', kind: 'wrapper', before, after, options, facets };
}
