import type { FacetChange, Facets, Grant } from '../model/facets.ts';
import { type MappingRole, roleKey } from '../model/role.ts';

/** What turns the actual facets into the desired ones; those that the spec does not manage stay. */
export function diffFacets(desired: Facets, actual: Facets): readonly FacetChange[] {
  const changes: FacetChange[] = [];
  const { owner, comment } = desired;
  if (owner !== undefined && owner !== actual.owner) changes.push({ facet: 'owner', before: actual.owner, after: owner });
  for (const grant of desired.grants ?? []) changes.push(...diffGrant(grant, actual.grants ?? [], owner ?? actual.owner));
  if (comment !== undefined && comment !== (actual.comment ?? '')) changes.push({ facet: 'comment', after: comment });
  return changes;
}

/* The owner holds every privilege anyway, so a list may name it or not. */
function diffGrant({ privilege, roles }: Grant, actual: readonly Grant[], owner: string | undefined): readonly FacetChange[] {
  const holders = actual.find((grant) => grant.privilege === privilege)?.roles ?? [];
  return [
    ...without(roles, [...holders, ...(owner === undefined ? [] : [{ kind: 'role', name: owner } as const])]).map((role): FacetChange => ({ facet: 'grant', privilege, role })),
    ...without(holders, roles).map((role): FacetChange => ({ facet: 'revoke', privilege, role })),
  ];
}

function without(roles: readonly MappingRole[], others: readonly MappingRole[]): readonly MappingRole[] {
  const keys = new Set(others.map(roleKey));
  return roles.filter((role) => !keys.has(roleKey(role)));
}
