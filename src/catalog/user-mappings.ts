import type { UserMapping } from '../model/objects.ts';
import type { MappingRole } from '../model/role.ts';
import type { Session } from '../postgres/session.ts';
import { optionsFromArray } from './options.ts';

interface MappingRow extends Record<string, unknown> {
  readonly server: string;
  readonly wrapper: string;
  /** NULL for PUBLIC. */
  readonly role: string | null;
  readonly options: string[] | null;
  readonly readable: boolean;
}

/**
 * All user mappings. Options that this role may not see are `unknown`, never empty.
 *
 * `pg_user_mapping` itself can be read by superusers and members of `pg_read_all_data`. Others have the view
 * `pg_user_mappings`, whose `umoptions` is NULL both for "hidden" and for "none"; `readable` repeats the
 * view's own condition (backend/catalog/system_views.sql, 14 to 18) to tell them apart.
 */
export async function readUserMappings(session: Session): Promise<readonly UserMapping[]> {
  const [access] = await session.query<{ whole: boolean }>(
    "SELECT has_table_privilege('pg_catalog.pg_user_mapping', 'SELECT') AS whole",
  );
  const rows = await session.query<MappingRow>(access?.whole === true ? fromTable : fromView);
  return rows.map((row) => ({
    kind: 'user-mapping',
    server: row.server,
    role: mappingRole(row.role),
    options: row.readable ? optionsFromArray(row.options, { wrapper: row.wrapper, kind: 'user-mapping' }) : 'unknown',
  }));
}

function mappingRole(name: string | null): MappingRole {
  return name === null ? { kind: 'public' } : { kind: 'role', name };
}

const fromTable = `
  SELECT s.srvname AS server, w.fdwname AS wrapper, r.rolname AS role, u.umoptions AS options, true AS readable
  FROM pg_user_mapping u
  JOIN pg_foreign_server s ON s.oid = u.umserver
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  LEFT JOIN pg_roles r ON r.oid = u.umuser
  ORDER BY s.srvname COLLATE "C", r.rolname COLLATE "C" NULLS FIRST`;

const fromView = `
  SELECT u.srvname AS server, w.fdwname AS wrapper, r.rolname AS role, u.umoptions AS options,
    (u.umuser <> 0 AND r.rolname = current_user
      AND (pg_has_role(s.srvowner, 'USAGE') OR has_server_privilege(s.oid, 'USAGE')))
    OR (u.umuser = 0 AND pg_has_role(s.srvowner, 'USAGE')) AS readable
  FROM pg_user_mappings u
  JOIN pg_foreign_server s ON s.oid = u.srvid
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  LEFT JOIN pg_roles r ON r.oid = u.umuser
  ORDER BY u.srvname COLLATE "C", r.rolname COLLATE "C" NULLS FIRST`;
