import type { Problem } from '../base/spec-error.ts';
import type { ActualState } from '../model/objects.ts';
import type { Spec } from '../spec/types.ts';
import { shown } from '../spec/words.ts';

/** Wrappers that the spec defines or drops though an extension has made them: what they are is for the extension to say. */
export function wrapperProblems(spec: Spec, actual: ActualState): readonly Problem[] {
  const extensions = new Map(actual.wrappers.map(({ name, extension }) => [name, extension]));
  const dropped = spec.absent.wrappers.map((name) => ({ name, definition: {} }));
  return [...spec.wrappers, ...dropped].flatMap(({ name, definition }) => {
    const extension = extensions.get(name.value);
    if (definition === undefined || extension === undefined) return [];
    return [{ message: `the wrapper ${shown(name.value)} belongs to the extension ${shown(extension)}`, at: name.at, hint: 'only `usage` may stand under it: the extension says the rest' }];
  });
}
