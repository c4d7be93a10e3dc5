import type { Rebuild } from '../../model/rebuild.ts';
import type { Session } from '../../postgres/session.ts';

interface ServerRow extends Record<string, unknown> {
  readonly name: string;
  readonly extension: string | null;
  readonly grantors: readonly string[];
  readonly grantable: readonly (string | null)[];
  readonly lacking: boolean;
}

/** What of servers that are replaced would not come back as it is; the model of a server holds all else. One query. */
export async function readServerRebuilds(session: Session, names: readonly string[]): Promise<readonly Rebuild[]> {
  if (names.length === 0) return [];
  const rows = await session.query<ServerRow>(query, [names]);
  return rows.map(({ name, extension, grantors, grantable, lacking }) => ({
    schema: '',
    name,
    kind: 'server',
    statements: [],
    shape: [],
    filled: false,
    onceMade: [],
    checkComments: [],
    obstacles: [
      ...(extension === null ? [] : [`it belongs to the extension ${extension}`]),
      ...grantors.map((role) => `${role} has granted privileges on it`),
      ...grantable.map((role) => `${role ?? 'PUBLIC'} may grant USAGE on it`),
      ...(lacking ? ['its owner has no USAGE on it'] : []),
    ],
    columnObstacles: [],
    uses: [],
    reads: [],
  }));
}

const query = `
  SELECT s.srvname AS name,
    (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
      WHERE d.classid = 'pg_foreign_server'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS extension,
    ARRAY(SELECT DISTINCT o.rolname::text FROM aclexplode(s.srvacl) x JOIN pg_roles o ON o.oid = x.grantor WHERE x.grantor <> s.srvowner ORDER BY 1) AS grantors,
    ARRAY(SELECT g.rolname::text FROM aclexplode(s.srvacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee WHERE x.is_grantable AND x.grantee <> s.srvowner ORDER BY 1) AS grantable,
    s.srvacl IS NOT NULL AND NOT EXISTS (SELECT FROM aclexplode(s.srvacl) x WHERE x.grantee = s.srvowner) AS lacking
  FROM pg_foreign_server s
  WHERE s.srvname = ANY ($1::text[])
  ORDER BY s.srvname COLLATE "C"`;
