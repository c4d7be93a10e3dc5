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
}

/** One difference in a facet. */
export type FacetChange =
  | { readonly facet: 'owner'; readonly before: string | undefined; readonly after: string }
  | { readonly facet: 'comment'; readonly after: string }
  | { readonly facet: 'grant' | 'revoke'; readonly privilege: string; readonly role: MappingRole };
