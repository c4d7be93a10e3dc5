import type { Rebuild } from '../../model/rebuild.ts';
import type { Session } from '../../postgres/session.ts';
import { type AclFacts, aclOf, deputised, grantorObstacles, grantors, lacking, privileges } from './privileges.ts';

interface ServerRow extends AclFacts, Record<string, unknown> {
  readonly name: string;
  readonly extension: string | null;
}

/** What of servers that are replaced would not come back as it is; the model of a server holds all else. One query. */
export async function readServerRebuilds(session: Session, names: readonly string[]): Promise<readonly Rebuild[]> {
  if (names.length === 0) return [];
  const rows = await session.query<ServerRow>(query, [names]);
  return rows.map((row) => ({
    schema: '',
    name: row.name,
    kind: 'server',
    statements: [],
    shape: [],
    acl: aclOf(row),
    grantors: [],
    sequences: [],
    notNulls: [],
    storages: [],
    labels: [],
    filled: false,
    favoured: [],
    checkComments: [],
    obstacles: [
      ...(row.extension === null ? [] : [`it belongs to the extension ${row.extension}`]),
      ...grantorObstacles(row.grantors),
    ],
    columnObstacles: [],
    uses: [],
    reads: [],
  }));
}

const usual = "acldefault('S', s.srvowner)";
const items = 'aclexplode(s.srvacl) i';

const query = `
  SELECT s.srvname AS name,
    (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
      WHERE d.classid = 'pg_foreign_server'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS extension,
    pg_get_userbyid(s.srvowner) AS owner, ${lacking('s.srvacl', usual, 's.srvowner')} AS lacking,
    ${privileges(`coalesce(s.srvacl, ${usual})`, usual)} AS privileges, ${grantors(items, 's.srvowner', 'true')} AS grantors, ${deputised(items, 's.srvowner')} AS deputised
  FROM pg_foreign_server s
  WHERE s.srvname = ANY ($1::text[])
  ORDER BY s.srvname COLLATE "C"`;
