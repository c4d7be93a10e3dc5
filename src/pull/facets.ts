import { Pair, Scalar, YAMLSeq } from 'yaml';
import type { Facets, Grant } from '../model/facets.ts';
import { roleKey } from '../model/role.ts';
import { textNode } from './texts.ts';

/** `owner` and `comment`, where they differ from what a plain CREATE by this role gives. */
export function facetPairs({ owner, comment }: Facets, role: string): readonly Pair[] {
  return [
    ...(owner === undefined || owner === role ? [] : [new Pair(new Scalar('owner'), textNode(owner))]),
    ...(comment === undefined || comment === '' ? [] : [new Pair(new Scalar('comment'), textNode(comment))]),
  ];
}

/** `select: [analyst, public]`; a role that has it from two grantors is one role. */
export function grantPair({ privilege, roles }: Grant, key = privilege.toLowerCase()): Pair {
  const list = new YAMLSeq();
  list.flow = true;
  const distinct = new Map(roles.map((role) => [roleKey(role), role]));
  list.items.push(...[...distinct.values()].map((role) => textNode(role.kind === 'public' ? 'public' : role.name)));
  return new Pair(new Scalar(key), list);
}
