import type { Server } from '../model/objects.ts';
import type { Session } from '../postgres/session.ts';
import { facetColumns, type FacetRow, facetsOf } from './facets.ts';
import { optionsFromArray } from './options.ts';

interface ServerRow extends FacetRow {
  readonly name: string;
  readonly wrapper: string;
  readonly type: string | null;
  readonly version: string | null;
  readonly options: string[] | null;
}

/** All foreign servers. */
export async function readServers(session: Session): Promise<readonly Server[]> {
  const rows = await session.query<ServerRow>(`
    SELECT s.srvname AS name, w.fdwname AS wrapper, s.srvtype AS type, s.srvversion AS version, s.srvoptions AS options,
      ${facetColumns({ oid: 's.oid', owner: 's.srvowner', acl: 's.srvacl', catalog: 'pg_foreign_server' })}
    FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    ORDER BY s.srvname COLLATE "C"`);
  return rows.map((row) => ({
    kind: 'server',
    name: row.name,
    wrapper: row.wrapper,
    type: row.type ?? undefined,
    version: row.version ?? undefined,
    options: optionsFromArray(row.options, { wrapper: row.wrapper, kind: 'server' }),
    ...facetsOf(row),
  }));
}
