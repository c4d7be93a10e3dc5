import { Pair, Scalar, YAMLSeq } from 'yaml';
import type { ColumnGrant } from '../model/column-grant.ts';
import type { Facets, Grant } from '../model/facets.ts';
import { columnPrivileges } from '../model/privileges.ts';
import { type MappingRole, roleKey } from '../model/role.ts';
import { blockMap } from './options.ts';
import { keyNode, textNode } from './texts.ts';

/** `owner` and `comment`, where they differ from what a plain CREATE by this role gives. */
export function facetPairs({ owner, comment }: Facets, role: string): readonly Pair[] {
  return [
    ...(owner === undefined || owner === role ? [] : [new Pair(new Scalar('owner'), textNode(owner))]),
    ...(comment === undefined || comment === '' ? [] : [new Pair(new Scalar('comment'), textNode(comment))]),
  ];
}

/** `select: [analyst, public]`; a role that has it from two grantors is one role. */
export function grantPair({ privilege, roles }: Grant, key = privilege.toLowerCase()): Pair {
  const distinct = new Map(roles.map((role) => [roleKey(role), role]));
  return new Pair(new Scalar(key), textList([...distinct.values()].map(roleText)));
}

/** `column_grants: {select: {analyst: [id, note]}}`, where there are any that a spec has a word for. */
export function columnGrantPairs(grants: readonly ColumnGrant[]): readonly Pair[] {
  const pairs = columnPrivileges.flatMap((privilege) => {
    const holders = grants.filter((grant) => grant.privilege === privilege).flatMap((grant) => grant.holders);
    if (holders.length === 0) return [];
    return [new Pair(new Scalar(privilege.toLowerCase()), blockMap(holders.map(({ role, columns }) => new Pair(keyNode(roleText(role)), textList(columns)))))];
  });
  return pairs.length === 0 ? [] : [new Pair(new Scalar('column_grants'), blockMap(pairs))];
}

function roleText(role: MappingRole): string {
  return role.kind === 'public' ? 'public' : role.name;
}

/** `[a, b]` */
export function textList(texts: readonly string[]): YAMLSeq {
  const list = new YAMLSeq();
  list.flow = true;
  list.items.push(...texts.map(textNode));
  return list;
}
