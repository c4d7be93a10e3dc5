import { fromOwner, type Held } from '../model/acl.ts';
import type { FacetChange, Facets, Grant } from '../model/facets.ts';
import { type MappingRole, roleKey } from '../model/role.ts';
import { withdrawals } from './withdrawals.ts';

/** What turns the actual facets into the desired ones; those that the spec does not manage stay. */
export function diffFacets(desired: Facets, actual: Facets): readonly FacetChange[] {
  const changes: FacetChange[] = [];
  const { owner, comment } = desired;
  if (owner !== undefined && owner !== actual.owner) changes.push({ facet: 'owner', before: actual.owner, after: owner });
  for (const grant of desired.grants ?? []) changes.push(...diffGrant(grant, actual.grants ?? [], owner ?? actual.owner));
  if (comment !== undefined && comment !== (actual.comment ?? '')) changes.push({ facet: 'comment', after: comment });
  return changes;
}

/* The owner holds every privilege anyway, so a list may name it or not; what it held before it became the owner is not taken from it. */
function diffGrant({ privilege, roles }: Grant, actual: readonly Grant[], owner: string | undefined): readonly FacetChange[] {
  const { roles: holders = [], held, asOwner } = actual.find((grant) => grant.privilege === privilege) ?? {};
  const owning: readonly MappingRole[] = owner === undefined ? [] : [{ kind: 'role', name: owner }];
  return [
    ...without(roles, [...holders, ...owning]).map((role): FacetChange => ({ facet: 'grant', privilege, role })),
    ...takeAway(held ?? holders.map((role) => fromOwner(privilege, role)), owner, [...roles, ...owning]).map((change) => (asOwner === true ? owners(change, owner) : change)),
  ];
}

function takeAway(held: readonly Held[], owner: string | undefined, keep: readonly MappingRole[]): readonly FacetChange[] {
  const kept = new Set(keep.map(roleKey));
  const { grant, revoke } = withdrawals(held, owner, ({ role }) => !kept.has(roleKey(role)));
  return [
    ...grant.map(({ privilege, role, grantable }): FacetChange => ({ facet: 'grant', privilege, role, ...(grantable ? { grantable } : {}) })),
    ...revoke.map(({ privilege, role, grantor }): FacetChange => ({ facet: 'revoke', privilege, role, ...(grantor === undefined ? {} : { grantor }), ...(kept.has(roleKey(role)) ? { keeps: true } : {}) })),
  ];
}

function owners(change: FacetChange, owner: string | undefined): FacetChange {
  return change.facet === 'revoke' && owner !== undefined ? { grantor: owner, ...change } : change;
}

function without(roles: readonly MappingRole[], others: readonly MappingRole[]): readonly MappingRole[] {
  const keys = new Set(others.map(roleKey));
  return roles.filter((role) => !keys.has(roleKey(role)));
}
