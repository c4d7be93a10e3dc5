import type { Schema } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';
import { facetColumns, type FacetRow, facetsOf } from './facets.ts';

/** All schemas but the sessions' own temporary ones. */
export async function readSchemas(session: Session): Promise<readonly Schema[]> {
  const rows = await session.query<FacetRow & { readonly name: string }>(`
    SELECT n.nspname AS name, ${facetColumns({ oid: 'n.oid', owner: 'n.nspowner', acl: 'n.nspacl', catalog: 'pg_namespace' })}
    FROM pg_namespace n
    WHERE n.nspname !~ '^pg_(toast_)?temp_'
    ORDER BY n.nspname COLLATE "C"`);
  return rows.map((row) => ({ kind: 'schema', name: row.name, ...facetsOf(row) }));
}
