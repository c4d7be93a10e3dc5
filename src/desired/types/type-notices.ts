import type { RemoteSchema } from '../../model/remote-relation.ts';
import { partsOf, type RemoteType, type RemoteTypeUse } from '../../model/remote-type.ts';

/** What of a remote type is not taken over, or not to be seen. */
export function typeNotices(type: RemoteType): readonly string[] {
  if (type.kind === 'domain' && type.hiddenChecks.length > 0) {
    return [`the remote role may not see its CHECK constraints (${type.hiddenChecks.join(', ')}): they are not compared, and not made here. The remote goes on checking`];
  }
  if (type.kind === 'range' && type.subdiff?.builtin === false) {
    return [`its subtype_diff function ${type.subdiff.name} is none of PostgreSQL's own: it is not taken over. It only helps GiST indexes`];
  }
  return [];
}

/** ` of column orders.sku`, ` in type public.address`: the first that uses a type; '' for none. */
export function userOf(type: RemoteType, remote: RemoteSchema): string {
  const uses = (use: RemoteTypeUse): boolean => use.schema === type.schema && use.name === type.name && use.builtinOid === undefined;
  for (const relation of remote.relations) {
    const column = relation.columns.find((one) => uses(one.type));
    if (column !== undefined) return ` of column ${relation.name}.${column.name}`;
  }
  const parent = remote.types.find((one) => partsOf(one).some(({ part }) => uses(part)));
  return parent === undefined ? '' : ` in type ${parent.schema}.${parent.name}${userOf(parent, remote)}`;
}
