import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { TestDatabase } from '../servers/index.ts';

/*
 * Two readers of a database that know nothing of src/catalog.
 */

const acl = (column: string, kind: string, owner: string): string =>
  `(SELECT array_agg(entry ORDER BY entry COLLATE "C") FROM (SELECT concat_ws(' ', x.grantor::regrole, x.grantee::regrole, x.privilege_type, x.is_grantable) AS entry
    FROM aclexplode(${kind === '' ? column : `coalesce(${column}, acldefault('${kind}', ${owner}))`}) x) entries)`;
const sorted = (array: string): string => `(SELECT array_agg(e ORDER BY e COLLATE "C") FROM unnest(${array}) e)`;

/* The privileges of a multirange and of an extension's types are nobody's to say: default privileges may have given them some. */
const dumpSql = `
  SELECT 'wrapper' AS kind, w.fdwname::text AS name, jsonb_build_array(w.fdwowner::regrole, w.fdwhandler::regproc, w.fdwvalidator::regproc, ${sorted('w.fdwoptions')}, ${acl('w.fdwacl', 'F', 'w.fdwowner')}, obj_description(w.oid, 'pg_foreign_data_wrapper')) AS has
    FROM pg_foreign_data_wrapper w
  UNION ALL SELECT 'server', s.srvname, jsonb_build_array(s.srvowner::regrole, (SELECT fdwname FROM pg_foreign_data_wrapper WHERE oid = s.srvfdw), s.srvtype, s.srvversion, ${sorted('s.srvoptions')}, ${acl('s.srvacl', 'S', 's.srvowner')}, obj_description(s.oid, 'pg_foreign_server'))
    FROM pg_foreign_server s
  UNION ALL SELECT 'mapping', u.srvname, jsonb_build_array(u.usename, ${sorted('u.umoptions')}) FROM pg_user_mappings u
  UNION ALL SELECT 'table', c.oid::regclass::text, jsonb_build_array(c.relkind, c.relowner::regrole, (SELECT srvname FROM pg_foreign_server WHERE oid = t.ftserver), ${sorted('t.ftoptions')}, pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), ${acl('c.relacl', 'r', 'c.relowner')}, obj_description(c.oid, 'pg_class'),
      (SELECT array_agg(i.inhparent::regclass ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
      (SELECT array_agg(concat_ws(' ', pg_get_constraintdef(k.oid), k.conname, CASE WHEN c.relispartition OR $1 THEN k.conislocal END, k.coninhcount) ORDER BY k.conname) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'))
    FROM pg_class c LEFT JOIN pg_foreign_table t ON t.ftrelid = c.oid WHERE c.relkind IN ('f', 'p')
  UNION ALL SELECT 'extension', e.extname, jsonb_build_array(e.extversion, e.extnamespace::regnamespace) FROM pg_extension e
  UNION ALL SELECT 'schema', n.nspname, jsonb_build_array(n.nspowner::regrole, ${acl('n.nspacl', 'n', 'n.nspowner')}, obj_description(n.oid, 'pg_namespace')) FROM pg_namespace n WHERE n.oid >= 16384 AND n.nspname !~ '^pg_'
  UNION ALL SELECT 'type', y.oid::regtype::text, jsonb_build_array(y.typowner::regrole, y.typtype, CASE WHEN y.typtype <> 'm' THEN ${acl('y.typacl', 'T', 'y.typowner')} END, obj_description(y.oid, 'pg_type'), y.typnotnull, pg_get_expr(y.typdefaultbin, 0), y.typcollation::regcollation,
      CASE WHEN y.typbasetype <> 0 THEN format_type(y.typbasetype, y.typtypmod) END,
      (SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = y.oid),
      (SELECT array_agg(pg_get_constraintdef(k.oid) || ' ' || k.conname ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = y.oid AND k.contype = 'c'),
      (SELECT array_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = y.typrelid AND y.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped),
      (SELECT jsonb_build_array(r.rngsubtype::regtype, r.rngcollation::regcollation, (SELECT opcname FROM pg_opclass WHERE oid = r.rngsubopc), r.rngsubdiff, r.rngmultitypid::regtype) FROM pg_range r WHERE r.rngtypid = y.oid))
    FROM pg_type y LEFT JOIN pg_class yc ON yc.oid = y.typrelid WHERE y.oid >= 16384 AND y.typtype IN ('e', 'd', 'c', 'r', 'm') AND (yc.oid IS NULL OR yc.relkind = 'c')
      AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.classid = 'pg_type'::regclass AND p.objid = y.oid AND p.deptype = 'e')
  UNION ALL SELECT 'column', c.oid::regclass::text, jsonb_build_array(row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attcollation::regcollation, a.attidentity, a.attgenerated,
      CASE WHEN c.relispartition OR $1 THEN a.attislocal END, a.attinhcount,
      ${sorted('a.attfdwoptions')}, ${sorted('a.attoptions')}, nullif(a.attstattarget, -1), a.attstorage, a.attcompression, ${acl('a.attacl', '', '')}, col_description(a.attrelid, a.attnum),
      (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum),
      (SELECT jsonb_build_array(q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle, q.seqtypid::regtype) FROM pg_depend p JOIN pg_sequence q ON q.seqrelid = p.objid
        WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid AND p.refobjsubid = a.attnum AND p.deptype = 'i'))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind IN ('f', 'p')
`;

/**
 * Everything that a spec can say of the objects of a database, a line each.
 * @param whole whether columns and checks of heirs are told apart that are their parents' alone
 */
export async function dump(db: TestDatabase, whole = true): Promise<readonly string[]> {
  const rows = await db.query(dumpSql, [whole]);
  return rows.map((row) => JSON.stringify(row)).sort();
}

const program = '/usr/bin/pg_dump';
const run = promisify(execFile);

/** Whether pg_dump is installed here, and not older than the server. */
export async function canDump(major: number): Promise<boolean> {
  if (!existsSync(program)) return false;
  const { stdout } = await run(program, ['--version']);
  return Number(/ (\d+)/.exec(stdout)?.[1] ?? 0) >= major;
}

/** The statements of `pg_dump -s`, in the order of their texts. */
export async function pgDump(db: TestDatabase): Promise<readonly string[]> {
  const { stdout } = await run(program, ['-s', '-d', db.url], { maxBuffer: 1 << 28 });
  const statements = stdout.split(/;\n/).map((statement) => statement.replace(/^(?:--|\\).*\n?/gm, '').trim());
  return statements.filter((statement) => statement !== '').sort();
}
