import type { Reveal } from '../../apply/run-statement.ts';
import type { SourceSpan } from '../../base/source.ts';
import { type Import, neededTypes } from '../../desired/needed-types.ts';
import { diff } from '../../diff/diff.ts';
import { objectOf } from '../../model/change.ts';
import { objectsOf, withObjects } from '../../model/database-state.ts';
import { identityOf } from '../../model/identity.ts';
import type { ActualState, DatabaseState, EnumType, Extension, Schema } from '../../model/objects.ts';
import type { Session } from '../../postgres/session.ts';
import { rehearse } from './rehearse.ts';
import { situationOf } from './situation.ts';
import { resolveTypes } from './type-resolver.ts';

/** The base with the extensions and enums that imported columns need, rehearsed too. */
export async function addTypes(
  session: Session,
  base: DatabaseState,
  actual: ActualState,
  imports: readonly Import[],
  reveal: Reveal,
): Promise<DatabaseState> {
  const needed: (Schema | Extension | EnumType)[] = [];
  const places = new Map<string, SourceSpan>();
  for (const one of imports) {
    const situation = situationOf(actual, one);
    const { candidates } = await resolveTypes(session, one, situation);
    const { extensions, enums } = neededTypes(one, candidates, situation);
    const objects = [...extensions, ...enums, ...enums.map(({ schema }) => ({ kind: 'schema' as const, name: schema }))];
    for (const object of objects) places.set(identityOf(object), one.schema.name.at);
    needed.push(...objects);
  }
  const complete = withObjects(base, needed);
  const rehearsed = new Set(objectsOf(base).map(identityOf));
  const fresh = diff(complete, actual, reveal).changes.filter((change) => !rehearsed.has(identityOf(objectOf(change))));
  await rehearse(session, fresh, reveal, (object) => places.get(identityOf(object)));
  return complete;
}
