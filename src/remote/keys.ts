import { compareNames } from '../model/option.ts';
import type { RemoteKey } from '../model/snapshot.ts';
import type { Session } from '../postgres/session.ts';

const keySql = `
SELECT n.nspname, c.relname, k.conname, k.contype, k.conkey, a.attnum, a.attname
  FROM pg_temp.fdw_relation_constraint AS k
  JOIN pg_temp.fdw_class AS c ON c.oid = k.conrelid
  JOIN pg_temp.fdw_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_temp.fdw_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
 WHERE n.nspname = ANY ($1::text[]) AND k.contype = ANY ('{p,u}'::"char"[])`;

/** Primary keys and unique constraints of all relations of the schemas, by schema and relation; each sorted, the primary key first. One query. */
export async function findKeys(session: Session, schemas: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly RemoteKey[]>>> {
  const rows = await session.query<{
    readonly nspname: string; readonly relname: string; readonly conname: string; readonly contype: string; readonly conkey: readonly number[]; readonly attnum: number; readonly attname: string;
  }>(keySql, [schemas]);
  const found = new Map<string, Map<string, Map<string, { readonly key: RemoteKey; readonly columns: string[] }>>>();
  for (const row of rows) {
    const relations = within(found, row.nspname);
    const keys = within(relations, row.relname);
    const columns = keys.get(row.conname)?.columns ?? [];
    columns[row.conkey.indexOf(row.attnum)] = row.attname;
    keys.set(row.conname, { key: { name: row.conname, kind: row.contype === 'p' ? 'primary' : 'unique', columns }, columns });
  }
  const sorted = (keys: Iterable<{ readonly key: RemoteKey }>): readonly RemoteKey[] => [...keys].map(({ key }) => key).sort((a, b) => compareNames(a.kind, b.kind) || compareNames(a.name, b.name));
  return new Map([...found].map(([schema, relations]) => [schema, new Map([...relations].map(([name, keys]) => [name, sorted(keys.values())]))]));
}

function within<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const inner = map.get(key) ?? new Map<string, V>();
  map.set(key, inner);
  return inner;
}
