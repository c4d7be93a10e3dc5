import type { Held } from './acl.ts';
import type { MappingRole } from './role.ts';

/**
 * What every object has beside its own attributes. undefined: not managed by the spec (desired). The catalog
 * always gives owner and grants; a comment that is absent is ''.
 */
export interface Facets {
  readonly owner?: string | undefined;
  readonly comment?: string | undefined;
  readonly grants?: readonly Grant[] | undefined;
}

/**
 * The roles that hold one privilege, but for the owner. In a spec the list is complete for the privileges that
 * it names; privileges that it does not name are left alone.
 */
export interface Grant {
  /** In upper case, as PostgreSQL prints it: `SELECT`, `USAGE`. */
  readonly privilege: string;
  readonly roles: readonly MappingRole[];
  /** In a catalog, where others than the owner have granted some of it: each with who did. */
  readonly held?: readonly Held[] | undefined;
  /** In a catalog: whether the owner's have to be revoked as the owner, see `Acl`. */
  readonly asOwner?: true;
}

/** One difference in a facet. */
export type FacetChange =
  | { readonly facet: 'owner'; readonly before: string | undefined; readonly after: string }
  | { readonly facet: 'comment'; readonly after: string }
  /** `grantable`: WITH GRANT OPTION. */
  | { readonly facet: 'grant'; readonly privilege: string; readonly role: MappingRole; readonly grantable?: boolean }
  /** `grantor`: as whom, where that is not the owner; `keeps`: the role has it from another one as well. */
  | { readonly facet: 'revoke'; readonly privilege: string; readonly role: MappingRole; readonly grantor?: string; readonly keeps?: true };
