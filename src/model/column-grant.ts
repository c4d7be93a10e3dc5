import type { Held } from './acl.ts';
import type { MappingRole } from './role.ts';

/**
 * Who holds one privilege on which columns, but for the owner. In a spec it is complete for the privileges that it
 * names; privileges that it does not name are left alone.
 */
export interface ColumnGrant {
  /** In upper case, as PostgreSQL prints it. */
  readonly privilege: string;
  readonly holders: readonly ColumnHolder[];
  /** In a catalog, where others than the owner have granted some of it: each with who did. */
  readonly held?: readonly Held[] | undefined;
  /** In a catalog: whether the owner's have to be revoked as the owner, see `Acl`. */
  readonly asOwner?: true;
}

export interface ColumnHolder {
  readonly role: MappingRole;
  /** By name. */
  readonly columns: readonly string[];
}

/** One statement's worth of difference: a role gets or loses a privilege on some columns. */
export interface ColumnGrantChange extends ColumnHolder {
  readonly verb: 'grant' | 'revoke';
  readonly privilege: string;
  /** Of a grant: WITH GRANT OPTION. */
  readonly grantable?: boolean;
  /** Of a revocation: as whom, where that is not the owner. */
  readonly grantor?: string;
  /** Of a revocation: the role has it from another one as well. */
  readonly keeps?: true;
}
