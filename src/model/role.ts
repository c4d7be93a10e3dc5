/** A role, or PUBLIC. A role that is *named* PUBLIC is a role; one named "public" cannot exist. */
export type MappingRole = { readonly kind: 'public' } | { readonly kind: 'role'; readonly name: string };

/** Equal for equal roles only: PUBLIC's is empty, and no role's name is. */
export function roleKey(role: MappingRole): string {
  return role.kind === 'public' ? '' : role.name;
}
