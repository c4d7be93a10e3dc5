import { someOf } from '../base/some-of.ts';
import { UserError } from '../base/user-error.ts';
import type { Problem } from '../base/spec-error.ts';
import { readDatabasePlace } from '../catalog/database-place.ts';
import { baseState } from '../desired/base-state.ts';
import { samePlace } from '../model/database-place.ts';
import { objectsOf } from '../model/database-state.ts';
import type { DatabaseState } from '../model/objects.ts';
import type { SecretReference } from '../model/secret-reference.ts';
import { addressOf } from '../plan/address.ts';
import type { SavedPlan } from '../plan/plan-file.ts';
import { type LearnedSchema, remoteDifferences } from '../plan/provenance.ts';
import type { Session } from '../postgres/session.ts';
import { readRemoteSchemas } from '../remote/read-remote-schemas.ts';
import type { LoadedSpec } from '../spec/types.ts';

/** @throws UserError `plan-other-database` where the session is on another database than the plan was made for */
export async function refuseOtherDatabase(session: Session, { plan, madeFrom }: SavedPlan): Promise<void> {
  const { database } = session.facts;
  const todo = 'Name the database with --database, or make a plan for this one.';
  if (database !== plan.database.name) {
    throw new UserError('plan-other-database', `This plan was made for database "${plan.database.name}", and this is "${database}".`, { todo });
  }
  const here = await readDatabasePlace(session);
  if (samePlace(here, madeFrom.database)) return;
  throw new UserError('plan-other-database', `This plan was made for another database of the name "${database}".`, {
    why: here.oid === madeFrom.database.oid ? 'This one is on another cluster: their system identifiers differ.' : 'That one was dropped, and made anew since.',
    todo,
  });
}

/**
 * Compares a saved plan with the spec that it was made from, where that is at hand.
 *
 * @returns a warning where the spec has changed otherwise
 * @throws UserError `plan-secrets-moved` where the spec takes a secret from elsewhere now
 */
export function compareWithSpec({ plan, madeFrom }: SavedPlan, spec: LoadedSpec | undefined, specPath: string): readonly Problem[] {
  if (spec === undefined || specPath !== madeFrom.spec.path || spec.digest === madeFrom.spec.digest) return [];
  const now = new Map(referencesIn(baseState(spec.spec)));
  const moved = referencesIn(plan.desired).flatMap(([option, reference]) => {
    const other = now.get(option);
    const [before, after] = [shown(reference), other === undefined ? 'nowhere' : shown(other)];
    return before === after ? [] : [`${option}: it came from ${before}, and the spec now takes it from ${after}.`];
  });
  if (moved.length > 0) {
    throw new UserError('plan-secrets-moved', 'The spec takes secrets from elsewhere since this plan was made; nothing was applied.', {
      why: someOf(moved),
      todo: 'Run `fdw plan --out` again.',
    });
  }
  return [{ message: `${specPath} has changed since this plan was made: what was planned then is carried out`, at: undefined, hint: 'run `fdw plan --out` again to see what it asks for now' }];
}

/** The secrets of a state by the option that holds them. Those of columns are left out: a spec has none before its remotes are read. */
function referencesIn(state: DatabaseState): readonly (readonly [option: string, reference: SecretReference])[] {
  return objectsOf(state).flatMap((object) => {
    if (object.kind === 'foreign-table' || !('options' in object) || object.options === 'unknown') return [];
    return object.options.flatMap(({ name, value }) => (value.kind === 'reference' ? [[`${name} of ${addressOf(object)}`, value.reference] as const] : []));
  });
}

function shown(reference: SecretReference): string {
  switch (reference.source) {
    case 'env':
      return `the variable ${reference.name}`;
    case 'file':
      return `the file ${reference.path}`;
    case 'command':
      return `the program ${reference.argv.map((word) => JSON.stringify(word)).join(' ')}`;
    case 'literal':
      return 'the spec itself';
  }
}

/** What has become of the remotes since a plan was made, a line for each difference. In an open transaction. */
export async function changedRemotes(session: Session, remotes: readonly LearnedSchema[]): Promise<readonly string[]> {
  const answers = await readRemoteSchemas(
    session,
    remotes.map(({ server, candidates, schema, selection, defaults }) => ({ server, candidates, schemas: [{ name: schema, selection, defaults }] })),
  );
  return remotes.flatMap((learned, index) => {
    const remote = answers[index]?.schemas[0];
    if (remote === undefined) throw new Error(`no answer for remote schema ${learned.schema}`);
    return remoteDifferences(learned, remote);
  });
}
