import type { Facets, Grant } from '../../model/facets.ts';
import { tablePrivileges } from '../../model/privileges.ts';
import type { MappingRole } from '../../model/role.ts';
import { roleKey } from '../../model/role.ts';
import { shown } from '../words.ts';
import { valueOf, type MapNode, type Node } from '../yaml/node.ts';
import { readName, readText, type BuildContext } from './context.ts';

/** `owner` and `comment`, where they are given. */
export function buildFacets(node: MapNode | undefined, grants: readonly Grant[], context: BuildContext): Facets {
  const owner = node && readName(valueOf(node, 'owner'), 'the name of a role', context);
  const comment = node && readText(valueOf(node, 'comment'), context);
  return { owner: owner?.value, comment: comment?.value, grants: grants.length === 0 ? undefined : grants };
}

/** `grants: {select: [analyst]}` of a table. */
export function buildTableGrants(node: Node | undefined, context: BuildContext): readonly Grant[] {
  if (node?.kind !== 'map') return [];
  return tablePrivileges.flatMap((privilege) => buildGrant(privilege, valueOf(node, privilege.toLowerCase()), context));
}

/** One privilege and its list of roles; nothing where the list is left out. */
export function buildGrant(privilege: string, node: Node | undefined, context: BuildContext): readonly Grant[] {
  if (node?.kind !== 'list') return [];
  const roles = new Map<string, MappingRole>();
  for (const item of node.items) {
    const name = readName(item, 'the name of a role', context);
    if (name === undefined) continue;
    const role = namedRole(name.value);
    if (roles.has(roleKey(role))) context.problems.add(name.at, `the role ${shown(name.value)} is listed twice`);
    roles.set(roleKey(role), role);
  }
  return [{ privilege, roles: [...roles.values()] }];
}

/** `public` is PUBLIC however YAML quotes it: no role can have that name (user.c, 14 to 18). */
export function namedRole(name: string): MappingRole {
  return name === 'public' ? { kind: 'public' } : { kind: 'role', name };
}
