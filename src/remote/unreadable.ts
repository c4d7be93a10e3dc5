import { nameKey } from '../model/name.ts';
import type { RemoteSchema } from '../model/remote-relation.ts';
import type { Session } from '../postgres/session.ts';
import { namesOf, probe, visibleSql } from './privileges.ts';
import type { Reader } from './reader.ts';
import { privilegeWindows } from './windows.ts';

/** The window that this looks through. */
export const unreadableWindows = { fdw_table: privilegeWindows.fdw_table };

/** A name that nobody gives a relation. The remote looks at the schema's USAGE before it finds that there is none (namespace.c, RangeVarGetRelidExtended, 14 to 18). */
const nobodys = 'fdw probe: no such relation';

/**
 * The relations that are to be imported and that the remote role has no privilege on at all, or whose schema it may not use. Unlike
 * `findDenied` it names no relation of a user to the remote's planner, so it waits for no lock there; and leaves open who
 * may only INSERT. A query, and one probe for each schema.
 *
 * @returns by schema, in their order: why, by the relation's name
 */
export async function findUnreadable(session: Session, at: Reader, schemas: readonly RemoteSchema[]): Promise<readonly ReadonlyMap<string, string>[]> {
  const names = schemas.filter(({ relations }) => relations.length > 0).map(({ name }) => name);
  if (names.length === 0) return schemas.map(() => new Map());
  const visible = await namesOf(session, visibleSql, names);
  const refused = new Map<string, string>();
  for (const schema of new Set(names)) {
    const refusal = await probe(session, at, { schema, name: nobodys, columns: [] });
    if (refusal !== undefined) refused.set(schema, refusal);
  }
  return schemas.map(({ name: schema, relations }) => {
    const closed = refused.get(schema);
    // The information schema has no word of materialized views.
    const hidden = relations.filter(({ name, kind }) => closed !== undefined || (kind !== 'materialized-view' && !visible.has(nameKey({ schema, name }))));
    return new Map(hidden.map(({ name }) => [name, closed ?? 'no privilege there']));
  });
}
