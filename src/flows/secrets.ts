import type { Reveal } from '../apply/run-statement.ts';
import type { Secret } from '../base/secret.ts';
import type { SourceSpan } from '../base/source.ts';
import { type Problem, SpecError } from '../base/spec-error.ts';
import { UserError } from '../base/user-error.ts';
import { objectsOf } from '../model/database-state.ts';
import type { DatabaseState } from '../model/objects.ts';
import { optionsOf } from '../model/options-of.ts';
import type { SecretReference } from '../model/secret-reference.ts';
import { resolveSecret } from '../spec/secrets/resolve.ts';

/** A secret to fetch, and where the user named it: undefined in a plan file. */
export interface WantedSecret {
  readonly value: SecretReference;
  readonly at: SourceSpan | undefined;
}

/**
 * Fetches secrets, once each.
 * @param signal ends what is being fetched
 * @throws SpecError naming all that cannot be had, each at its first place
 */
export async function revealSecrets(wanted: readonly WantedSecret[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Reveal> {
  const values = new Map<string, Secret | undefined>();
  const problems: Problem[] = [];
  for (const { value: reference, at } of wanted) {
    const key = keyOf(reference);
    if (values.has(key)) continue;
    try {
      values.set(key, await resolveSecret(reference, env, signal));
    } catch (error) {
      if (!(error instanceof UserError) || signal?.aborted === true) throw error;
      values.set(key, undefined);
      problems.push({ message: error.message, at, hint: [error.why, error.todo].filter(Boolean).join(' ') });
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
  const wanted: WantedSecret[] = [];
  // No list of all options: there may be a million.
  for (const object of objectsOf(state)) {
    for (const { value } of optionsOf(object)) if (value.kind === 'reference') wanted.push({ value: value.reference, at: undefined });
  }
  return wanted;
}

function keyOf(reference: SecretReference): string {
  switch (reference.source) {
    case 'env':
      return `env\0${reference.name}`;
    case 'file':
      return `file\0${reference.path}`;
    case 'command':
      return `command\0${JSON.stringify(reference.argv)}`;
    case 'literal':
      return 'literal';
  }
}
