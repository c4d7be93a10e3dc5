import { type Problem, SpecError } from '../../base/spec-error.ts';
import { readAvailableExtensions, readExtensionNames } from '../../catalog/available-extensions.ts';
import { baseState } from '../../desired/base-state.ts';
import { extensionProblems, extensionsToChange, inRequiredOrder } from '../../desired/extensions.ts';
import { optionProblems } from '../../desired/option-problems.ts';
import { wrapperProblems } from '../../desired/wrapper-problems.ts';
import type { ActualState, DatabaseState } from '../../model/objects.ts';
import type { Session } from '../../postgres/session.ts';
import type { Spec } from '../../spec/types.ts';

/**
 * What the spec wants but for tables and their types, after everything of it that PostgreSQL would refuse has been looked for.
 * @throws SpecError with all that is wrong with extensions, wrappers and options
 */
export async function foundation(session: Session, spec: Spec, actual: ActualState): Promise<DatabaseState> {
  const base = baseState(spec);
  const changing = extensionsToChange(spec, actual.extensions).map(({ name }) => name.value);
  const available = changing.length === 0 ? [] : await readAvailableExtensions(session, changing);
  const names = available.length === changing.length ? [] : await readExtensionNames(session);
  const problems: readonly Problem[] = [...extensionProblems(spec, { installed: actual.extensions, available, names }), ...wrapperProblems(spec, actual), ...optionProblems(spec, session.facts.versionNum)];
  if (problems.length > 0) throw new SpecError(problems);
  return { ...base, extensions: inRequiredOrder(base.extensions, available) };
}
