import type { Reveal } from '../apply/run-statement.ts';
import type { Secret } from '../base/secret.ts';
import type { Problem } from '../base/spec-error.ts';
import { SpecError } from '../base/spec-error.ts';
import { UserError } from '../base/user-error.ts';
import { objectsOf } from '../model/database-state.ts';
import type { DatabaseState } from '../model/objects.ts';
import type { SecretReference } from '../model/secret-reference.ts';
import { resolveSecret } from '../spec/secrets.ts';

/**
 * Fetches every secret that a state refers to, once each.
 * @throws SpecError naming all that cannot be had
 */
export async function revealSecrets(state: DatabaseState, env: NodeJS.ProcessEnv): Promise<Reveal> {
  const values = new Map<string, Secret>();
  const problems: Problem[] = [];
  for (const reference of referencesIn(state)) {
    const key = keyOf(reference);
    if (values.has(key)) continue;
    try {
      values.set(key, await resolveSecret(reference, env));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push({ message: error.message, at: undefined, hint: error.todo });
    }
  }
  if (problems.length > 0) throw new SpecError(problems);
  return (reference) => {
    if (reference.source === 'literal') return reference.value;
    const value = values.get(keyOf(reference));
    if (value === undefined) throw new Error('a secret that was not fetched');
    return value;
  };
}

function referencesIn(state: DatabaseState): readonly SecretReference[] {
  return objectsOf(state).flatMap((object) => {
    const options = 'options' in object && object.options !== 'unknown' ? object.options : [];
    return options.flatMap(({ value }) => (value.kind === 'reference' ? [value.reference] : []));
  });
}

function keyOf(reference: SecretReference): string {
  switch (reference.source) {
    case 'env':
      return `env\0${reference.name}`;
    case 'file':
      return `file\0${reference.path}`;
    case 'literal':
      return 'literal';
  }
}
