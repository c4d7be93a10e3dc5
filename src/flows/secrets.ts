import type { Reveal } from '../apply/run-statement.ts';
import type { Secret } from '../base/secret.ts';
import type { SourceSpan } from '../base/source.ts';
import { type Problem, SpecError } from '../base/spec-error.ts';
import { UserError } from '../base/user-error.ts';
import { objectsOf } from '../model/database-state.ts';
import type { DatabaseState } from '../model/objects.ts';
import type { SecretReference } from '../model/secret-reference.ts';
import { resolveSecret } from '../spec/secrets.ts';

/** A secret to fetch, and where the user named it: undefined in a plan file. */
export interface WantedSecret {
  readonly value: SecretReference;
  readonly at: SourceSpan | undefined;
}

/**
 * Fetches secrets, once each.
 * @throws SpecError naming all that cannot be had, each at its place
 */
export async function revealSecrets(wanted: readonly WantedSecret[], env: NodeJS.ProcessEnv): Promise<Reveal> {
  const values = new Map<string, Secret>();
  const problems: Problem[] = [];
  for (const { value: reference, at } of wanted) {
    const key = keyOf(reference);
    if (values.has(key)) continue;
    try {
      values.set(key, await resolveSecret(reference, env));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push({ message: error.message, at, hint: error.todo });
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

/** The secrets that a plan refers to. */
export function secretsIn(state: DatabaseState): readonly WantedSecret[] {
  return objectsOf(state).flatMap((object) => {
    const options = 'options' in object && object.options !== 'unknown' ? object.options : [];
    return options.flatMap(({ value }) => (value.kind === 'reference' ? [{ value: value.reference, at: undefined }] : []));
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
