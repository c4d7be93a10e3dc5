import { type Acl, fromOwner, type Held, heldKey, inOrderOfGrants } from '../model/acl.ts';
import type { ForeignTable, Server } from '../model/objects.ts';

/**
 * The ACL of an object that is made again: items as they were, with those who granted them and grant options, as far as the
 * object is to have those privileges; what is new, or has lost who granted it, is granted by the owner.
 *
 * @param acl as the object had it
 * @param after with the privileges that the spec leaves alone
 * @param renamed columns by their former names
 */
export function aclAgain(acl: Acl, after: ForeignTable | Server, renamed: ReadonlyMap<string, string>): Acl {
  const owner = after.owner ?? acl.owner;
  const wanted = new Map(wantedFrom(after).filter(({ role }) => role.kind === 'public' || role.name !== owner).map((held) => [heldKey(held), held]));
  const stays = (held: Held): boolean => wanted.has(heldKey(held)) || (owner === acl.owner && held.role.kind === 'role' && held.role.name === owner);
  const found = acl.held.map(({ column, grantor, ...held }): Held => ({ ...held, column: column === undefined ? undefined : (renamed.get(column) ?? column), grantor: grantor === owner ? undefined : grantor }));
  const kept = inOrderOfGrants(found.filter(stays));
  const covered = new Set(kept.map(heldKey));
  return {
    owner,
    lacking: owner === acl.owner ? acl.lacking : [],
    held: [...kept, ...[...wanted].flatMap(([key, held]) => (covered.has(key) ? [] : [held]))],
    asOwner: acl.asOwner,
  };
}

function wantedFrom(after: ForeignTable | Server): readonly Held[] {
  const columnGrants = after.kind === 'foreign-table' ? (after.columnGrants ?? []) : [];
  return [
    ...(after.grants ?? []).flatMap(({ privilege, roles }) => roles.map((role) => fromOwner(privilege, role))),
    ...columnGrants.flatMap(({ privilege, holders }) => holders.flatMap(({ role, columns }) => columns.map((column) => fromOwner(privilege, role, column)))),
  ];
}

/** Equal for equal ACLs, whatever the order of their items. */
export function aclShape({ owner, lacking, held }: Acl): readonly string[] {
  return [owner, ...[...lacking].sort(), ...held.map((each) => JSON.stringify([heldKey(each), each.grantor ?? '', each.grantable])).sort()];
}
