import type { Sequence } from '../../model/sequence.ts';
import { roleOf } from '../acl-items.ts';
import { type AclFacts, aclOf, deputised, grantors, lacking, privileges } from './privileges.ts';

/** The sequence of an identity column, as JSON. */
export interface SequenceFacts extends AclFacts, Omit<Sequence, 'comment' | 'acl' | 'favoured'> {
  readonly comment: string | null;
  readonly favoured: readonly (string | null)[];
}

/** What the facts say. */
export function sequenceOf(facts: SequenceFacts): Sequence {
  const { column, columnType, name, type, start, increment, min, max, cache, cycle, comment, favoured } = facts;
  return { column, columnType, name, type, start, increment, min, max, cache, cycle, comment: comment ?? undefined, acl: aclOf(facts), favoured: favoured.map(roleOf) };
}

/** Roles that default privileges of who asks give something on what is new, but to itself. */
export const favoured = (kind: 'r' | 'S', schema: string): string => `ARRAY(
  SELECT DISTINCT g.rolname::text FROM pg_default_acl da CROSS JOIN LATERAL aclexplode(da.defaclacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee
  WHERE da.defaclobjtype = '${kind}' AND da.defaclrole = current_user::regrole AND da.defaclnamespace IN (0, ${schema}) AND x.grantee <> da.defaclrole)`;

const usual = "acldefault('s', q.relowner)";
const items = 'aclexplode(q.relacl) i';

/** Those of the foreign table `c`, in an order; from 17 on that of a partition is its parent's. */
export const sequences = `(
  SELECT coalesce(json_agg(json_build_object('column', a.attname, 'columnType', format_type(a.atttypid, a.atttypmod), 'name', q.relname, 'type', format_type(s.seqtypid, NULL),
      'start', s.seqstart::text, 'increment', s.seqincrement::text, 'min', s.seqmin::text, 'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle,
      'comment', obj_description(q.oid, 'pg_class'), 'owner', pg_get_userbyid(q.relowner), 'lacking', ${lacking('q.relacl', usual, 'q.relowner')},
      'privileges', ${privileges(`coalesce(q.relacl, ${usual})`, usual)}, 'grantors', ${grantors(items, 'q.relowner', "has_schema_privilege(o.oid, q.relnamespace, 'USAGE')")},
      'deputised', ${deputised(items, 'q.relowner')}, 'favoured', ${favoured('S', 'q.relnamespace')}) ORDER BY a.attnum), '[]')
  FROM pg_attribute a
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype = 'i'
  JOIN pg_class q ON q.oid = d.objid JOIN pg_sequence s ON s.seqrelid = q.oid
  WHERE c.relkind = 'f' AND a.attrelid = c.oid AND a.attidentity <> '' AND NOT a.attisdropped AND NOT (c.relispartition AND current_setting('server_version_num')::int >= 170000))`;
