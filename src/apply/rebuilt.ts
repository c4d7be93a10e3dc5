import { someOf } from '../base/some-of.ts';
import { UserError } from '../base/user-error.ts';
import { nameKey, type QualifiedName } from '../model/name.ts';
import type { Rebuild } from '../model/rebuild.ts';
import { hashOf } from '../plan/fingerprints.ts';
import { hashOfNotNulls } from '../plan/not-nulls-again.ts';
import { foundHash, shapeOf } from '../plan/rebuilt.ts';
import type { PlannedChange, Rebuilt } from '../plan/types.ts';
import { ident, qualified } from '../sql/quote.ts';

/** Reads what it takes to make relations and servers again. */
export type ReadRebuilds = (relations: readonly QualifiedName[], servers: readonly string[]) => Promise<readonly Rebuild[]>;

/**
 * What a plan drops and makes again must be what the plan has statements for.
 * @throws UserError `plan-stale`
 */
export async function refuseStaleRebuilds(changes: readonly PlannedChange[], readRebuilds: ReadRebuilds): Promise<void> {
  const rebuilt = rebuiltBy(changes);
  if (rebuilt.size === 0) return;
  const now = new Map((await readAll([...rebuilt.values()], readRebuilds)).map((rebuild) => [nameKey(rebuild), foundHash(rebuild)]));
  const changed = [...rebuilt].filter(([key, { was }]) => now.get(key) !== was);
  if (changed.length === 0) return;
  throw new UserError('plan-stale', 'The database has changed since this plan was made; nothing was applied.', {
    why: someOf(changed.map(([key, name]) => `${shown(name)}, which the plan makes again, was ${now.has(key) ? 'altered' : 'dropped'}`)),
    todo: 'Run `fdw plan` again and look at what it shows now.',
  });
}

/* No relation has the name of a server: it is in a schema. */
async function readAll(rebuilt: readonly Rebuilt[], readRebuilds: ReadRebuilds): Promise<readonly Rebuild[]> {
  const relations = rebuilt.filter(({ kind }) => kind !== 'server');
  return readRebuilds(relations, rebuilt.flatMap(({ kind, name }) => (kind === 'server' ? [name] : [])));
}

function shown({ kind, schema, name }: Rebuilt): string {
  return kind === 'server' ? `server ${ident(name)}` : qualified({ schema, name });
}

function rebuiltBy(changes: readonly PlannedChange[]): ReadonlyMap<string, Rebuilt> {
  return new Map(changes.flatMap(({ rebuilt = [] }) => rebuilt.map((one) => [nameKey(one), one] as const)));
}

/**
 * What was dropped and made again must be as it was, as far as nothing below it changed.
 * @throws UserError `apply-unfaithful`
 */
export async function verifyRebuilds(changes: readonly PlannedChange[], readRebuilds: ReadRebuilds): Promise<void> {
  const rebuilt = [...rebuiltBy(changes).values()].filter(({ shape }) => shape !== undefined);
  if (rebuilt.length === 0) return;
  const now = new Map((await readAll(rebuilt, readRebuilds)).map((rebuild) => [nameKey(rebuild), { shape: hashOf(shapeOf(rebuild)), notNulls: hashOfNotNulls(rebuild.notNulls) }]));
  const other = rebuilt.find((one) => {
    const is = now.get(nameKey(one));
    return is?.shape !== one.shape || (one.notNulls !== undefined && is?.notNulls !== one.notNulls);
  });
  if (other === undefined) return;
  throw new UserError('apply-unfaithful', 'Everything was rolled back: after the last statement the catalogs were not as planned.', {
    why: `${shown(other)} did not come back as it was. An event trigger or another extension may have changed what was created.`,
    todo: 'Please report this with the output of `fdw plan --json`.',
  });
}
