import type { SourceSpan } from '../base/source.ts';
import type { Problem } from '../base/spec-error.ts';
import { identityOf } from '../model/identity.ts';
import { majorOf } from '../model/known-options.ts';
import type { ObjectName } from '../model/objects.ts';
import type { Spec } from '../spec/types.ts';
import { shown } from '../spec/words.ts';

/** Options that came with a later major than the local database's. What libpq brings is left to the server. */
export function optionProblems(spec: Spec, versionNum: number): readonly Problem[] {
  const major = Math.floor(versionNum / 10_000);
  return spec.options.flatMap(({ wrapper, holder, name }) => {
    const since = majorOf(wrapper, holder, name.value);
    if (since === undefined || since <= major) return [];
    return [{ message: `${wrapper} of PostgreSQL ${major} has no option ${shown(name.value)} here`, at: name.at, hint: `it came with PostgreSQL ${since}: leave it out` }];
  });
}

/**
 * The option of an object that the server's words are about: the one that they quote.
 * Validators name it so in every language: `invalid option "x"`, `invalid value for integer option "x": y`.
 */
export function optionPlace(spec: Spec, object: ObjectName, message: string): SourceSpan | undefined {
  const identity = identityOf(object);
  const own = spec.options.filter((option) => option.object !== undefined && identityOf(option.object) === identity);
  return own.find(({ name }) => message.includes(`"${name.value}"`))?.name.at;
}
