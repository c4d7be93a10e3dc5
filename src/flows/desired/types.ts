import type { Reveal } from '../../apply/run-statement.ts';
import type { SourceSpan } from '../../base/source.ts';
import { type Import, neededTypes } from '../../desired/needed-types.ts';
import type { TypeNames } from '../../desired/imported-table.ts';
import { diff } from '../../diff/diff.ts';
import { objectOf } from '../../model/change.ts';
import { objectsOf, withObjects } from '../../model/database-state.ts';
import { identityOf } from '../../model/identity.ts';
import type { ActualState, DatabaseState, Extension, Schema } from '../../model/objects.ts';
import type { EnumType } from '../../model/user-types.ts';
import type { Session } from '../../postgres/session.ts';
import { rehearse } from './rehearse.ts';
import { situationOf } from './situation.ts';
import { resolveTypes } from './type-resolver.ts';

/** An import with what its types are called here. */
export interface NamedImport extends Import {
  readonly names: TypeNames;
}

/** A state with the types that imports need. */
export interface WithTypes {
  readonly state: DatabaseState;
  readonly named: readonly NamedImport[];
}

/** The base with the extensions and enums that imported columns need, rehearsed too. */
export async function addTypes(
  session: Session,
  base: DatabaseState,
  actual: ActualState,
  imports: readonly Import[],
  reveal: Reveal,
): Promise<WithTypes> {
  const needed: (Schema | Extension | EnumType)[] = [];
  const places = new Map<string, SourceSpan>();
  const named: NamedImport[] = [];
  for (const one of imports) {
    const situation = situationOf(actual, one);
    const resolver = await resolveTypes(session, one, situation);
    named.push({ ...one, names: resolver.names });
    const { extensions, enums } = neededTypes(one, resolver.candidates, situation);
    const objects = [...extensions, ...enums, ...enums.map(({ schema }) => ({ kind: 'schema' as const, name: schema }))];
    for (const object of objects) places.set(identityOf(object), one.schema.name.at);
    needed.push(...objects);
  }
  const complete = withObjects(base, needed);
  const rehearsed = new Set(objectsOf(base).map(identityOf));
  const fresh = diff(complete, actual, reveal).changes.filter((change) => !rehearsed.has(identityOf(objectOf(change))));
  if (fresh.length === 0) return { state: complete, named };
  await rehearse(session, fresh, reveal, (object) => places.get(identityOf(object)));
  // What was missing before has a name now.
  const renamed: NamedImport[] = [];
  for (const one of imports) renamed.push({ ...one, names: (await resolveTypes(session, one, situationOf(actual, one))).names });
  return { state: complete, named: renamed };
}
