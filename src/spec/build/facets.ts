import { nearest } from '../../base/nearest.ts';
import type { ColumnGrant, ColumnHolder } from '../../model/column-grant.ts';
import type { Facets, Grant } from '../../model/facets.ts';
import { columnPrivileges, tablePrivileges } from '../../model/privileges.ts';
import type { MappingRole } from '../../model/role.ts';
import { roleKey } from '../../model/role.ts';
import { shown } from '../words.ts';
import { valueOf, type ListNode, type MapNode, type Node } from '../yaml/node.ts';
import { checkName, readName, readText, type BuildContext } from './context.ts';

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

/**
 * `column_grants: {select: {analyst: [id, note]}}` of a table.
 * @param columns the names that the table's columns have; undefined where they are not known yet
 */
export function buildColumnGrants(node: Node | undefined, columns: ReadonlySet<string> | undefined, context: BuildContext): readonly ColumnGrant[] | undefined {
  if (node?.kind !== 'map') return undefined;
  return columnPrivileges.flatMap((privilege) => {
    const held = valueOf(node, privilege.toLowerCase());
    if (held?.kind !== 'map') return [];
    const holders = held.entries.flatMap(({ key, keyAt, value }): readonly ColumnHolder[] => {
      const fits = checkName(key, keyAt, 'the name of a role', context);
      const named = value.kind === 'list' ? columnNames(value, columns, context) : [];
      return fits && named.length > 0 ? [{ role: namedRole(key), columns: named }] : [];
    });
    return [{ privilege, holders }];
  });
}

function columnNames(list: ListNode, columns: ReadonlySet<string> | undefined, context: BuildContext): readonly string[] {
  const names = new Set<string>();
  for (const item of list.items) {
    const name = readName(item, 'the name of a column', context);
    if (name === undefined) continue;
    const near = nearest(name.value, [...(columns ?? [])]);
    if (columns?.has(name.value) === false) context.problems.add(name.at, `the table has no column ${shown(name.value)}`, near === undefined ? undefined : `did you mean ${shown(near)}?`);
    else names.add(name.value);
  }
  return [...names];
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
